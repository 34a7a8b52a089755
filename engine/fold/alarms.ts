// The life of an alarm: raised and ended by its cause, acknowledged and shelved by people, suppressed while another explains it.
import {
  alarmState,
  SEVERITIES,
  SEVERITY_OF,
  type Alarm,
  type AlarmKind,
  type AlarmStep,
  type Severity,
} from '../model/alarm.ts';
import { deviceOf } from '../model/asset.ts';
import { withStep } from './alarm-steps.ts';
import { alarmKey } from './alarm-table.ts';
import { whatMutes } from './out-of-service.ts';
import { announceAlarm, forgetTold } from './notices.ts';
import type { Work } from './work.ts';

/** What raises an alarm. */
export interface Cause {
  kind: AlarmKind;
  subject: string;
  department: string;
  /** What is wrong, in words. */
  text: string;
  asset?: string;
  group: string;
  /** Default: the kind's own. */
  severity?: Severity;
}

const LONGEST_TEXT = 500;

/** Raises an alarm; one of the same kind and subject that is open already goes on, with the newest words. */
export function raise(work: Work, cause: Cause): void {
  const key = alarmKey(cause.kind, cause.subject);
  const known = work.state.alarms.get(key);
  const text = cause.text.slice(0, LONGEST_TEXT);
  if (known && known.endedAt === undefined) {
    if (known.text !== text) put(work, key, { ...known, text });
    return;
  }
  const { endedAt: _, under: __, ...before } = known ?? begin(work, cause);
  const severity = cause.severity ?? SEVERITY_OF[cause.kind];
  const alarm = { ...before, text, severity, activeSince: work.now, occurrences: before.occurrences + 1 };
  put(work, key, withCover(work, alarm), { what: 'raised', why: text });
  suppressConsequences(work, key);
}

/** Ends the cause of an alarm. It stays open until somebody has seen it; one that nobody was to see is closed. */
export function end(work: Work, key: string, why: string): void {
  const known = work.state.alarms.get(key);
  if (!known || known.endedAt !== undefined) return;
  const isSettled = !known.shelved && (known.acknowledged !== undefined || known.under !== undefined);
  const { under: _, ...rest } = known;
  finish(work, key, { ...rest, endedAt: work.now }, { isSettled, step: { what: 'ended', why } });
  for (const child of work.state.alarms.under(key)) release(work, child);
}

/** A person has seen it. */
export function acknowledge(work: Work, key: string, { by, note }: { by: string; note?: string | undefined }): void {
  const known = work.state.alarms.get(key);
  if (!known || known.acknowledged) return;
  const acknowledged = { by, at: work.now, ...(note === undefined ? {} : { note }) };
  const isSettled = known.endedAt !== undefined && !known.shelved;
  const step = { what: 'acknowledged' as const, by, ...(note === undefined ? {} : { why: note }) };
  finish(work, key, { ...known, acknowledged }, { isSettled, step });
}

/** A person puts it aside for a while, having seen it; a second time means anew. Not what endangers people. */
export function shelve(
  work: Work,
  key: string,
  { by, until, reason }: { by: string; until: number; reason: string },
): void {
  const known = work.state.alarms.get(key);
  if (!known || known.severity === 'critical') return;
  work.timers.set(shelfTimer(key), until);
  put(work, key, { ...known, shelved: { by, at: work.now, until, reason } }, { what: 'shelved', by, why: reason });
}

/** It is back: its time on the shelf is up, or a person says so. What has ended meanwhile is closed: it had been seen. */
export function unshelve(work: Work, key: string, { by, why }: { by?: string; why: string }): void {
  const known = work.state.alarms.get(key);
  if (!known?.shelved) return;
  work.timers.set(shelfTimer(key), undefined);
  const { shelved: _, ...rest } = known;
  const step = { what: 'unshelved' as const, ...(by === undefined ? {} : { by }), why };
  finish(work, key, rest, { isSettled: known.endedAt !== undefined, step });
}

/** Sets the timers of shelved alarms that a checkpoint brought back. */
export function resumeAlarms(work: Work): void {
  for (const [key, { shelved }] of work.state.alarms.entries())
    if (shelved) work.timers.set(shelfTimer(key), shelved.until);
}

/** Looks again whether an alarm is a consequence of another: what it hangs on has changed. */
export function review(work: Work, key: string): void {
  const known = work.state.alarms.get(key);
  if (!known || known.endedAt !== undefined) return;
  const under = coverOf(work, known);
  if (under === known.under) return;
  if (under === undefined) release(work, key);
  else put(work, key, { ...known, under }, { what: 'suppressed', why: `it follows from ${under}` });
}

