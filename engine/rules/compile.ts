// Compiles conditions to a predicate over an asset's own present values, and says which changes of a value can matter.
import { MOST_LEVELS } from '../model/condition.ts';
import type { Truth } from '../model/decision.ts';
import { isFactName } from '../model/facts.ts';
import { OPERATOR_NOTES, plainOperator, type PlainOperator } from '../model/operators.ts';
import type { Comparison, Condition, FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import type { Names } from './named-conditions.ts';
import { comparePlain } from './operators.ts';

/** Where a predicate reads: the present values of one asset. */
export interface OwnValues {
  /** A property's value, or undefined while it is unknown. */
  property(name: string): Value | undefined;
  /** An attribute's value, or undefined when the asset has none of this name. */
  attribute(name: string): Value | undefined;
}

/** Are the conditions true on these values? In three-valued logic, without saying why. */
export type Predicate = (values: OwnValues) => Truth;

/** A change of this property can change the outcome: only across the threshold, only from or to the words, or always. */
export type Watch =
  | { property: string; threshold: number }
  | { property: string; words: readonly Value[] }
  | { property: string };

/** Conditions made ready for a quick look. */
export interface Compiled {
  predicate: Predicate;
  watches: Watch[];
}

/**
 * Compiles conditions that read nothing but the asset's own present values.
 *
 * @param names the named conditions as the rule's department sees them
 * @returns undefined when they read anything else (windows, other assets, ages), name what does not exist, or compare by
 *   an operator that does not: only the full evaluation can tell then
 */
export function compile(condition: Condition, names: Names, depth = 0): Compiled | undefined {
  if ('all' in condition) return join(condition.all, allHold, { names, depth });
  if ('any' in condition) return join(condition.any, anyHolds, { names, depth });
  if ('not' in condition) {
    const inner = compile(condition.not, names, depth);
    return inner && { predicate: negate(inner.predicate), watches: inner.watches };
  }
  if ('condition' in condition) {
    const meant = depth < MOST_LEVELS ? names.find(condition.condition) : undefined;
    return meant?.ok ? compile(meant.conditions, meant.names, depth + 1) : undefined;
  }
  return compileComparison(condition);
}

function join(
  conditions: readonly Condition[],
  logic: (parts: readonly Predicate[]) => Predicate,
  { names, depth }: { names: Names; depth: number },
): Compiled | undefined {
  const parts = conditions.map((part) => compile(part, names, depth));
  const compiled = parts.filter((part) => part !== undefined);
  if (compiled.length < parts.length) return undefined;
  return {
    predicate: logic(compiled.map((part) => part.predicate)),
    watches: compiled.flatMap((part) => part.watches),
  };
}

const allHold =
  (parts: readonly Predicate[]): Predicate =>
  (values) => {
    let outcome: Truth = true;
    for (const part of parts) {
      const one = part(values);
      if (one === false) return false;
      if (one === 'unknown') outcome = 'unknown';
    }
    return outcome;
  };

const anyHolds =
  (parts: readonly Predicate[]): Predicate =>
  (values) => {
    let outcome: Truth = false;
    for (const part of parts) {
      const one = part(values);
      if (one === true) return true;
      if (one === 'unknown') outcome = 'unknown';
    }
    return outcome;
  };

const negate =
  (inner: Predicate): Predicate =>
  (values) => {
    const outcome = inner(values);
    return outcome === 'unknown' ? 'unknown' : !outcome;
  };

type Operand = (values: OwnValues) => Value | undefined;

function compileComparison({ fact, params, operator, value }: Comparison): Compiled | undefined {
  const left = operandOf(fact, params);
  const plain = plainOperator(operator);
  if (!left || !plain) return undefined;
  const properties = fact === 'attribute' ? [] : [fact];
  if (typeof value === 'object' && !Array.isArray(value)) {
    const right = operandOf(value.fact, value.params);
    if (!right) return undefined;
    const both = value.fact === 'attribute' ? properties : [...properties, value.fact];
    return { predicate: compareOperands(plain, left, right), watches: both.map((property) => ({ property })) };
  }
  return {
    predicate: compareConstant(plain, left, value),
    watches: properties.flatMap((property) => watchesOf(property, plain, value)),
  };
}

/** Only the asset's own present value; a window, an age or another asset needs the full evaluation. */
function operandOf(fact: string, params: FactParams = {}): Operand | undefined {
  const { of = 'self', name, ...more } = params;
  if (of !== 'self' || Object.values(more).some((param) => param !== undefined)) return undefined;
  // What changes with time or with the state of others has no present value to look at.
  if (isFactName(fact) && fact !== 'attribute') return undefined;
  if (fact !== 'attribute') return (values) => values.property(fact);
  return name === undefined ? undefined : (values) => values.attribute(name);
}

/**
 * Where the outcome of a comparison with fixed values can change. One that asks for order changes at each number that it
 * is compared with, one that asks for equality only to or from one of the values.
 */
function watchesOf(property: string, { name }: PlainOperator, value: Value | readonly Value[]): Watch[] {
  if (typeof value === 'number') return [{ property, threshold: value }];
  const values = typeof value === 'object' ? value : [value];
  if (OPERATOR_NOTES[name].compares !== 'numbers') return [{ property, words: values }];
  return values.map((one) => (typeof one === 'number' ? { property, threshold: one } : { property, words: [one] }));
}

const compareOperands =
  (operator: PlainOperator, left: Operand, right: Operand): Predicate =>
  (values) => {
    const found = left(values);
    const wanted = right(values);
    return found === undefined || wanted === undefined ? 'unknown' : comparePlain(operator, found, wanted);
  };

/** The two comparisons that most rules are made of get a closure of their own; the meaning is that of `compare`. */
function compareConstant(operator: PlainOperator, left: Operand, wanted: Value | readonly Value[]): Predicate {
  if (typeof wanted === 'number' && operator.over === undefined) {
    if (operator.name === 'greaterThan') return (values) => numeric(left(values), (found) => found > wanted);
    if (operator.name === 'lessThan') return (values) => numeric(left(values), (found) => found < wanted);
  }
  return (values) => {
    const found = left(values);
    return found === undefined ? 'unknown' : comparePlain(operator, found, wanted);
  };
}

const numeric = (found: Value | undefined, holds: (found: number) => boolean): Truth =>
  typeof found === 'number' ? holds(found) : 'unknown';
