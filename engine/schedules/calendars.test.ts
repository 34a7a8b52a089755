import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { calendarSchema, type Days } from '../model/calendar.ts';
import { addDays } from '../model/local-time.ts';
import { Calendars } from './calendars.ts';

/** The dates of a stretch that are among the days; `?` after one where nobody can say. */
function daysIn(days: unknown, from: string, count: number, others: Record<string, unknown> = {}): string[] {
  const calendars = new Calendars('Europe/London');
  const documents = { 'city/asked': days, ...others };
  for (const [id, each] of Object.entries(documents))
    calendars.put(id, calendarSchema.parse({ id, title: id, days: each }));
  return Array.from({ length: count }, (_, index) => addDays(from, index)).flatMap((date) => {
    const answer = calendars.includes('city/asked', date);
    return answer === undefined ? [`${date}?`] : answer ? [date] : [];
  });
}

describe('sets of days', () => {
  it.each<[what: string, days: unknown, from: string, count: number, found: string[]]>([
    ['workdays', 'workday', '2026-11-20', 5, ['2026-11-20', '2026-11-23', '2026-11-24']],
    ['weekends', 'weekend', '2026-11-20', 4, ['2026-11-21', '2026-11-22']],
    ['a weekday', 'friday', '2026-11-20', 14, ['2026-11-20', '2026-11-27']],
    ['single dates', { dates: ['2026-11-21', '11-23'] }, '2026-11-20', 4, ['2026-11-21', '2026-11-23']],
    ['the leap day of every year', { dates: ['02-29'] }, '2027-02-25', 380, ['2028-02-29']],
    [
      'a season past New Year',
      { from: '12-30', to: '01-02' },
      '2026-12-28',
      8,
      ['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'],
    ],
    [
      'a stretch of one year',
      { from: '2026-12-30', to: '2026-12-31' },
      '2025-12-29',
      370,
      ['2026-12-30', '2026-12-31'],
    ],
    [
      'the last Friday of each month',
      { which: 'last', weekday: 'friday' },
      '2026-10-01',
      92,
      ['2026-10-30', '2026-11-27', '2026-12-25'],
    ],
    [
      'a fifth Thursday, where there is one',
      { which: 'fifth', weekday: 'thursday' },
      '2026-10-01',
      92,
      ['2026-10-29', '2026-12-31'],
    ],
    ['the first Monday of May', { which: 'first', weekday: 'monday', months: [5] }, '2026-01-01', 365, ['2026-05-04']],
    [
      'public holidays of a region',
      { holidays: 'GB-ENG' },
      '2026-12-20',
      14,
      ['2026-12-25', '2026-12-26', '2026-12-28', '2027-01-01'],
    ],
    ['all of several', { and: ['workday', { dates: ['12-25', '12-26'] }] }, '2026-12-24', 4, ['2026-12-25']],
    ['any of several', { or: ['sunday', { dates: ['12-25'] }] }, '2026-12-24', 4, ['2026-12-25', '2026-12-27']],
    [
      'some except others',
      { days: 'workday', except: { holidays: 'GB-ENG' } },
      '2026-12-24',
      6,
      ['2026-12-24', '2026-12-29'],
    ],
  ])('are %s', (...[, days, from, count, found]) => {
    expect(daysIn(days, from, count)).toEqual(found);
  });

  it('are those of another calendar, and follow it when it changes', () => {
    const calendars = new Calendars('UTC');
    const put = (id: string, days: Days) => calendars.put(id, { id, title: id, days });
    put('city/off', 'sunday');
    put('city/asked', { days: 'everyDay', except: { calendar: 'city/off' } });
    expect(calendars.includes('city/asked', '2026-11-22')).toBe(false);
    put('city/off', 'monday');
    expect(calendars.includes('city/asked', '2026-11-22')).toBe(true);
    expect(calendars.reaching('city/off')).toEqual(new Set(['city/off', 'city/asked']));
  });

  it('are unknown where a calendar is missing or leads back to itself, unless the rest decides', () => {
    const named = { calendar: 'city/other' };
    expect(daysIn({ and: ['sunday', named] }, '2026-11-21', 2)).toEqual(['2026-11-22?']);
    expect(daysIn({ or: ['sunday', named] }, '2026-11-21', 2)).toEqual(['2026-11-21?', '2026-11-22']);
    expect(daysIn({ days: 'sunday', except: named }, '2026-11-21', 2)).toEqual(['2026-11-22?']);
    expect(daysIn(named, '2026-11-21', 1, { 'city/other': { calendar: 'city/asked' } })).toEqual(['2026-11-21?']);
  });

  it('have exactly the days of one part and not of the other, whatever the date', () => {
    const date = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1990-01-01', days));
    const simple = fc.constantFrom<Days>(
      'workday',
      'sunday',
      { from: '10-15', to: '03-15' },
      { which: 'last', weekday: 'friday' },
    );
    fc.assert(
      fc.property(date, simple, simple, (day, left, right) => {
        const has = (days: Days) => daysIn(days, day, 1).length === 1;
        expect(has({ days: left, except: right })).toBe(has(left) && !has(right));
        expect(has({ and: [left, right] })).toBe(has(left) && has(right));
        expect(has({ or: [left, right] })).toBe(has(left) || has(right));
      }),
    );
  });
});

