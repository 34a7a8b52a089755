// The days that the events of an iCalendar text touch (RFC 5545). The only home of ical.js.
import ICAL from 'ical.js';

import { addDays, instantOf, isTimeZone, localTimeAt } from '../model/local-time.ts';
import { problem, type Problem } from '../model/result.ts';

/** An iCalendar text, and which of its events are meant. */
interface Meant {
  icalendar: string;
  summary?: string | undefined;
}

/** Occurrences of one event that are looked at: one a day for 50 years. */
const MOST_OCCURRENCES = 20_000;
/** The most days that one occurrence may last. */
const MOST_DAYS = 400;
/** The largest text is parsed once, not with every day. */
const MOST_TEXTS = 200;

const NO_DAYS: ReadonlySet<string> = new Set();

/** What cannot be used in an iCalendar text: all problems, each with the line at which its event begins. */
export function checkIcalendar({ icalendar, summary }: Meant, path: string): Problem[] {
  const events = read(icalendar);
  if ('problem' in events) return [problem('calendar-icalendar', path, firstLine(icalendar), events.problem)];
  const wrong = events.events.flatMap((event) => problemsOf(event).map((said) => ({ event, said })));
  const problems = wrong.map(({ event, said }) =>
    problem('calendar-icalendar', path, nameOf(event), `line ${lineOf(icalendar, event)}: ${said}`),
  );
  if (problems.length === 0 && !events.events.some((event) => isMeant(event, summary)))
    return [
      problem(
        'calendar-icalendar',
        path,
        summary ?? firstLine(icalendar),
        'allowed is a text with at least one such event',
      ),
    ];
  return problems;
}

/**
 * The days of a year that events touch on the clocks of a zone. Cancelled events touch none; events without a time of day
 * touch their dates everywhere. A text that cannot be read has no days: checks refuse it.
 */
export function icalendarDays(meant: Meant, year: number, timeZone: string): ReadonlySet<string> {
  const parsed = read(meant.icalendar);
  if ('problem' in parsed) return NO_DAYS;
  const key = `${timeZone} ${year} ${meant.summary ?? ''}`;
  const known = parsed.days.get(key);
  if (known) return known;
  const events = parsed.events.filter((event) => isMeant(event, meant.summary) && problemsOf(event).length === 0);
  const days = new Set(events.flatMap((event) => daysOf(event, year, timeZone)));
  parsed.days.set(key, days);
  return days;
}

interface Parsed {
  events: ICAL.Event[];
  days: Map<string, ReadonlySet<string>>;
}

const texts = new Map<string, Parsed | { problem: string }>();

function read(text: string): Parsed | { problem: string } {
  const known = texts.get(text);
  if (known) return known;
  const parsed = parse(text);
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, parsed);
  return parsed;
}

