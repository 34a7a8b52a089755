// What is wrong with a set of days beyond its form: holidays nobody knows, calendars that do not exist or lead in a circle.
import { isHolidayRegion } from '../facts/holidays.ts';
import type { Calendar, Days } from '../model/calendar.ts';
import { problem, type Problem } from '../model/result.ts';
import { calendarsIn, partsOf } from './calendars.ts';
import { checkIcalendar } from './icalendar.ts';

/** How deep days may be combined, and from how many parts. */
const MOST_LEVELS = 16;
const MOST_PARTS = 500;

/** The calendars that there are, by id. */
export type KnownCalendars = ReadonlyMap<string, Calendar>;

/**
 * All problems of a set of days.
 *
 * @param path JSON pointer of the set in its document
 */
export function checkDays(days: Days, path: string, known: KnownCalendars): Problem[] {
  const parts = [...partsOf(days)];
  const [deepest] = parts.filter(({ level }) => level > MOST_LEVELS);
  if (deepest)
    return [problem('calendar-size', `${path}${deepest.path}`, deepest.level, `allowed are ${MOST_LEVELS} levels`)];
  if (parts.length > MOST_PARTS)
    return [problem('calendar-size', path, parts.length, `allowed are ${MOST_PARTS} parts`)];
  return parts.flatMap((one) => problemsOf(one.part, `${path}${one.path}`, known));
}

/** The way from a calendar back to itself, if there is one: `a/x`, `a/y`, `a/x`. */
export function circleFrom({ id, days }: Calendar, known: KnownCalendars): string[] | undefined {
  const open = calendarsIn(days).map((next) => [id, next]);
  const seen = new Set<string>();
  for (let way = open.shift(); way; way = open.shift()) {
    const here = way.at(-1) ?? '';
    if (here === id) return way;
    if (seen.has(here)) continue;
    seen.add(here);
    const calendar = known.get(here);
    for (const next of calendar ? calendarsIn(calendar.days) : []) open.push([...way, next]);
  }
  return undefined;
}

function problemsOf(part: Days, path: string, known: KnownCalendars): Problem[] {
  if (typeof part === 'string') return [];
  if ('holidays' in part && !isHolidayRegion(part.holidays))
    return [
      problem(
        'calendar-holidays',
        `${path}/holidays`,
        part.holidays,
        'allowed is a country, state or region such as FI, DE-BY or GB-ENG',
      ),
    ];
  if ('icalendar' in part) return checkIcalendar(part, `${path}/icalendar`);
  if ('calendar' in part && !known.has(part.calendar)) {
    const names = [...known.keys()].toSorted().join(', ');
    return [
      problem(
        'calendar-unknown',
        `${path}/calendar`,
        part.calendar,
        names === '' ? 'there is no calendar yet' : `allowed is one of ${names}`,
      ),
    ];
  }
  return [];
}
