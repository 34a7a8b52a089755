// Schedules in the fold: what they want is claims in slot 14, what they tell is an output, and when is timers.
import { pointsOf, type Asset } from '../model/asset.ts';
import { SLOTS, type Claim } from '../model/claim.ts';
import { durationMs } from '../model/duration.ts';
import { pointKey } from '../model/names.ts';
import { own } from '../model/own.ts';
import { departmentOf } from '../model/rule.ts';
import type { MissedRun } from '../model/schedule-run.ts';
import type { Schedule, Targets } from '../model/schedule.ts';
import { misfit, type Value, type ValueType } from '../model/value.ts';
import { inScope } from '../rules/scope.ts';
import { calendarsIn } from '../schedules/calendars.ts';
import { occurrences } from '../schedules/occurrences.ts';
import { nextEvent, wantedAt } from '../schedules/wanted.ts';
import { runEvents } from './schedule-events.ts';
import { LATE_MS } from './schedule-limits.ts';
import { noteMissed, showSchedule } from './schedule-views.ts';
import type { Plan } from './state.ts';
import type { Work } from './work.ts';

/** The most slices of a spread, and the least length of one in milliseconds. */
const MOST_SLICES = 60;
const LEAST_SLICE_MS = 1_000;

/** A schedule's document was changed, or a calendar that it names: what it wanted ends, what it wants now begins. */
export function takeSchedule(work: Work, id: string): void {
  const known = work.state.schedules.get(id);
  const schedule = known?.body ?? undefined;
  work.schedules.put(id, schedule);
  for (const key of plansOf(work, id)) forgetPlan(work, key);
  if (!schedule || !known) {
    for (const claim of work.claimsMadeBy(makerOf(id))) work.dropClaim(claim.id);
    work.state.missed.delete(id);
    work.emit({ kind: 'live', event: { event: 'gone', data: { kind: 'schedule', key: id } } });
    return;
  }
  if (schedule.event) waitForEvent(work, schedule, work.now);
  else {
    const stale = new Set(work.claimsMadeBy(makerOf(id)).map((claim) => claim.id));
    for (let slice = 0; slice < slicesOf(schedule); slice += 1)
      for (const claim of plan(work, schedule, { slice, at: work.now })) stale.delete(claim);
    for (const claim of stale) work.dropClaim(claim);
  }
  showSchedule(work, id);
}

/** Calendars were changed: the schedules whose days they are look again. */
export function reviewSchedules(work: Work, calendars: ReadonlySet<string>): void {
  for (const [id, { body }] of work.state.schedules.entries())
    if (body?.days.some(({ on }) => calendarsIn(on).some((one) => calendars.has(one)))) takeSchedule(work, id);
}

/** An asset came, went or was changed: schedules that stand for it hold its point, those that no longer do let it go. */
export function reviewTarget(work: Work, asset: Asset): void {
  for (const id of work.schedules.forType(asset.type)) {
    const schedule = work.state.schedules.get(id)?.body;
    if (!schedule?.targets) continue;
    const held = work.state.plans.get(planKey(id, sliceOf(schedule, asset.id)));
    const claim = held && inScope(schedule.targets, asset) ? claimOn(schedule, asset, held) : undefined;
    if (claim) holdClaim(work, claim);
    else work.dropClaim(claimId(schedule, pointKey(asset.id, schedule.targets.point)));
  }
}

/** Starts the timers of plans that a checkpoint brought back. */
export function resumeSchedules(work: Work): void {
  for (const [id, { body }] of work.state.schedules.entries()) work.schedules.put(id, body ?? undefined);
  for (const [key, { dueAt }] of work.state.plans.entries()) work.timers.set(`schedule:${key}`, dueAt);
}

/** A plan's timer fires. `work.entryAt` says when that was noticed. */
export function onScheduleDue(work: Work, key: string): void {
  const [id = '', slice = ''] = key.split('|');
  const schedule = work.state.schedules.get(id)?.body;
  const before = work.state.plans.get(key);
  if (!schedule || !before) return;
  if (schedule.event) {
    runEvents(work, schedule, before);
    waitForEvent(work, schedule, work.entryAt);
  } else if (work.entryAt - before.dueAt <= LATE_MS) plan(work, schedule, { slice: Number(slice), at: work.now });
  else makeUp(work, schedule, { before, slice: Number(slice) });
  showSchedule(work, id);
}

/** Nobody could act for a while: what should hold now is taken up, or, with `skip`, nothing until the next change. */
function makeUp(work: Work, schedule: Schedule, { before, slice }: { before: Plan; slice: number }): void {
  const policy = schedule.missed ?? 'once';
  const offset = offsetOf(schedule, slice);
  const since = Math.min(before.dueAt, work.entryAt) - offset - 1;
  const missed = [...occurrences(schedule, since, work.entryAt - offset, work.calendars.ask)];
  if (slice === 0 && missed.length > 0)
    noteMissed(
      work,
      schedule.id,
      missed.map(({ id, at }, index): MissedRun => {
        const isMadeUp = policy === 'once' && index === missed.length - 1;
        return { runId: id, due: at, at: work.entryAt, policy, done: isMadeUp ? 'made up for' : 'passed over' };
      }),
    );
  plan(work, schedule, { slice, at: work.entryAt, isSkipped: policy === 'skip' && missed.length > 0 });
}

/** Which part of a schedule's targets is looked at, and for which instant. */
interface Look {
  slice: number;
  at: number;
  /** Nothing is wanted until the next change. */
  isSkipped?: boolean;
}

