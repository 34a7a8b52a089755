// Evaluates a rule's conditions in three-valued logic and keeps, for every condition, what was read and what came of it.
import { MOST_LEVELS } from '../model/condition.ts';
import type { ConditionTrace, Truth } from '../model/decision.ts';
import type { Comparison, Condition, FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { allOf, anyOf, notOf } from './kleene.ts';
import type { Meaning, Names } from './named-conditions.ts';
import { compare } from './operators.ts';

/** A fact as conditions read it: known with what stands behind it, or why not. */
export type ReadFact =
  | { known: true; value: Value; unit?: string; observedAt?: number; readings: string[]; changesAt: number }
  | { known: false; why: string; changesAt: number };

/** What an evaluation needs of the world. */
export interface EvaluationContext {
  /** Milliseconds since the epoch. */
  now: number;
  /** @param limits the numbers that the fact is compared with, where they are known: the answer need not say when it changes between them */
  read(fact: string, params?: FactParams, limits?: readonly number[]): ReadFact;
  /** The named conditions as the rule's department sees them. */
  names: Names;
}

/** What came of it. */
export interface Evaluation {
  outcome: Truth;
  /** Every condition, outer ones first, with its path. */
  trace: ConditionTrace[];
  /** The next instant at which the outcome may change without a new input. */
  changesAt: number;
}

/**
 * Evaluates conditions.
 *
 * @param path JSON pointer of `condition` in its rule; the trace's paths begin with it
 */
export function evaluate(condition: Condition, context: EvaluationContext, path = '/conditions'): Evaluation {
  return visit(condition, { context, path, names: context.names, within: [] });
}

interface Place {
  context: EvaluationContext;
  path: string;
  names: Names;
  /** The ids of the named conditions that this place is inside of. */
  within: readonly string[];
}

function visit(condition: Condition, place: Place): Evaluation {
  if ('all' in condition) return join(condition.all, allOf, { ...place, path: `${place.path}/all` });
  if ('any' in condition) return join(condition.any, anyOf, { ...place, path: `${place.path}/any` });
  if ('not' in condition) {
    const inner = visit(condition.not, { ...place, path: `${place.path}/not` });
    return wrap(place.path, notOf(inner.outcome), [inner]);
  }
  if ('condition' in condition) return visitNamed(condition.condition, place);
  return visitComparison(condition, place);
}

function join(
  conditions: readonly Condition[],
  logic: (outcomes: readonly Truth[]) => Truth,
  place: Place,
): Evaluation {
  const parts = conditions.map((part, index) => visit(part, { ...place, path: `${place.path}/${index}` }));
  return wrap(place.path, logic(parts.map((part) => part.outcome)), parts);
}

function visitNamed(name: string, place: Place): Evaluation {
  const { within, names } = place;
  const path = `${place.path}/condition:${name}`;
  const meant = names.find(name);
  if (!meant.ok || within.includes(meant.id) || within.length >= MOST_LEVELS)
    return {
      outcome: 'unknown',
      trace: [{ path, outcome: 'unknown', why: whyNot(name, meant, within) }],
      changesAt: Infinity,
    };
  return visit(meant.conditions, { ...place, path, names: meant.names, within: [...within, meant.id] });
}

function whyNot(name: string, meant: Meaning, within: readonly string[]): string {
  if (meant.ok)
    return within.includes(meant.id)
      ? `the condition "${name}" refers to itself`
      : `names that name names go deeper than ${MOST_LEVELS}`;
  return meant.candidates.length === 0
    ? `there is no condition "${name}"`
    : `several conditions have the name "${name}": ${meant.candidates.join(', ')}`;
}

function wrap(path: string, outcome: Truth, parts: readonly Evaluation[]): Evaluation {
  return {
    outcome,
    trace: [{ path, outcome }, ...parts.flatMap((part) => part.trace)],
    changesAt: Math.min(Infinity, ...parts.map((part) => part.changesAt)),
  };
}

function visitComparison(comparison: Comparison, { context, path }: Place): Evaluation {
  const found = context.read(comparison.fact, comparison.params, limitsIn(comparison.value));
  const wanted = wantedOf(comparison.value, context);
  const changesAt = Math.min(found.changesAt, wanted.changesAt);
  const base = {
    path,
    fact: nameOf(comparison),
    operator: comparison.operator,
    ...(wanted.known ? { wanted: wanted.value } : {}),
  };
  const read = found.known
    ? {
        found: found.value,
        ...(found.unit === undefined ? {} : { unit: found.unit }),
        ...(found.observedAt === undefined ? {} : { ageMs: Math.max(0, context.now - found.observedAt) }),
        readings: found.readings,
      }
    : {};
  if (!found.known || !wanted.known) {
    const why = found.known ? (wanted.known ? '' : wanted.why) : found.why;
    return { outcome: 'unknown', trace: [{ ...base, ...read, outcome: 'unknown', why }], changesAt };
  }
  const outcome = compare(comparison.operator, found.value, wanted.value);
  const why = outcome === 'unknown' ? { why: `"${comparison.operator}" does not fit ${typeof found.value}` } : {};
  return { outcome, trace: [{ ...base, ...read, outcome, ...why }], changesAt };
}

type WantedValue =
  | { known: true; value: Value | Value[]; changesAt: number }
  | { known: false; why: string; changesAt: number };

function wantedOf(value: Comparison['value'], context: EvaluationContext): WantedValue {
  if (typeof value !== 'object' || Array.isArray(value)) return { known: true, value, changesAt: Infinity };
  return context.read(value.fact, value.params);
}

/** The numbers among fixed values; what is compared with a fact has limits that move. */
function limitsIn(value: Comparison['value']): number[] | undefined {
  if (typeof value === 'object' && !Array.isArray(value)) return undefined;
  return [value].flat().filter((one) => typeof one === 'number');
}

/** A fact's name with what narrows it down, as an explanation shows it: `occupancy of approach/detectors, max, avg over 3 min`. */
function nameOf({ fact, params }: Comparison): string {
  if (!params) return fact;
  const parts = [
    params.name === undefined ? fact : `${fact} ${params.name}`,
    params.of === undefined ? '' : ` of ${params.of}`,
    params.across === undefined ? '' : `, ${params.across}`,
    params.window === undefined ? '' : `, ${params.aggregate ?? 'avg'} over ${params.window}`,
  ];
  return parts.join('');
}
