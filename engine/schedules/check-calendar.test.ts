import { expect, it } from 'vitest';

import type { Calendar } from '../model/calendar.ts';
import { describeProblems } from '../model/result.ts';
import { checkCalendar } from './check-calendar.ts';

const KNOWN = new Map<string, Calendar>([
  ['city/off', { id: 'city/off', title: 'Off', days: 'sunday' }],
  ['city/back', { id: 'city/back', title: 'Leads back', days: { calendar: 'city/asked' } }],
]);

function problemsOf(days: unknown): string[] {
  const checked = checkCalendar({ id: 'city/asked', title: 'Asked', days }, KNOWN);
  return checked.ok ? [] : checked.problems.map((one) => `${one.code} ${describeProblems([one])}`);
}

const event = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

it('accepts what can work', () => {
  expect(problemsOf({ days: { calendar: 'city/off' }, except: { holidays: 'DE-BY' } })).toEqual([]);
});

it('says everything that is wrong at once, each at its place', () => {
  const days = { or: [{ calendar: 'city/of' }, { holidays: 'XX' }, { and: ['sunday', { icalendar: 'BEGIN:VCARD' }] }] };
  expect(problemsOf(days)).toEqual([
    'calendar-unknown /days/or/0/calendar: found "city/of"; allowed is one of city/asked, city/back, city/off',
    'calendar-holidays /days/or/1/holidays: found "XX"; allowed is a country, state or region such as FI, DE-BY or GB-ENG',
    expect.stringMatching(
      /^calendar-icalendar \/days\/or\/2\/and\/1\/icalendar: found "BEGIN:VCARD"; it is no iCalendar text/,
    ),
  ]);
});

it.each([
  [{ dates: ['2026-02-29'] }, /schema \/days\/dates\/0: allowed is a date such as/],
  [{ dates: ['13-01'] }, /schema \/days\/dates\/0/],
  [{ from: '2026-12-24', to: '12-26' }, /two dates with a year, or two without/],
  [{ from: '2026-12-24', to: '2026-12-23' }, /an end that is not before the beginning/],
  [{ which: 'sixth', weekday: 'friday' }, /schema \/days\/which/],
  [{ and: [] }, /schema \/days\/and/],
  ['holiday', /schema \/days: /],
])('refuses days that do not exist: %j', (days, said) => {
  expect(problemsOf(days).join('\n')).toMatch(said);
});

it.each([
  ['no text at all', 'hello', /it is no iCalendar text/],
  ['an event without a beginning', event('SUMMARY:Fair'), /found "Fair"; line 2: allowed is an event with DTSTART/],
  [
    'a zone that nobody knows',
    event('DTSTART;TZID=Mars/Olympus:20261102T080000'),
    /line 2: the time zone Mars\/Olympus/,
  ],
  ['an event of years', event('DTSTART;VALUE=DATE:20261102', 'DTEND;VALUE=DATE:20291102'), /events of up to 400 days/],
  [
    'an end before the beginning',
    event('DTSTART;VALUE=DATE:20261102', 'DTEND;VALUE=DATE:20261101'),
    /not before the beginning/,
  ],
  ['every second for ever', event('DTSTART:20261102T080000Z', 'RRULE:FREQ=SECONDLY'), /by day, week, month or year/],
  ['a recurrence that is none', event('DTSTART:20261102T080000Z', 'RRULE:FREQ=OFTEN'), /OFTEN/],
  ['no event at all', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR', /at least one such event/],
])('refuses an iCalendar text with %s', (_, icalendar, said) => {
  expect(problemsOf({ icalendar }).join('\n')).toMatch(said);
});

it('refuses a circle, and names it', () => {
  expect(problemsOf({ calendar: 'city/back' })).toEqual([
    'calendar-circle /days: found "city/asked → city/back → city/asked"; allowed are calendars that do not come back to themselves',
  ]);
});

it('refuses what is combined too deeply or from too much', () => {
  let deep: unknown = 'sunday';
  for (let level = 0; level < 20; level += 1) deep = { and: [deep] };
  expect(problemsOf(deep)).toEqual([expect.stringMatching(/^calendar-size .*16 levels/)]);
  const wide = { or: Array.from({ length: 10 }, () => ({ or: Array.from({ length: 60 }, () => 'sunday') })) };
  expect(problemsOf(wide)).toEqual([expect.stringMatching(/^calendar-size .*500 parts/)]);
});
