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
