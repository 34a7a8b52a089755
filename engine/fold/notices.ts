// Notices: open alarms brought to the people on duty, gathered, repeated until somebody acknowledges, escalated when nobody does.
import type { Address } from '../model/address.ts';
import { alarmState, SEVERITIES, type Alarm, type AlarmStep, type Severity } from '../model/alarm.ts';
import { durationMs } from '../model/duration.ts';
import { addressOfContact, afterMs, type Contact, type DutyList } from '../model/duty.ts';
import { hoursAt } from '../model/rule-timing.ts';
import { departmentOf } from '../model/rule.ts';
import { withStep } from './alarm-steps.ts';
import { digest } from './notice-text.ts';
import type { Work } from './work.ts';

/**
 * How long a new alarm waits for others to go with it, and how long a list is left in peace after its last notice unless
 * something more urgent comes: a storm of a thousand alarms is one notice, and a restless night a few an hour. Milliseconds.
 */
const PATIENCE: Readonly<Record<Severity, { gatherMs: number; peaceMs: number }>> = {
  critical: { gatherMs: 2_000, peaceMs: 30_000 },
  high: { gatherMs: 15_000, peaceMs: 120_000 },
  medium: { gatherMs: 60_000, peaceMs: 600_000 },
  low: { gatherMs: 300_000, peaceMs: 3_600_000 },
};

/** Alarms that a notice names; more are counted. */
const MOST_NAMED = 50;

/** What one duty list has been told of one alarm. */
export interface Told {
  /** The alarm, by its own name: what begins anew later is another. */
  alarmId: string;
  /** When it was told first and last, milliseconds since the epoch. */
  since: number;
  lastAt: number;
  /** The highest level that was told, from 0. */
  level: number;
}

/** An alarm wants to be seen: the duty lists of its department will tell of it. */
export function announceAlarm(work: Work, alarm: Alarm): void {
  for (const list of listsOf(work, alarm.department))
    if (isFor(list, alarm)) bringForward(work, list.id, alarm.severity);
}

/** An alarm is over, or is to be told of anew. */
export function forgetTold(work: Work, key: string, department: string): void {
  for (const { id } of listsOf(work, department)) work.state.told.delete(toldKey(id, key));
}

/** A duty list was changed or removed: whom it names now is told of what is still open. */
export function reviewNotices(work: Work, id: string): void {
  const list = work.state.duties.get(id)?.body;
  if (!list) {
    work.timers.set(noticeTimer(id), undefined);
    work.state.notices.delete(id);
    for (const key of work.state.told.keys()) if (key.startsWith(`${id}|`)) work.state.told.delete(key);
    return;
  }
  for (const alarm of work.state.alarms.values()) if (isOpenFor(list, alarm)) bringForward(work, id, alarm.severity);
}

/** Sets the timers of notices that a checkpoint brought back. */
export function resumeNotices(work: Work): void {
  for (const [id, { dueAt }] of work.state.notices.entries()) work.timers.set(noticeTimer(id), dueAt);
}

/** A list's notice is due: everybody who is to be told now gets one message with all of it. */
export function giveNotice(work: Work, id: string): void {
  const list = work.state.duties.get(id)?.body;
  if (!list) return;
  const open = [...work.state.alarms.entries()]
    .filter(([, alarm]) => isOpenFor(list, alarm))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, alarm]) => ({ key, alarm, before: toldOf(work, id, key, alarm) }));
  // Alarms began at different times; once one must be repeated, others that soon must go with it.
  const repeatMs = durationMs(list.repeatEvery);
  const isRound = open.some(({ before }) => before && work.now - before.lastAt >= repeatMs);
  const post = new Map<string, Letter>();
  let nextAt = Infinity;
  for (const { key, alarm, before } of open) {
    const { contacts, told, again } = tell(work, list, { before, isRound });
    work.state.told.set(toldKey(id, key), { alarmId: alarm.alarmId, ...told });
    nextAt = Math.min(nextAt, again);
    for (const contact of contacts) {
      const name = JSON.stringify(contact);
      const letter = post.get(name) ?? { contact, keys: [], messageId: messageIdOf(work, id, post.size) };
      letter.keys.push(key);
      post.set(name, letter);
    }
  }
  for (const letter of post.values()) send(work, list, letter);
  noteTold(work, [...post.values()]);
  const lastAt = post.size > 0 ? work.now : work.state.notices.get(id)?.lastAt;
  setDue(work, id, { ...(lastAt === undefined ? {} : { lastAt }), ...(nextAt === Infinity ? {} : { dueAt: nextAt }) });
}

/** Where a rule's notification goes: a duty list of its own department or of that name, on duty now; else nowhere. */
export function addressesOf(work: Work, department: string, to: string): Address[] {
  const list = work.state.duties.get(to.includes('/') ? to : `${department}/${to}`)?.body;
  return list && departmentOf(list.id) === department ? onDuty(work, list, 0).map(addressOfContact) : [];
}

