// json-rules-engine's operators with their types stated, so that a value of the wrong type is unknown instead of false.
import type { Truth } from '../model/decision.ts';
import { plainOperator, type OperatorName, type PlainOperator } from '../model/operators.ts';
import type { Value } from '../model/value.ts';

/** What a fact is compared with. */
export type Wanted = Value | readonly Value[];

interface Operator {
  /** Do both sides have a type that the operator is meant for? */
  fits: (found: Value, wanted: Wanted) => boolean;
  holds: (found: Value, wanted: Wanted) => boolean;
}

const sameType = (found: Value, wanted: Wanted): boolean => typeof found === typeof wanted;
const isList = (found: Value, wanted: Wanted): boolean =>
  Array.isArray(wanted) && wanted.every((one) => typeof one === typeof found);
const numbers = (found: Value, wanted: Wanted): boolean => typeof found === 'number' && typeof wanted === 'number';
const order = (holds: (found: number, wanted: number) => boolean): Operator => ({
  fits: numbers,
  holds: (found, wanted) => holds(Number(found), Number(wanted)),
});

/** The operators that all others come down to. */
export const OPERATORS: Readonly<Record<OperatorName, Operator>> = {
  equal: { fits: sameType, holds: (found, wanted) => found === wanted },
  notEqual: { fits: sameType, holds: (found, wanted) => found !== wanted },
  in: { fits: isList, holds: (found, wanted) => Array.isArray(wanted) && wanted.includes(found) },
  notIn: { fits: isList, holds: (found, wanted) => Array.isArray(wanted) && !wanted.includes(found) },
  lessThan: order((found, wanted) => found < wanted),
  lessThanInclusive: order((found, wanted) => found <= wanted),
  greaterThan: order((found, wanted) => found > wanted),
  greaterThanInclusive: order((found, wanted) => found >= wanted),
};

/** Compares two values that are known; unknown when the operator does not exist or does not fit them. */
export function compare(operator: string, found: Value, wanted: Wanted): Truth {
  const plain = plainOperator(operator);
  return plain ? comparePlain(plain, found, wanted) : 'unknown';
}

/** The same for an operator that was read before. Of a list of values each must fit, and some or every one must hold. */
export function comparePlain({ name, over }: PlainOperator, found: Value, wanted: Wanted): Truth {
  const { fits, holds } = OPERATORS[name];
  if (over === undefined) return fits(found, wanted) ? holds(found, wanted) : 'unknown';
  if (!Array.isArray(wanted) || !wanted.every((value) => fits(found, value))) return 'unknown';
  return over === 'some' ? wanted.some((value) => holds(found, value)) : wanted.every((value) => holds(found, value));
}
