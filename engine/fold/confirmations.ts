// Wishes for values that need two people: one asks, another confirms, or nobody does in time.
import { may, type Actor } from '../model/actor.ts';
import { hasSecondPerson, requestClaimId, actorOwner } from '../model/claim.ts';
import { CONFIRM_WITHIN_MS, type Confirmation } from '../model/confirmation.ts';
import { splitPointKey } from '../model/names.ts';
import type { Work } from './work.ts';

/** A person asks for a value that needs two: it waits. A newer wish of the same person for the point takes its place. */
export function awaitSecond(
  work: Work,
  { id, actor, wish }: { id: string; actor: Actor; wish: Confirmation['wish'] },
): void {
  const department = work.directory.get(splitPointKey(wish.point).asset)?.department;
  if (actor.kind !== 'person' || department === undefined || !may(actor, 'override', department).allowed) return;
  const key = requestClaimId(actorOwner(actor), wish.key, wish.point);
  forgetWaiting(work, key);
  const expiresAt = work.now + CONFIRM_WITHIN_MS;
  const confirmation = { id, department, wish, askedBy: actor.id, askedAt: work.now, expiresAt };
  work.state.confirmations.set(key, confirmation);
  resumeConfirmation(work, key, confirmation);
  work.emit({ kind: 'live', event: { event: 'confirmation', data: confirmation } });
}

/** Another person agrees: only now it becomes a claim. The one who asked cannot, nor can a program. */
export function confirm(work: Work, actor: Actor, id: string): void {
  const [key, confirmation] = find(work, id) ?? [];
  if (key === undefined || !confirmation || confirmation.expiresAt <= work.now) return;
  const { wish, askedBy, department } = confirmation;
  const owner = actorOwner({ kind: 'person', id: askedBy });
  const claim = { owner, confirmedBy: actor.id };
  if (actor.kind !== 'person' || !hasSecondPerson(claim) || !may(actor, 'override', department).allowed) return;
  forgetWaiting(work, key);
  if (!work.declarationOf(wish.point)) return;
  const { point, effect, value, slot, rampSeconds, reason, leaseSeconds } = wish;
  const leaseUntil = work.now + leaseSeconds * 1_000;
  const wanted = { point, effect, value, slot, rampSeconds, reason, department, leaseUntil };
  work.putClaim({ id: key, since: work.now, ...wanted, ...claim });
}

/** Another person does not agree, or the one who asked takes it back. */
export function decline(work: Work, actor: Actor, id: string): void {
  const [key, confirmation] = find(work, id) ?? [];
  if (key === undefined || !confirmation || actor.kind !== 'person') return;
  if (may(actor, 'override', confirmation.department).allowed) forgetWaiting(work, key);
}

/** What waits under this claim's id waits no longer: it was confirmed, declined, taken back or replaced, or its time is up. */
export function forgetWaiting(work: Work, key: string): void {
  const confirmation = work.state.confirmations.get(key);
  if (!confirmation) return;
  work.state.confirmations.delete(key);
  work.timers.set(`confirmation:${key}`, undefined);
  work.emit({ kind: 'live', event: { event: 'gone', data: { kind: 'confirmation', key: confirmation.id } } });
}

/** Nobody can confirm a wish for what is no more. */
export function forgetWaitingOn(work: Work, asset: string): void {
  for (const [key, { wish }] of work.state.confirmations.entries())
    if (splitPointKey(wish.point).asset === asset) forgetWaiting(work, key);
}

/** Starts its timer; also for one that a checkpoint brought back. */
export function resumeConfirmation(work: Work, key: string, { expiresAt }: Pick<Confirmation, 'expiresAt'>): void {
  work.timers.set(`confirmation:${key}`, expiresAt);
}

const find = (work: Work, id: string): [string, Confirmation] | undefined =>
  [...work.state.confirmations.entries()].find(([, one]) => one.id === id);