const noticeTimer = (list: string): string => `notice:${list}`;
const toldKey = (list: string, alarm: string): string => `${list}|${alarm}`;

const listsOf = (work: Work, department: string): DutyList[] =>
  [...work.state.duties.values()].flatMap(({ body }) => (body && departmentOf(body.id) === department ? [body] : []));

const isFor = ({ from, kinds }: DutyList, { severity, kind }: Alarm): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(from) && (kinds?.includes(kind) ?? true);

const isOpenFor = (list: DutyList, alarm: Alarm): boolean =>
  alarm.department === departmentOf(list.id) && alarmState(alarm) === 'unacknowledged' && isFor(list, alarm);

/** Sooner than what is due already, never later. */
function bringForward(work: Work, id: string, severity: Severity): void {
  const { lastAt = -Infinity, dueAt = Infinity } = work.state.notices.get(id) ?? {};
  const { gatherMs, peaceMs } = PATIENCE[severity];
  const wanted = Math.max(work.now + gatherMs, lastAt + peaceMs);
  if (wanted < dueAt) setDue(work, id, { ...(lastAt === -Infinity ? {} : { lastAt }), dueAt: wanted });
}

function setDue(work: Work, id: string, notice: { lastAt?: number; dueAt?: number }): void {
  work.state.notices.set(id, notice);
  work.timers.set(noticeTimer(id), notice.dueAt);
}

/** What the list knows of an alarm; of an earlier one of the same subject it knows nothing that counts. */
function toldOf(work: Work, id: string, key: string, { alarmId }: Alarm): Told | undefined {
  const known = work.state.told.get(toldKey(id, key));
  return known?.alarmId === alarmId ? known : undefined;
}

/** Who is to be told of one alarm now, what the list knows then, and when it is to be told again. */
function tell(
  work: Work,
  list: DutyList,
  { before, isRound }: { before: Told | undefined; isRound: boolean },
): { contacts: Contact[]; told: Omit<Told, 'alarmId'>; again: number } {
  const { now } = work;
  const since = before?.since ?? now;
  const repeatMs = durationMs(list.repeatEvery);
  const level = list.levels.findLastIndex((one) => afterMs(one) <= now - since);
  const isRepeat = isRound && before !== undefined && now - before.lastAt >= repeatMs / 2;
  const first = before === undefined || isRepeat ? 0 : before.level + 1;
  const isSilent = first > level;
  const contacts = isSilent ? [] : [...new Set(range(first, level).flatMap((one) => onDuty(work, list, one)))];
  const lastAt = isSilent && before ? before.lastAt : now;
  const next = list.levels[level + 1];
  const escalatesAt = next ? since + afterMs(next) : Infinity;
  return { contacts, told: { since, lastAt, level }, again: Math.min(escalatesAt, lastAt + repeatMs) };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Those of a level who are on duty now; where nobody is, the next level that has somebody, or else everybody of the list. */
function onDuty(work: Work, { levels }: DutyList, level: number): Contact[] {
  const isThere = ({ when }: Contact): boolean => !when || hoursAt(when, work.now, work.city).isWithin;
  for (const { contacts } of levels.slice(level)) {
    const there = contacts.filter(isThere);
    if (there.length > 0) return there;
  }
  return levels.flatMap(({ contacts }) => contacts);
}

/** What one contact is told of in one message. */
interface Letter {
  contact: Contact;
  /** The alarms' keys. */
  keys: string[];
  messageId: string;
}

const messageIdOf = (work: Work, list: string, index: number): string =>
  `alarms|${list}|${work.entryId}|${work.now}|${index}`;

function send(work: Work, list: DutyList, { contact, keys, messageId }: Letter): void {
  const alarms = keys.flatMap((key) => work.state.alarms.get(key) ?? []);
  const { title, text } = digest(alarms, (id) => work.directory.get(id)?.title);
  work.emit({
    kind: 'message',
    message: {
      messageId,
      what: { notify: { to: list.id, text } },
      via: addressOfContact(contact),
      department: departmentOf(list.id),
      title,
      alarms: alarms.slice(0, MOST_NAMED).map(({ alarmId }) => alarmId),
      at: work.now,
    },
  });
}

/** Each alarm says who was told of it, and in which message. */
function noteTold(work: Work, letters: readonly Letter[]): void {
  const told = new Map<string, AlarmStep[]>();
  for (const { contact, keys, messageId } of letters)
    for (const key of keys) {
      const step = { what: 'told' as const, at: work.now, to: contact.name, message: messageId };
      const known = told.get(key);
      if (known) known.push(step);
      else told.set(key, [step]);
    }
  for (const [key, added] of told) {
    const known = work.state.alarms.get(key);
    if (!known) continue;
    const alarm = { ...known, steps: added.reduce(withStep, known.steps), revision: known.revision + 1 };
    work.state.alarms.set(key, alarm);
    work.emit({ kind: 'alarm', alarm });
  }
}
