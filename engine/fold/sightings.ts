// Rules with `times`: on which readings their conditions were true, and whether those are enough.
import { durationMs } from '../model/duration.ts';
import type { Reading } from '../model/reading.ts';
import { evaluate, type EvaluationContext } from '../rules/evaluate.ts';
import type { Instance } from './ready-rule.ts';
import type { Work } from './work.ts';

/**
 * Notes a reading on which the conditions of an idle instance are true.
 *
 * @param context as the world was when the reading was observed: a late one counts for its own moment
 */
export function noteSighting(work: Work, instance: Instance, reading: Reading, context: EvaluationContext): void {
  const { key, ready } = instance;
  const { times, conditions } = ready.rule;
  if (!times || work.state.activations.has(key)) return;
  const seen = seenBy(work, instance);
  const isKnown = seen.some(([observedAt, id]) => observedAt === reading.observedAt || id === reading.id);
  if (isKnown || reading.observedAt <= work.now - durationMs(times.within)) return;
  if (evaluate(conditions, context).outcome !== true) return;
  const all = [...seen, [reading.observedAt, reading.id] satisfies [number, string]];
  const newest = all.toSorted(([left], [right]) => left - right).slice(-times.readings);
  work.state.sightings.set(key, { version: ready.version, seen: newest });
}

/** Have the conditions been true on as many readings as the rule wants? Always, for a rule without `times`. */
export function isSeenEnough(work: Work, instance: Instance): boolean {
  const { times } = instance.ready.rule;
  return !times || countSightings(work, instance) >= times.readings;
}

/** On how many readings within its `times` the conditions were true; 0 for a rule without. */
export function countSightings(work: Work, instance: Instance): number {
  const { times } = instance.ready.rule;
  if (!times) return 0;
  const from = work.now - durationMs(times.within);
  return seenBy(work, instance).filter(([observedAt]) => observedAt > from).length;
}

/** Begins to count anew: what has started a rule once does not start it again. */
export function forgetSightings(work: Work, key: string): void {
  work.state.sightings.delete(key);
}

function seenBy(work: Work, { key, ready }: Instance): readonly [number, string][] {
  const known = work.state.sightings.get(key);
  return known?.version === ready.version ? known.seen : [];
}
