// json-rules-engine's operators with their types stated, so that a value of the wrong type is unknown instead of false.
import type { Truth } from '../model/decision.ts';
import { own } from '../model/own.ts';
import type { Value } from '../model/value.ts';

type Wanted = Value | readonly Value[];

interface Operator {
  /** Do both sides have a type that the operator is meant for? */
  fits(found: Value, wanted: Wanted): boolean;
  holds(found: Value, wanted: Wanted): boolean;
}

const sameType = (found: Value, wanted: Wanted): boolean => typeof found === typeof wanted;
const isList = (found: Value, wanted: Wanted): boolean =>
  Array.isArray(wanted) && wanted.every((one) => typeof one === typeof found);
const numbers = (found: Value, wanted: Wanted): boolean => typeof found === 'number' && typeof wanted === 'number';
const order = (holds: (found: number, wanted: number) => boolean): Operator => ({
  fits: numbers,
  holds: (found, wanted) => holds(Number(found), Number(wanted)),
});

/** The operators that a rule may use. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  equal: { fits: sameType, holds: (found, wanted) => found === wanted },
  notEqual: { fits: sameType, holds: (found, wanted) => found !== wanted },
  in: { fits: isList, holds: (found, wanted) => Array.isArray(wanted) && wanted.includes(found) },
  notIn: { fits: isList, holds: (found, wanted) => Array.isArray(wanted) && !wanted.includes(found) },
  lessThan: order((found, wanted) => found < wanted),
  lessThanInclusive: order((found, wanted) => found <= wanted),
  greaterThan: order((found, wanted) => found > wanted),
  greaterThanInclusive: order((found, wanted) => found >= wanted),
};

/** Compares; unknown when the operator does not fit the two values. */
export function compare(operator: string, found: Value, wanted: Wanted): Truth {
  const known = own(OPERATORS, operator);
  return known?.fits(found, wanted) ? known.holds(found, wanted) : 'unknown';
}