/** Holds what a schedule wants of one slice of its targets, and sets the timer for the next look. Returns the claims' ids. */
function plan(work: Work, schedule: Schedule, { slice, at, isSkipped = false }: Look): string[] {
  const key = planKey(schedule.id, slice);
  const offset = offsetOf(schedule, slice);
  const wanted = wantedAt(schedule, at - offset, work.calendars.ask);
  const value = isSkipped ? undefined : wanted.value;
  const leaseMs = durationMs(schedule.lease);
  const changesAt = wanted.changesAt + offset;
  const row: Plan = {
    version: work.state.schedules.get(schedule.id)?.version ?? 0,
    since: wanted.since + offset,
    dueAt: value === undefined ? changesAt : Math.min(changesAt, at + leaseMs / 2),
    ...(value === undefined ? {} : { want: { value, rampSeconds: wanted.rampSeconds, leaseUntil: at + leaseMs } }),
  };
  work.state.plans.set(key, row);
  work.timers.set(`schedule:${key}`, row.dueAt);
  const claims = targetsOf(work, schedule, slice).flatMap((asset) => claimOn(schedule, asset, row) ?? []);
  const held = new Set(claims.map((claim) => claim.id));
  for (const claim of claims) holdClaim(work, claim);
  for (const { id, point } of work.claimsMadeBy(makerOf(schedule.id)))
    if (!held.has(id) && sliceOf(schedule, assetOf(point)) === slice) work.dropClaim(id);
  return [...held];
}

/** The same claim goes on: it keeps its age among those of its slot. */
function holdClaim(work: Work, claim: Claim): void {
  const before = work.state.claims.get(claim.id);
  const goesOn = before && before.value === claim.value;
  work.putClaim(goesOn ? { ...claim, since: before.since, rampSeconds: before.rampSeconds } : claim);
}

function claimOn(schedule: Schedule, asset: Asset, { since, want }: Plan): Claim | undefined {
  const { targets } = schedule;
  const declared = targets && own(pointsOf(asset), targets.point);
  const value = declared && want && fitted(want.value, declared.value);
  if (!want || value === undefined || !targets) return undefined;
  const point = pointKey(asset.id, targets.point);
  return {
    id: claimId(schedule, point),
    point,
    effect: 'set',
    value,
    slot: SLOTS.schedule,
    rampSeconds: want.rampSeconds,
    owner: { kind: 'programme', id: schedule.id },
    department: departmentOf(schedule.id),
    reason: schedule.title,
    since,
    leaseUntil: want.leaseUntil,
  };
}

/** Sums and products may lead out of what a point can be; another point of the name may be of another kind. */
function fitted(value: Value, type: ValueType): Value | undefined {
  if (typeof value !== 'number' || type.type !== 'number') return misfit(type, value) === undefined ? value : undefined;
  const within = Math.min(Math.max(value, type.min), type.max);
  return type.integer ? Math.round(within) : within;
}

/** An event's plan is its next moment. */
function waitForEvent(work: Work, schedule: Schedule, after: number): void {
  const { lookAt } = nextEvent(schedule, after, work.calendars.ask);
  const version = work.state.schedules.get(schedule.id)?.version ?? 0;
  const key = planKey(schedule.id, 0);
  work.state.plans.set(key, { version, since: after, dueAt: lookAt });
  work.timers.set(`schedule:${key}`, lookAt);
}

function targetsOf(work: Work, schedule: Schedule, slice: number): Asset[] {
  const { targets } = schedule;
  if (!targets) return [];
  return candidatesOf(work, targets).filter(
    (asset) => inScope(targets, asset) && sliceOf(schedule, asset.id) === slice,
  );
}

/** Those that are named, or those of the zone, before all of the type. */
function candidatesOf({ directory }: Work, { ids, zone, type }: Targets): Asset[] {
  if (ids) return ids.flatMap((id) => directory.get(id) ?? []);
  return zone === undefined ? directory.ofType(type) : directory.inZone(zone, type);
}

const slicesOf = ({ spread }: Schedule): number =>
  spread === undefined ? 1 : Math.min(MOST_SLICES, Math.max(1, Math.floor(durationMs(spread) / LEAST_SLICE_MS)));

/** How much later than the first a slice follows, in milliseconds. */
const offsetOf = (schedule: Schedule, slice: number): number =>
  schedule.spread === undefined ? 0 : Math.floor((durationMs(schedule.spread) * slice) / slicesOf(schedule));

/** The slice of an asset: by its name, so that it stays. */
function sliceOf(schedule: Schedule, asset: string): number {
  const slices = slicesOf(schedule);
  if (slices === 1) return 0;
  let hash = 0;
  for (let index = 0; index < asset.length; index += 1) hash = (Math.imul(hash, 31) + asset.charCodeAt(index)) >>> 0;
  return hash % slices;
}

const planKey = (id: string, slice: number): string => `${id}|${slice}`;
const makerOf = (id: string): string => `programme:${id}`;
const claimId = ({ id }: Schedule, point: string): string => `${makerOf(id)}#${point}`;
const assetOf = (point: string): string => point.slice(0, point.lastIndexOf('#'));

/** The keys of a schedule's plans. */
function plansOf(work: Work, id: string): string[] {
  const keys: string[] = [];
  for (let slice = 0; slice < MOST_SLICES; slice += 1)
    if (work.state.plans.has(planKey(id, slice))) keys.push(planKey(id, slice));
  return keys;
}

function forgetPlan(work: Work, key: string): void {
  work.state.plans.delete(key);
  work.timers.set(`schedule:${key}`, undefined);
}
