// From claims to commands: what each point shall have, and whether the device must be told.
import { arbitrate, shapingClaims } from '../control/arbiter.ts';
import { spend } from '../control/wear.ts';
import type { Arbitration, Command, CommandStep } from '../model/command.ts';
import { durationMs } from '../model/duration.ts';
import { incarnationOf, numbersAfter } from '../model/incarnation.ts';
import { splitPointKey } from '../model/names.ts';
import { isSafeWant, sameWant, type Point } from '../model/points.ts';
import { sameValue } from '../model/value.ts';
import { noteEffect } from './cascade.ts';
import { endCommand } from './commands.ts';
import { isLeftAlone } from './out-of-service.ts';
import { standDownClaims, standDownRenewals } from './restraints.ts';
import { idlePoint, type PointState } from './state.ts';
import { guard, tripLease } from './trips.ts';
import { makerOf, type Work } from './work.ts';

/** After a command's own end of validity the engine waits this long for the worker's word before it calls it expired. */
const GRACE_MS = 2_000;

/** Arbitrates a point anew and tells the device where it must be told. */
export function settlePoint(work: Work, key: string): void {
  const declared = work.declarationOf(key);
  const known = work.state.points.get(key);
  if (!declared) return;
  const claims = [...work.claimsAt(key), ...standDownClaims(work, key, declared)];
  if (!known && claims.length === 0) return;
  const { claims: all, point: before } = guard(work, claims, { key, point: known ?? idlePoint(), declared });
  const arbitration = arbitrate(all, { point: declared, programme: before.programme });
  const changed = !sameWant(arbitration.want, before.arbitration.want, declared);
  const point: PointState = { ...before, arbitration, ...(changed ? { tries: 0 } : {}) };
  delete point.waits;
  if (changed) {
    delete point.lastEnd;
    delete point.retryAt;
    delete point.asked;
  }
  const waited = changed ? undefined : before.waits;
  const isToBeTold = needsCommand(work, point, declared) && !isLeftAlone(work, key, point, declared);
  const told = isToBeTold ? issueInBudget(work, { key, declared, waited }, point) : point;
  scheduleTelling(work, key, told, declared);
  work.state.points.set(key, told);
}

function needsCommand(work: Work, point: PointState, declared: Point): boolean {
  const { want, winner } = point.arbitration;
  const inFlight = point.commandId === undefined ? undefined : work.state.commands.get(point.commandId);
  const askedSame = point.asked !== undefined && sameWant(want, point.asked.want, declared);
  // A hand at the cabinet holds the point: it has what it wants, and we send nothing.
  if (winner?.owner.startsWith('local ')) return false;
  if (inFlight && askedSame) return false;
  if (point.retryAt !== undefined && work.now < point.retryAt && askedSame) return false;
  if ('release' in want) return point.held;
  // A momentary action is asked for once; the device ending it by itself is no reason to ask again. Of a stop it is.
  if (declared.endsItself && !isSafeWant(want, declared) && askedSame && point.tries === 0) return false;
  const isThere = sameValue(point.reported?.value, want.value, declared.tolerance);
  if (!isThere || inFlight) return true;
  return point.held ? leaseRunsOut(work, point) : false;
}

/** A device that holds a value by our word is told again at half of its lease, if the claims live on. */
function leaseRunsOut(work: Work, point: PointState): boolean {
  const until = point.asked?.leaseUntil;
  return until !== undefined && leaseOf(point.arbitration) > until && work.now >= renewAt(work, until);
}

const renewAt = (work: Work, leaseUntil: number): number => leaseUntil - work.settings.leaseMs / 2;

/** When this point must be looked at again without anything else happening. */
function scheduleTelling(work: Work, key: string, point: PointState, declared: Point): void {
  const until = point.asked?.leaseUntil;
  const renewal =
    point.held && !declared.endsItself && until !== undefined && leaseOf(point.arbitration) > until
      ? renewAt(work, until)
      : Infinity;
  const retry = point.retryAt !== undefined && point.retryAt > work.now ? point.retryAt : Infinity;
  const trips = Object.values(point.tripped ?? {}).map(({ since }) => tripLease(work, since).renewAt);
  const next = Math.min(
    ...trips,
    ...standDownRenewals(work, key),
    renewal > work.now ? renewal : Infinity,
    retry,
    point.waits?.until ?? Infinity,
  );
  work.timers.set(`point:${key}`, next);
}

