// What a schedule will do: its next occurrences, every day with its changes, and what a lighting programme saves.
import { sunDay } from '../facts/sun.ts';
import type { Asset } from '../model/asset.ts';
import type { Instant } from '../model/clock.ts';
import { addDays, localTimeAt } from '../model/local-time.ts';
import { own } from '../model/own.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Value } from '../model/value.ts';
import { dayAt, dayOf } from './day.ts';
import { occurrences, type Occurrence } from './occurrences.ts';
import { planDay, programmeOf, type AskDays } from './programme.ts';

/** How many of the next occurrences are listed. */
const MOST_LISTED = 50;
/** The longest preview, in days: a leap year. */
export const MOST_PREVIEW_DAYS = 366;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** An occurrence as people read it. */
export interface PreviewedOccurrence {
  id: string;
  /** Milliseconds since the epoch. */
  at: Instant;
  /** As the schedule's clocks show it: `2026-11-26 15:58:12`. */
  shown: string;
  programme: string | null;
  /** What points shall have from then on; null where nothing is wanted. Of schedules with targets. */
  value?: Value | null;
  rampSeconds?: number;
  /** What the author notes; of events. */
  notes?: string[];
}

/** A day of the calendar. */
export interface PreviewedDay {
  /** The date on which it begins. */
  date: string;
  programme: string | null;
  /** Which entry of `days` rules it, counted from 0; null where none does. */
  ruledBy: number | null;
  /** How far the clocks are set forward in it, in minutes: negative when they are set back. Absent on other days. */
  clocksForward?: number;
  occurrences: PreviewedOccurrence[];
}

/** What a lighting programme uses against lamps that burn all night. */
export interface Benefit {
  lamps: number;
  watts: number;
  days: number;
  /** Hours with more than nothing wanted, and those hours at full light that use as much. */
  litHours: number;
  fullHours: number;
  nightHours: number;
  kwh: number;
  allNightKwh: number;
  savedKwh: number;
  /** What the figures take for granted, in sentences. */
  assumptions: string[];
}

/** A preview. */
export interface Preview {
  schedule: string;
  title: string;
  timeZone: string;
  from: Instant;
  until: Instant;
  /** The first 50 after `from`. */
  next: PreviewedOccurrence[];
  days: PreviewedDay[];
  benefit?: Benefit;
}

/** What a preview is made for. */
export interface PreviewOptions {
  /** Milliseconds since the epoch; the days begin with the one that it lies in. */
  from: Instant;
  /** 1 to 366. */
  days: number;
  ask: AskDays;
  /** The targets, for the benefit: those with an attribute `watts` count. */
  assets?: readonly Asset[];
}

/** Previews a schedule; changes nothing. */
export function previewSchedule(schedule: Schedule, { from, days, ask, assets = [] }: PreviewOptions): Preview {
  const first = dayAt(from, schedule);
  const dates = Array.from({ length: days }, (_, index) => addDays(first.date, index));
  const until = dayOf(addDays(first.date, days), schedule).start;
  const benefit = benefitOf(schedule, { dates, ask, assets });
  return {
    schedule: schedule.id,
    title: schedule.title,
    timeZone: schedule.timeZone,
    from,
    until,
    next: nextOf(schedule, from, ask),
    days: dates.map((date) => previewDay(schedule, date, ask)),
    ...(benefit ? { benefit } : {}),
  };
}

/** Those of the next year at most: a schedule may have none. */
function nextOf(schedule: Schedule, from: Instant, ask: AskDays): PreviewedOccurrence[] {
  const next: PreviewedOccurrence[] = [];
  for (const one of occurrences(schedule, from, from + MOST_PREVIEW_DAYS * DAY_MS, ask)) {
    next.push(previewed(schedule, one));
    if (next.length === MOST_LISTED) break;
  }
  return next;
}

function previewDay(schedule: Schedule, date: string, ask: AskDays): PreviewedDay {
  const { start, end } = dayOf(date, schedule);
  const ruling = programmeOf(schedule, date, ask);
  const lost = (DAY_MS - (end - start)) / MINUTE_MS;
  return {
    date,
    programme: ruling?.programme ?? null,
    ruledBy: ruling?.index ?? null,
    ...(lost === 0 ? {} : { clocksForward: lost }),
    occurrences: [...occurrences(schedule, start - 1, end - 1, ask)].map((one) => previewed(schedule, one)),
  };
}

function previewed(
  schedule: Schedule,
  { id, at, programme, value, rampSeconds, notes }: Occurrence,
): PreviewedOccurrence {
  const { date, timeOfDayMs } = localTimeAt(at, schedule.timeZone);
  const time = new Date(timeOfDayMs).toISOString().slice(11, 19);
  return {
    id,
    at,
    shown: `${date} ${time}`,
    programme: programme ?? null,
    ...(schedule.targets ? { value: value ?? null, rampSeconds: rampSeconds ?? 0 } : {}),
    ...(notes ? { notes } : {}),
  };
}

function benefitOf(
  schedule: Schedule,
  { dates, ask, assets }: { dates: readonly string[]; ask: AskDays; assets: readonly Asset[] },
): Benefit | undefined {
  const { place, targets } = schedule;
  const rated = assets.flatMap(({ attributes }) => {
    const watts = own(attributes, 'watts');
    return typeof watts === 'number' ? [watts] : [];
  });
  if (!targets || !place || rated.length === 0) return undefined;
  let [litMs, fullMs, nightMs] = [0, 0, 0];
  for (const date of dates) {
    const day = planDay(schedule, date, ask);
    for (const { from, to, value } of day.stretches) {
      if (typeof value !== 'number' || value <= 0) continue;
      litMs += to - from;
      fullMs += (to - from) * value;
    }
    nightMs += darkMs(place, day.start, day.end);
  }
  const watts = rated.reduce((sum, one) => sum + one, 0);
  const kwh = (ms: number): number => (watts * ms) / HOUR_MS / 1_000;
  return {
    lamps: rated.length,
    watts,
    days: dates.length,
    litHours: litMs / HOUR_MS,
    fullHours: fullMs / HOUR_MS,
    nightHours: nightMs / HOUR_MS,
    kwh: kwh(fullMs),
    allNightKwh: kwh(nightMs),
    savedKwh: kwh(nightMs - fullMs),
    assumptions: [
      'a lamp uses its watts times its level; ballasts and standby are left out',
      'against it, every lamp burns at level 1 from sunset to sunrise at the schedule’s place',
      'nobody else holds the lamps: no rule, person or interlock; ramps take no time',
      `${assets.length - rated.length} of ${assets.length} targets have no watts and are left out`,
    ],
  };
}

/** How long the sun is down in a stretch of time. */
function darkMs(place: readonly [number, number], start: Instant, end: Instant): number {
  const { startsUp, crossings } = sunDay(place, 0, start, end);
  let [since, isUp, dark] = [start, startsUp, 0];
  for (const crossing of [...crossings, { at: end, isUp: true }]) {
    if (!isUp) dark += crossing.at - since;
    [since, isUp] = [crossing.at, crossing.isUp];
  }
  return dark;
}
