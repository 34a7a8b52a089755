// Invariants in the fold: which points they concern, when they trip, and the claims that they hold while they are tripped.
import { arbitrate } from '../control/arbiter.ts';
import { factsIn, tripClaim, whyTripped, type ObservedFacts } from '../control/interlocks.ts';
import type { Asset } from '../model/asset.ts';
import { SLOTS, type Claim } from '../model/claim.ts';
import type { Interlock } from '../model/interlock.ts';
import { pointKey, splitPointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import { evaluateObserved } from '../rules/evaluate-observed.ts';
import { interlockFact, isObserved } from './observed.ts';
import type { PointState } from './state.ts';
import type { Work } from './work.ts';

/** The claims of a point with those of its tripped invariants, and its state that says since when they are. */
export interface Guarded {
  claims: Claim[];
  point: PointState;
}

/** A value that an interlock reads has changed or become stale: the points that it guards are looked at again. */
export function markInterlocked(work: Work, asset: Asset, property: string): void {
  for (const point of work.interlocks.pointsReading(asset.type, property))
    if (point in asset.points) work.dirtyPoints.add(pointKey(asset.id, point));
}

/** An interlock's document was changed: every point that it may guard is looked at again. */
export function takeInterlock(work: Work, id: string): void {
  work.interlocks.put(id, work.state.interlocks.get(id)?.body ?? undefined);
  for (const key of work.state.points.keys()) work.dirtyPoints.add(key);
}

/**
 * Adds the claims of tripped invariants to those of a point. They are not kept among the claims: they follow from what is
 * observed, anew with every look, and last as long as they are tripped.
 */
export function guard(
  work: Work,
  claims: Claim[],
  { key, point, declared }: { key: string; point: PointState; declared: Point },
): Guarded {
  const { asset: id, point: name } = splitPointKey(key);
  const asset = work.directory.get(id);
  const invariants = asset ? work.interlocks.for(asset, name).filter(({ kind }) => kind === 'invariant') : [];
  if (!asset || invariants.length === 0) return { claims, point: untripped(point) };
  const { want } = arbitrate(claims, { point: declared, programme: point.programme });
  const mostUrgent = Math.min(SLOTS.default, ...claims.map(({ slot }) => slot));
  // Where nobody wants anything it is the device's own programme that we may have to keep it from.
  const atStake = ['release' in want ? point.programme : want.value, point.reported?.value];
  const tripped: Record<string, { since: number; why: string }> = {};
  const held = invariants.flatMap((interlock) => {
    const facts = factsFor(work, asset, interlock);
    const question = { asset, point: declared, facts, now: work.now, evaluate: evaluateObserved };
    const why = whyTripped(interlock, atStake, question);
    if (why === undefined) return [];
    const since = point.tripped?.[interlock.id]?.since ?? work.now;
    tripped[interlock.id] = { since, why };
    const { leaseUntil } = tripLease(work, since);
    return [tripClaim(interlock, { asset, name, point: declared, since, leaseUntil, why, mostUrgent })];
  });
  if (held.length === 0) return { claims, point: untripped(point) };
  return { claims: [...claims, ...held], point: { ...point, tripped } };
}

/**
 * Until when a tripped invariant's claim holds, and when it is looked at again to be renewed. Both are the same for every
 * look within half a lease: how often a point is looked at must not show in its state, or a restart would.
 */
export function tripLease(work: Work, since: number): { leaseUntil: number; renewAt: number } {
  const halfMs = work.settings.leaseMs / 2;
  const renewAt = since + (Math.floor((work.now - since) / halfMs) + 1) * halfMs;
  return { leaseUntil: renewAt + halfMs, renewAt };
}

function untripped(point: PointState): PointState {
  if (!point.tripped) return point;
  const { tripped: _, ...rest } = point;
  return rest;
}

function factsFor(work: Work, asset: Asset, { requires }: Interlock): ObservedFacts {
  const found = factsIn(requires).flatMap((property) => {
    const reading = work.state.facts.get(asset.id, property)?.reading;
    return reading && isObserved(reading) ? [[property, interlockFact(asset, reading)] as const] : [];
  });
  return Object.fromEntries(found);
}
