// The days of a schedule: from midnight to midnight or from noon to noon on its clocks, and the moments within them.
import { sunDay } from '../facts/sun.ts';
import type { Instant } from '../model/clock.ts';
import { durationMs } from '../model/duration.ts';
import { remembered } from '../model/remembered.ts';
import { addDays, localTimeAt, parseTimeOfDay } from '../model/local-time.ts';
import type { DayMoment, Schedule, SunEvent } from '../model/schedule.ts';
import { clockTime } from './clock-times.ts';

const HALF_DAY_MS = 43_200_000;

/** Whose clocks and whose sun a day is meant by. */
export type DayRules = Pick<Schedule, 'timeZone' | 'dayStarts' | 'skippedHour' | 'doubledHour' | 'place'>;

/** One day of a schedule. */
export interface ScheduleDay {
  /** The date on which it begins. */
  date: string;
  /** Milliseconds since the epoch; the end is the beginning of the next. */
  start: Instant;
  end: Instant;
}

/** The day of a date. */
export const dayOf = (date: string, rules: DayRules): ScheduleDay =>
  remembered(days, `${rules.timeZone} ${rules.dayStarts} ${date}`, () => ({
    date,
    start: startOf(date, rules),
    end: startOf(addDays(date, 1), rules),
  }));

/** Thousands of schedules live the same days. */
const days = new Map<string, ScheduleDay>();

/** The day that an instant lies in. */
export function dayAt(at: Instant, rules: DayRules): ScheduleDay {
  const { date } = localTimeAt(at, rules.timeZone);
  const lies = ({ start, end }: ScheduleDay): boolean => start <= at && at < end;
  const same = dayOf(date, rules);
  if (lies(same)) return same;
  return [-1, 1].map((later) => dayOf(addDays(date, later), rules)).find(lies) ?? same;
}

const startOf = (date: string, rules: DayRules): Instant =>
  clockTime(date, rules.dayStarts === 'noon' ? HALF_DAY_MS : 0, { ...rules, doubledHour: 'first' });

/** When a moment of a day is. By the sun it is never outside of its day. */
export function momentIn(day: ScheduleDay, moment: DayMoment, rules: DayRules): Instant {
  if (typeof moment === 'string') return clockIn(day, moment, rules);
  const { sun, earlier, later, notBefore, notAfter } = moment;
  const shift = (later === undefined ? 0 : durationMs(later)) - (earlier === undefined ? 0 : durationMs(earlier));
  let at = sunIn(day, sun, rules) + shift;
  if (notBefore !== undefined) at = Math.max(at, clockIn(day, notBefore, rules));
  if (notAfter !== undefined) at = Math.min(at, clockIn(day, notAfter, rules));
  return Math.min(Math.max(at, day.start), day.end);
}

/** A time of day within a day that may begin at noon: those before noon are on the next date. */
function clockIn(day: ScheduleDay, text: string, rules: DayRules): Instant {
  const timeOfDayMs = parseTimeOfDay(text) ?? 0;
  return clockTime(dateOfClock(day, timeOfDayMs, rules), timeOfDayMs, rules);
}

/** The date on which the clocks show a time of day within a day. */
export const dateOfClock = ({ date }: ScheduleDay, timeOfDayMs: number, { dayStarts }: DayRules): string =>
  dayStarts === 'noon' && timeOfDayMs < HALF_DAY_MS ? addDays(date, 1) : date;

/** Degrees at which each event is, and whether the sun climbs. */
const EVENTS: Readonly<Record<SunEvent, { degrees: number; climbs: boolean }>> = {
  sunrise: { degrees: 0, climbs: true },
  sunset: { degrees: 0, climbs: false },
  civilDawn: { degrees: -6, climbs: true },
  civilDusk: { degrees: -6, climbs: false },
  nauticalDawn: { degrees: -12, climbs: true },
  nauticalDusk: { degrees: -12, climbs: false },
  astronomicalDawn: { degrees: -18, climbs: true },
  astronomicalDusk: { degrees: -18, climbs: false },
};

/** Does the sun do what a moment is about in this day? Where it stays up or down, nothing happens by the sun. */
export function happensIn({ start, end }: ScheduleDay, moment: DayMoment, { place = [0, 0] }: DayRules): boolean {
  if (typeof moment === 'string') return true;
  const { degrees, climbs } = EVENTS[moment.sun];
  return sunDay(place, degrees, start, end).crossings.some(({ isUp }) => isUp === climbs);
}

/**
 * When the sun does something in a day: the first time if it does so twice. Where it does not, it has either done so
 * already at the beginning of the day or will not before its end: while it stays down, dusk is at the beginning and dawn at
 * the end; while it stays up, the other way round. So what is lit from dusk to dawn is lit all the time, or never.
 */
function sunIn({ start, end }: ScheduleDay, event: SunEvent, { place = [0, 0] }: DayRules): Instant {
  const { degrees, climbs } = EVENTS[event];
  const { startsUp, crossings } = sunDay(place, degrees, start, end);
  const found = crossings.find(({ isUp }) => isUp === climbs);
  if (found) return found.at;
  const isUpAtEnd = crossings.at(-1)?.isUp ?? startsUp;
  // Dawn: behind us if it is up already. Dusk: behind us if it is down all day.
  return (climbs ? startsUp : !isUpAtEnd) ? start : end;
}
