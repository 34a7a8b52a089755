// What is known about a fact's values before any is read.
import type { ValueType } from '../../model/value.ts';
import type { Kind } from './catalogue.ts';

/** What is known about a fact's values before any is read. */
export interface FactValues {
  /** As explanations name it: `occupancy`, `attribute watts`. */
  name: string;
  /** Undefined when the values may be anything. */
  kinds: ReadonlySet<Kind> | undefined;
  /** The range, where there is one. */
  type: ValueType | undefined;
  /** True where it is no fact but how two facts stand to each other. */
  isRelation?: boolean;
}

/** A fact's unit in words; counts have none. */
export function unitOf({ type }: Pick<FactValues, 'type'>): string | undefined {
  if (type?.type !== 'number' || type.unit === '') return undefined;
  if (type.unit !== '1') return `in ${type.unit}`;
  return type.max === 1 ? 'a share of 1' : 'a plain number';
}
