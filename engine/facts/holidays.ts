// Public holidays of a country, state or region. The only home of date-holidays.
import Holidays from 'date-holidays';

import type { HolidayKind } from '../model/calendar.ts';
import type { CalendarDay } from '../model/facts.ts';
import { weekdayOf } from '../model/local-time.ts';

const DAY_MS = 86_400_000;

/** The days that are holidays, by region, year and kinds. */
const known = new Map<string, ReadonlySet<string>>();

/**
 * Is this a holiday?
 *
 * @param region `FI`, `DE-BY`, `DE-BY-A`: country, state, region, as `isHolidayRegion` accepts them
 * @param date `2026-12-25`, on the region's clocks
 * @param kinds default: the public ones
 */
export function isHoliday(region: string, date: string, kinds: readonly HolidayKind[] = ['public']): boolean {
  const year = date.slice(0, 4);
  const key = `${region} ${year} ${kinds.join(' ')}`;
  const days = known.get(key) ?? daysOff(region, Number(year), kinds);
  known.set(key, days);
  return days.has(date);
}

/**
 * What kind of day a date is on a city's calendar: a public holiday on whichever day of the week, else by that day.
 *
 * @param region whose public holidays the city keeps; without one there are none
 */
export function kindOfDay(region: string | undefined, date: string): CalendarDay {
  if (region !== undefined && isHoliday(region, date)) return 'holiday';
  const weekday = weekdayOf(date);
  return weekday === 'saturday' || weekday === 'sunday' ? weekday : 'workday';
}

/** Does anybody know the holidays of this region? */
export function isHolidayRegion(region: string): boolean {
  const [country = '', state, part, ...rest] = region.split('-');
  const all = new Holidays();
  if (rest.length > 0 || !Object.hasOwn(all.getCountries(), country)) return false;
  if (state === undefined) return true;
  if (!Object.hasOwn(all.getStates(country) ?? {}, state)) return false;
  return part === undefined || Object.hasOwn(all.getRegions(country, state) ?? {}, part);
}

function daysOff(region: string, year: number, kinds: readonly HolidayKind[]): ReadonlySet<string> {
  const [country = '', state = '', part = ''] = region.split('-');
  const found = new Holidays(country, state, part, { types: [...kinds] }).getHolidays(year);
  return new Set(found.flatMap(({ date, start, end }) => daysOf(date, end.getTime() - start.getTime())));
}

/** The days whose noon it covers: some begin at sunset of the day before, some only in the afternoon. */
function daysOf(date: string, lengthMs: number): string[] {
  const [day = '', time = '00:00:00'] = date.split(' ');
  const start = Date.parse(`${day}T${time}Z`);
  const days: string[] = [];
  const firstNoon = Math.ceil((start - DAY_MS / 2) / DAY_MS) * DAY_MS + DAY_MS / 2;
  for (let noon = firstNoon; noon < start + lengthMs; noon += DAY_MS)
    days.push(new Date(noon).toISOString().slice(0, 10));
  return days;
}