const event = (...lines: string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    'UID:one',
    'DTSTAMP:20260101T000000Z',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

describe('the days of an iCalendar text', () => {
  it.each<[what: string, lines: string[], from: string, count: number, found: string[]]>([
    [
      'dates up to the end, which is not one of them',
      ['DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261026'],
      '2026-10-20',
      10,
      ['2026-10-24', '2026-10-25'],
    ],
    ['one date where no end is said', ['DTSTART;VALUE=DATE:20261024'], '2026-10-20', 10, ['2026-10-24']],
    [
      'every day that it touches on the city’s clocks',
      ['DTSTART:20260701T223000Z', 'DTEND:20260701T233000Z'],
      '2026-06-30',
      4,
      ['2026-07-01', '2026-07-02'],
    ],
    [
      'not the day at whose beginning it ends',
      ['DTSTART:20261101T200000Z', 'DTEND:20261102T000000Z'],
      '2026-10-30',
      5,
      ['2026-11-01'],
    ],
    [
      'by a zone of the IANA database that the text does not define',
      ['DTSTART;TZID=Asia/Tokyo:20261102T080000', 'DURATION:PT1H'],
      '2026-10-30',
      5,
      ['2026-11-01'],
    ],
    [
      'a time without a zone, on whichever clocks',
      ['DTSTART:20261102T235900', 'DURATION:PT30S'],
      '2026-10-30',
      5,
      ['2026-11-02'],
    ],
    [
      'again and again, except when it is not',
      ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=WEEKLY;INTERVAL=2', 'EXDATE;VALUE=DATE:20261120'],
      '2026-11-01',
      40,
      ['2026-11-06', '2026-12-04'],
    ],
    ['never, when it is cancelled', ['DTSTART;VALUE=DATE:20261024', 'STATUS:CANCELLED'], '2026-10-20', 10, []],
    [
      'over New Year, in both years',
      ['DTSTART;VALUE=DATE:20261231', 'DTEND;VALUE=DATE:20270102'],
      '2026-12-30',
      5,
      ['2026-12-31', '2027-01-01'],
    ],
  ])('are %s', (...[, lines, from, count, found]) => {
    expect(daysIn({ icalendar: event(...lines) }, from, count)).toEqual(found);
  });

  it('follow one occurrence that was moved', () => {
    const text = event('DTSTART;VALUE=DATE:20261102', 'RRULE:FREQ=WEEKLY').replace(
      'END:VCALENDAR',
      'BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;VALUE=DATE:20261109\r\nDTSTART;VALUE=DATE:20261110\r\nEND:VEVENT\r\nEND:VCALENDAR',
    );
    expect(daysIn({ icalendar: text }, '2026-11-01', 17)).toEqual(['2026-11-02', '2026-11-10', '2026-11-16']);
  });

  it('are only those of events with certain words', () => {
    const text = event('DTSTART;VALUE=DATE:20261102', 'SUMMARY:Half-term holiday');
    expect(daysIn({ icalendar: text, summary: 'half-term' }, '2026-11-01', 5)).toEqual(['2026-11-02']);
    expect(daysIn({ icalendar: text, summary: 'easter' }, '2026-11-01', 5)).toEqual([]);
  });
});
