// Is a date in a set of days? In three values: undefined where a calendar that it names cannot say.
import { isHoliday } from '../facts/holidays.ts';
import type { Days, InCalendar } from '../model/calendar.ts';
import { addDays, DAY_NAMES, weekdayOf } from '../model/local-time.ts';
import { icalendarDays } from './icalendar.ts';

const WORKDAYS: readonly string[] = DAY_NAMES.slice(0, 5);
/** Days before the one that is looked for, of each word but `last`. */
const WEEKS_BEFORE: Readonly<Record<string, number>> = { first: 0, second: 1, third: 2, fourth: 3, fifth: 4 };

/** Whose clocks and whose calendars the days are meant by. */
export interface DaySource {
  /** IANA name: events of an iCalendar text touch days on these clocks. */
  timeZone: string;
  inCalendar: InCalendar;
}

/**
 * Is this one of the days?
 *
 * @param date `2026-12-25`
 */
export function includesDay(days: Days, date: string, source: DaySource): boolean | undefined {
  if (typeof days === 'string') return hasWord(days, date);
  if ('dates' in days) return days.dates.some((one) => one === date || one === date.slice(5));
  if ('from' in days) return isBetween(days, date);
  if ('which' in days) return isWhich(days, date);
  if ('holidays' in days) return isHoliday(days.holidays, date, days.kinds);
  if ('icalendar' in days) return icalendarDays(days, Number(date.slice(0, 4)), source.timeZone).has(date);
  if ('calendar' in days) return source.inCalendar(days.calendar, date);
  if ('and' in days) return every(days.and.map((one) => includesDay(one, date, source)));
  if ('or' in days) return not(every(days.or.map((one) => not(includesDay(one, date, source)))));
  return every([includesDay(days.days, date, source), not(includesDay(days.except, date, source))]);
}

function hasWord(word: Extract<Days, string>, date: string): boolean {
  if (word === 'everyDay') return true;
  const weekday = weekdayOf(date);
  const isWorkday = WORKDAYS.includes(weekday);
  if (word === 'workday') return isWorkday;
  return word === 'weekend' ? !isWorkday : word === weekday;
}

/** Without a year, a stretch may go past New Year. */
function isBetween({ from, to }: { from: string; to: string }, date: string): boolean {
  const day = from.length === date.length ? date : date.slice(5);
  return from <= to ? from <= day && day <= to : from <= day || day <= to;
}

function isWhich({ which, weekday, months }: Extract<Days, { which: string }>, date: string): boolean {
  if (weekdayOf(date) !== weekday) return false;
  const month = Number(date.slice(5, 7));
  if (months && !months.includes(month)) return false;
  if (which === 'last') return Number(addDays(date, 7).slice(5, 7)) !== month;
  return Math.floor((Number(date.slice(8)) - 1) / 7) === WEEKS_BEFORE[which];
}

type Known = boolean | undefined;

const not = (known: Known): Known => (known === undefined ? undefined : !known);

/** False as soon as one is, whatever is unknown. */
function every(all: readonly Known[]): Known {
  if (all.includes(false)) return false;
  return all.includes(undefined) ? undefined : true;
}
