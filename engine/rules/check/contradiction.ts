// Conditions that can never be true together: x > 5 and x < 3, a door that is open and closed, more than the most there is.
import { typeInWords, type Value, type ValueType } from '../../model/value.ts';
import { notOf } from '../kleene.ts';
import { compare } from '../operators.ts';
import { kindOf } from './catalogue.ts';
import type { Constraint } from './comparison.ts';
import type { FactValues } from './fact.ts';

/** Something that must hold, or with `isNegated` must not, and where it stands. */
export interface Demand {
  constraint: Constraint;
  isNegated: boolean;
  path: string;
}

/** Demands that cannot all be met: the last one, the first that it disagrees with, and in words why. */
export interface Contradiction {
  code: 'rule-never' | 'rule-contradiction';
  path: string;
  found: string;
  allowed: string;
}

/**
 * Looks for demands that no values could meet together, fact by fact.
 *
 * Between the numbers that are named, below, above and at them the answer does not change; so it is enough to try one value
 * of each stretch, with the engine's own operators.
 *
 * @param demands all of which must hold at once
 * @returns at most one contradiction for each fact
 */
export function contradictions(demands: readonly Demand[]): Contradiction[] {
  const byFact = Map.groupBy(demands, ({ constraint }) => constraint.key);
  return [...byFact.values()].flatMap((same) => contradiction(same) ?? []);
}

function contradiction(demands: readonly Demand[]): Contradiction | undefined {
  const fact = demands[0]?.constraint.fact;
  if (!fact) return undefined;
  const all = candidates(fact, demands);
  let alive = all;
  for (const [index, demand] of demands.entries()) {
    alive = alive.filter((value) => isMet(demand, value));
    if (alive.length > 0) continue;
    const { path } = demand;
    const found = inShort(demand);
    if (!all.some((value) => isMet(demand, value)))
      return { code: 'rule-never', path, found, allowed: `it can never be true${whatItIs(fact)}` };
    const earlier = demands.slice(0, index);
    const against = earlier.find((one) => !all.some((value) => isMet(one, value) && isMet(demand, value)));
    const allowed = against
      ? `it can never be true together with ${inShort(against)} at ${against.path}`
      : `it can never be true together with what stands before it: ${earlier.map(inShort).join(', ')}`;
    return { code: 'rule-contradiction', path, found, allowed };
  }
  return undefined;
}

const inShort = ({ constraint, isNegated }: Demand): string => `${isNegated ? 'not ' : ''}${constraint.text}`;

function whatItIs({ name, type, isRelation = false }: FactValues): string {
  if (isRelation) return ': both are the same fact';
  return type ? `: ${name} is ${typeInWords(type)}` : '';
}

function isMet({ constraint: { operator, value }, isNegated }: Demand, candidate: Value): boolean {
  const outcome = compare(operator, candidate, value);
  return (isNegated ? notOf(outcome) : outcome) === true;
}

/** A word that nobody has named. */
const ANOTHER_WORD = '\n';

/** Values that stand for all values which the fact can have. */
function candidates({ type, kinds }: FactValues, demands: readonly Demand[]): Value[] {
  if (type?.type === 'word') return type.words;
  const named = demands.flatMap(({ constraint }) => constraint.value);
  const values: Value[] = [
    ...around(
      named.filter((value) => typeof value === 'number'),
      type,
    ),
    true,
    false,
    ...named.filter((value) => typeof value === 'string'),
    ANOTHER_WORD,
  ];
  return values.filter((value) => kinds === undefined || kinds.has(kindOf(value)));
}

/** The numbers themselves and one of each stretch between them, within the range; whole ones, where only those can be. */
function around(numbers: readonly number[], type: ValueType | undefined): number[] {
  const range = type?.type === 'number' ? type : { min: -Infinity, max: Infinity, integer: false };
  const ends = [range.min, range.max].filter(Number.isFinite);
  const sorted = [...new Set([...numbers, ...ends])].toSorted((left, right) => left - right);
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)];
  const between = sorted.slice(1).map((number, index) => (number + (sorted[index] ?? number)) / 2);
  const all = range.integer
    ? sorted.flatMap((number) => [Math.floor(number) - 1, Math.floor(number), Math.ceil(number), Math.ceil(number) + 1])
    : [...sorted, ...between, lowest - 1, highest + 1];
  return all.filter((number) => number >= range.min && number <= range.max);
}