function parse(text: string): Parsed | { problem: string } {
  try {
    const lines: unknown = ICAL.parse(text);
    if (!Array.isArray(lines)) return { problem: 'allowed is one text that begins with BEGIN:VCALENDAR' };
    const root = new ICAL.Component(lines);
    if (root.name !== 'vcalendar') return { problem: 'allowed is a text that begins with BEGIN:VCALENDAR' };
    const components = root.getAllSubcomponents('vevent');
    const exceptions = components.filter((one) => one.hasProperty('recurrence-id'));
    const events = components
      .filter((one) => !one.hasProperty('recurrence-id'))
      .map((one) => new ICAL.Event(one, { exceptions: exceptions.filter((other) => uidOf(other) === uidOf(one)) }));
    return { events, days: new Map() };
  } catch (error) {
    return { problem: `it is no iCalendar text: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const uidOf = (component: ICAL.Component): unknown => component.getFirstPropertyValue('uid');
const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? '';
const nameOf = (event: ICAL.Event): string => event.summary ?? event.uid ?? 'an event';

/** The line at which an event begins, counted from 1. */
function lineOf(text: string, event: ICAL.Event): number {
  const lines = text.split(/\r?\n/);
  const uid = lines.findIndex((line) => line === `UID:${event.uid ?? ''}`);
  const begins = lines.findLastIndex((line, index) => line === 'BEGIN:VEVENT' && (uid === -1 || index <= uid));
  return Math.max(begins, 0) + 1;
}

const isMeant = (event: ICAL.Event, summary: string | undefined): boolean =>
  event.component.getFirstPropertyValue('status') !== 'CANCELLED' &&
  (summary === undefined || (event.summary ?? '').toLowerCase().includes(summary.toLowerCase()));

/** Frequencies finer than a day say nothing about days, and may go on for ever. */
const TOO_FINE = /^(SECONDLY|MINUTELY|HOURLY)$/;

function problemsOf(event: ICAL.Event): string[] {
  const problems: string[] = [];
  const start = event.component.getFirstPropertyValue('dtstart');
  if (!(start instanceof ICAL.Time)) return ['allowed is an event with DTSTART'];
  const zone = zoneNamed(event.component.getFirstProperty('dtstart'));
  if (zone !== undefined && !isTimeZone(zone) && !isDefined(start))
    problems.push(`the time zone ${zone} is neither in the text nor in the IANA database`);
  for (const rule of event.component.getAllProperties('rrule')) {
    const value = rule.getFirstValue();
    if (value instanceof ICAL.Recur && TOO_FINE.test(value.freq))
      problems.push('allowed are recurrences by day, week, month or year');
  }
  try {
    if (event.duration.toSeconds() > MOST_DAYS * 86_400) problems.push(`allowed are events of up to ${MOST_DAYS} days`);
    if (event.duration.toSeconds() < 0) problems.push('allowed is an end that is not before the beginning');
  } catch (error) {
    problems.push(`its length cannot be read: ${String(error)}`);
  }
  return problems;
}

const zoneNamed = (property: ICAL.Property | null): string | undefined => {
  const named = property?.getParameter('tzid');
  return typeof named === 'string' ? named : undefined;
};

/** Does the text itself say what this time's zone is? */
const isDefined = ({ zone }: ICAL.Time): boolean => zone !== null && zone !== undefined && zone.tzid !== 'floating';

function daysOf(event: ICAL.Event, year: number, timeZone: string): string[] {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const found: string[] = [];
  const zone = zoneNamed(event.component.getFirstProperty('dtstart'));
  const iterator = event.isRecurring() ? event.iterator() : undefined;
  let next: ICAL.Time | null | undefined = iterator ? iterator.next() : event.startDate;
  for (let count = 0; next && count < MOST_OCCURRENCES; count += 1) {
    if (next.year > year) break;
    const { startDate, endDate, item } = event.getOccurrenceDetails(next);
    if (item.component.getFirstPropertyValue('status') !== 'CANCELLED')
      for (
        let day = dateOf(startDate, zone, timeZone), end = lastDay(startDate, endDate, { zone, timeZone });
        day <= end;
        day = addDays(day, 1)
      )
        if (first <= day && day <= last) found.push(day);
    next = iterator?.next();
  }
  return found;
}

/** An event without a time of day ends before its end's date; one with a time that ends at midnight does too. */
function lastDay(
  start: ICAL.Time,
  end: ICAL.Time,
  { zone, timeZone }: { zone: string | undefined; timeZone: string },
): string {
  const begins = dateOf(start, zone, timeZone);
  const ends = end.isDate ? addDays(dateOf(end, zone, timeZone), -1) : dateBefore(end, zone, timeZone);
  return ends < begins ? begins : ends;
}

const written = ({ year, month, day }: ICAL.Time): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

const timeOfDay = ({ hour, minute, second }: ICAL.Time): number => ((hour * 60 + minute) * 60 + second) * 1_000;

/** Undefined for a date, and for a time that is meant on the clocks of wherever it is read. */
function instantIn(time: ICAL.Time, zone: string | undefined): number | undefined {
  if (time.isDate) return undefined;
  if (isDefined(time)) return time.toUnixTime() * 1_000;
  return zone === undefined ? undefined : instantOf(written(time), timeOfDay(time), zone);
}

function dateOf(time: ICAL.Time, zone: string | undefined, timeZone: string): string {
  const at = instantIn(time, zone);
  return at === undefined ? written(time) : localTimeAt(at, timeZone).date;
}

/** The date of the last moment before a time. */
function dateBefore(time: ICAL.Time, zone: string | undefined, timeZone: string): string {
  const at = instantIn(time, zone);
  if (at !== undefined) return localTimeAt(at - 1, timeZone).date;
  return new Date(Date.parse(`${written(time)}T00:00:00Z`) + timeOfDay(time) - 1).toISOString().slice(0, 10);
}