/** The device keeps a value as long as the last of the claims that shape it. */
const leaseOf = (arbitration: Arbitration): number =>
  Math.max(0, ...shapingClaims(arbitration).map((claim) => claim.leaseUntil));

/** A point that may have to wait, and since when the value that is wanted now waits already. */
interface Budgeted {
  key: string;
  declared: Point;
  waited: PointState['waits'];
}

/** The newest wanted value goes out now, or waits until the point's wear budget lets it; the safe value never waits. */
function issueInBudget(work: Work, { key, declared, waited }: Budgeted, point: PointState): PointState {
  const { want } = point.arbitration;
  const isStop = 'release' in want || isSafeWant(want, declared);
  const atWire = isStop || !point.heldBack || point.heldBack.until <= work.now ? undefined : point.heldBack;
  const told = { changes: point.changes ?? [], last: point.lastAsked };
  const spending = spend(declared, told, want, work.now);
  const waits = atWire ?? (spending.allowed ? undefined : spending.waits);
  if (waits) return { ...point, waits: { ...waits, since: waited?.since ?? work.now } };
  const issued = issueCommand(work, key, point, howLongWaited(work, waited));
  if (issued === point || !spending.allowed || !declared.wear) return issued;
  const { heldBack: _, ...next } = issued;
  const { changes, last } = spending.told;
  return {
    ...next,
    changes,
    ...(last ? { lastAsked: last } : {}),
    ...(changes !== told.changes && issued.commandId !== undefined
      ? { counted: { commandId: issued.commandId, at: work.now } }
      : {}),
  };
}

const howLongWaited = (work: Work, waited: PointState['waits']): Pick<CommandStep, 'detail'> =>
  waited ? { detail: `waited ${Math.round((work.now - waited.since) / 1_000)} s: ${waited.why}` } : {};

/** The next one of the epoch's incarnation: what was numbered before Redis was emptied stays below. */
const nextSequence = (sequence: number, epoch: number): number =>
  Math.max(sequence, numbersAfter(incarnationOf(epoch))) + 1;

function issueCommand(work: Work, key: string, point: PointState, note: Pick<CommandStep, 'detail'>): PointState {
  const declared = work.declarationOf(key);
  const { binding, department } = work.directory.get(splitPointKey(key).asset) ?? {};
  if (!declared || !binding || department === undefined) return point;
  const { want, winner } = point.arbitration;
  const leaseUntil = 'release' in want ? undefined : leaseOf(point.arbitration);
  const sequence = nextSequence(point.sequence, work.epoch);
  const command: Command = {
    commandId: `${key}:${sequence}`,
    point: key,
    department,
    device: binding.device,
    sequence,
    fence: work.epoch,
    issuedAt: work.now,
    notAfter: work.now + durationMs(declared.notAfter),
    slot: winner?.slot ?? point.arbitration.bounds[0]?.slot ?? 16,
    want,
    ...(leaseUntil === undefined ? {} : { leaseUntil }),
    cause: causeOf(work, point.arbitration),
  };
  if (point.commandId !== undefined)
    endCommand(work, point.commandId, { state: 'superseded', detail: `by ${command.commandId}` });
  const record = { command, steps: [{ state: 'queued' as const, at: work.now, ...note }] };
  const deadline = command.notAfter + GRACE_MS;
  work.state.commands.set(command.commandId, { record, deadline });
  work.timers.set(`command:${command.commandId}`, deadline);
  work.commands.issued += 1;
  work.emit({ kind: 'command', command });
  noteEffect(work, command);
  work.emit({ kind: 'command-record', record });
  const asked = { want, ...(leaseUntil === undefined ? {} : { leaseUntil }) };
  const told: PointState = { ...point, sequence, commandId: command.commandId, asked, held: true };
  delete told.retryAt;
  return told;
}

/** The decision behind the claim that shaped the value most, and the arbiter's whole answer. */
function causeOf(work: Work, arbitration: Arbitration): Command['cause'] {
  const [first] = shapingClaims(arbitration);
  const activation =
    first && work.state.claims.get(first.claimId)?.owner.kind === 'rule' ? makerOf(first.claimId) : undefined;
  const decisionId = activation === undefined ? undefined : work.state.activations.get(activation)?.decisionId;
  return { ...(decisionId === undefined ? {} : { decisionId }), arbitration };
}
