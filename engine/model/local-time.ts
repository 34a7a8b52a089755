// The city's own clock: instants as local dates and times of day, and back, correct across daylight-saving changes.
import type { Instant } from './clock.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Offsets have only ever changed on a quarter of an hour since 1970: one look per quarter is enough. */
const QUARTER_MS = 15 * MINUTE_MS;

/** The days of a week as rules name them, Monday first (ISO 8601). */
export const DAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type DayName = (typeof DAY_NAMES)[number];

/** An instant as a clock on the wall shows it. */
export interface LocalTime {
  /** `2026-11-22` */
  date: string;
  weekday: DayName;
  /** Milliseconds since the clock showed 00:00, as it shows them: 0 to 86,399,999, whatever was skipped or repeated. */
  timeOfDayMs: number;
}

/** What the clock on the wall shows. Throws a RangeError for a time zone that does not exist. */
export function localTimeAt(at: Instant, timeZone: string): LocalTime {
  const shown = at + offsetAt(at, timeZone);
  return { ...dayOf(shown), timeOfDayMs: modulo(shown, DAY_MS) };
}

/**
 * The instant at which the clock on the wall shows a time of day.
 *
 * As Temporal's "compatible": of an hour that comes twice the first one; a time that is skipped is as much later as was skipped.
 *
 * @param date `2026-11-22`
 * @param timeOfDayMs 0 to 86,400,000; the latter is the next day's 00:00
 */
export function instantOf(date: string, timeOfDayMs: number, timeZone: string): Instant {
  const shown = Date.parse(`${date}T00:00:00Z`) + timeOfDayMs;
  const before = offsetAt(shown - DAY_MS, timeZone);
  const after = offsetAt(shown + DAY_MS, timeZone);
  const fitting = [shown - before, shown - after].filter((at) => at + offsetAt(at, timeZone) === shown);
  return fitting.length > 0 ? Math.min(...fitting) : shown - before;
}

/**
 * Every instant at which the clock on the wall shows a time of day: none where it is skipped, two where it comes twice.
 *
 * @returns `next`: the first instant at which the clock shows this time or a later one
 */
export function instantsShowing(
  date: string,
  timeOfDayMs: number,
  timeZone: string,
): { shown: Instant[]; next: Instant } {
  const wall = Date.parse(`${date}T00:00:00Z`) + timeOfDayMs;
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((at) => offsetAt(at, timeZone));
  const candidates = [...new Set(offsets)].map((offset) => wall - offset).toSorted((left, right) => left - right);
  const shown = candidates.filter((at) => at + offsetAt(at, timeZone) === wall);
  const [first] = shown;
  if (first !== undefined) return { shown, next: first };
  // A quarter that shows less, and one that shows as much or more, until they are neighbours.
  let before = Math.floor(Math.min(...candidates) / QUARTER_MS) - 1;
  let after = Math.floor(Math.max(...candidates) / QUARTER_MS) + 1;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle * QUARTER_MS + offsetAt(middle * QUARTER_MS, timeZone) >= wall) after = middle;
    else before = middle;
  }
  return { shown, next: after * QUARTER_MS };
}

/** The first instant after `at` at which the clock on the wall shows this time of day. */
export function nextTimeOfDay(at: Instant, timeOfDayMs: number, timeZone: string): Instant {
  const { date } = localTimeAt(at, timeZone);
  const candidates = [-1, 0, 1, 2].map((days) => instantOf(addDays(date, days), timeOfDayMs, timeZone));
  return candidates.find((candidate) => candidate > at) ?? at + DAY_MS;
}

/** A date so many days later, or earlier for a negative number: `2026-11-22` and 1 → `2026-11-23`. */
export const addDays = (date: string, days: number): string =>
  dayOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).date;

/** Is this a date that exists, such as `2026-11-22`? */
export const isDate = (text: string): boolean => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && dayOf(at).date === text;
};

/** The day of the week of a date. */
export const weekdayOf = (date: string): DayName => dayOf(Date.parse(`${date}T00:00:00Z`)).weekday;

/** `06:30` or `06:30:15` in milliseconds since 00:00; undefined for any other text. `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): number | undefined {
  if (text === '24:00') return DAY_MS;
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * HOUR_MS + Number(match[2]) * MINUTE_MS + Number(match[3] ?? 0) * SECOND_MS;
}

/** Is this a time zone that this program knows, such as `Europe/London`? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}

function dayOf(shown: number): Pick<LocalTime, 'date' | 'weekday'> {
  const day = new Date(shown);
  return { date: day.toISOString().slice(0, 10), weekday: DAY_NAMES[(day.getUTCDay() + 6) % 7] ?? 'monday' };
}

interface Zone {
  format: Intl.DateTimeFormat;
  /** Offsets by day of UTC, undefined for those on which they change; and by quarter, on such days. */
  days: Map<number, number | undefined>;
  quarters: Map<number, number>;
}

/** Days of one zone that are kept: eleven years. */
const MOST_DAYS = 4_096;

const ZONES = new Map<string, Zone>();

/** How much the clock on the wall is ahead of UTC, in milliseconds. */
function offsetAt(at: Instant, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const day = Math.floor(at / DAY_MS);
  if (!zone.days.has(day)) {
    if (zone.days.size >= MOST_DAYS) zone.days.clear();
    const [starts, ends] = [shownAhead(zone, day * DAY_MS), shownAhead(zone, (day + 1) * DAY_MS)];
    zone.days.set(day, starts === ends ? starts : undefined);
  }
  return zone.days.get(day) ?? offsetOfQuarter(zone, Math.floor(at / QUARTER_MS));
}

function offsetOfQuarter(zone: Zone, quarter: number): number {
  const known = zone.quarters.get(quarter);
  if (known !== undefined) return known;
  if (zone.quarters.size >= MOST_DAYS) zone.quarters.clear();
  const offsetMs = shownAhead(zone, quarter * QUARTER_MS);
  zone.quarters.set(quarter, offsetMs);
  return offsetMs;
}

const shownAhead = ({ format }: Zone, at: Instant): number => shownBy(format, at) - at;

function zoneOf(timeZone: string): Zone {
  const known = ZONES.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const zone: Zone = { format, days: new Map(), quarters: new Map() };
  ZONES.set(timeZone, zone);
  return zone;
}

/** What the wall shows, read as if it were UTC. */
function shownBy(format: Intl.DateTimeFormat, at: Instant): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