const shelfTimer = (key: string): string => `shelf:${key}`;

const begin = (work: Work, { kind, subject, department, asset, group }: Cause): Alarm => ({
  alarmId: `${kind}|${subject}|${work.entryId}`,
  kind,
  subject,
  department,
  severity: SEVERITY_OF[kind],
  text: '',
  ...(asset === undefined ? {} : { asset }),
  group,
  raisedAt: work.now,
  occurrences: 0,
  activeSince: work.now,
  steps: [],
  revision: 0,
});

/** The cover of a consequence is gone, or is another now. */
function release(work: Work, key: string): void {
  const known = work.state.alarms.get(key);
  if (!known) return;
  const { under: before, ...rest } = known;
  const next = withCover(work, rest);
  const step =
    next.under === undefined ? { what: 'released' as const, why: `${before ?? 'its cover'} has ended` } : undefined;
  put(work, key, next, step);
}

function withCover(work: Work, alarm: Omit<Alarm, 'under'>): Alarm {
  const under = coverOf(work, alarm);
  return under === undefined ? alarm : { ...alarm, under };
}

/** Alarms of what hangs on this one's device or asset become its consequences. */
function suppressConsequences(work: Work, key: string): void {
  const alarm = work.state.alarms.get(key);
  if (!alarm || !isCover(alarm.kind)) return;
  const heads = alarm.asset === undefined ? work.directory.ofDevice(alarm.subject).map(({ id }) => id) : [alarm.asset];
  for (const asset of heads)
    for (const other of [...work.state.alarms.ofAsset(asset), ...work.state.alarms.ofGroup(asset)]) review(work, other);
}

const isCover = (kind: AlarmKind): boolean => kind === 'device-offline' || kind === 'asset-silent';

/** Kinds that may follow from a device that is away or a cabinet that is silent. */
const CONSEQUENCES: readonly AlarmKind[] = ['asset-silent', 'command-failed'];

/** What it is out of service by; else the active alarm that explains this one, at least as urgent as it: its device's, its cabinet's, its cabinet's device's. */
function coverOf(work: Work, { kind, subject, asset, severity }: Omit<Alarm, 'under'>): string | undefined {
  const about = asset === undefined ? undefined : work.directory.get(asset);
  const ofDevice = kind === 'device-offline' ? work.directory.ofDevice(subject) : [];
  const muting = whatMutes(work, about ? [about] : ofDevice);
  if (muting !== undefined) return muting;
  if (!about || !CONSEQUENCES.includes(kind)) return undefined;
  const parent = about.parent === undefined ? undefined : work.directory.get(about.parent);
  const own = alarmKey(kind, subject);
  const candidates = [
    alarmKey('device-offline', deviceOf(about)),
    ...(parent ? [alarmKey('device-offline', deviceOf(parent)), alarmKey('asset-silent', parent.id)] : []),
  ];
  return candidates.find((key) => {
    const cover = key === own ? undefined : work.state.alarms.get(key);
    return cover?.endedAt === undefined && cover !== undefined && rank(cover.severity) <= rank(severity);
  });
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

function finish(
  work: Work,
  key: string,
  alarm: Alarm,
  { isSettled, step }: { isSettled: boolean; step: Omit<AlarmStep, 'at'> },
): void {
  if (!isSettled) {
    put(work, key, alarm, step);
    return;
  }
  const steps = withStep(withStep(alarm.steps, { ...step, at: work.now }), { what: 'closed', at: work.now });
  work.state.alarms.delete(key);
  forgetTold(work, key, alarm.department);
  work.emit({ kind: 'alarm', alarm: { ...alarm, steps, closedAt: work.now, revision: alarm.revision + 1 } });
}

function put(work: Work, key: string, alarm: Alarm, step?: Omit<AlarmStep, 'at'>): void {
  const steps = step ? withStep(alarm.steps, { ...step, at: work.now }) : alarm.steps;
  const next = { ...alarm, steps, revision: alarm.revision + 1 };
  work.state.alarms.set(key, next);
  work.emit({ kind: 'alarm', alarm: next });
  if (step?.what === 'unshelved') forgetTold(work, key, alarm.department);
  const isNews = step !== undefined && ['raised', 'released', 'unshelved'].includes(step.what);
  if (isNews && alarmState(next) === 'unacknowledged') announceAlarm(work, next);
}
