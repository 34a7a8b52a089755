import { expect, it } from 'vitest';

import { addDays, instantOf, isTimeZone, localTimeAt, nextTimeOfDay, parseTimeOfDay, weekdayOf } from './local-time.ts';

const LONDON = 'Europe/London';
const HOUR_MS = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();
const at = (text: string): number => Date.parse(text);
const next = (from: string): string => iso(nextTimeOfDay(at(from), parseTimeOfDay('05:00')!, LONDON));

it.each([
  ['2026-11-22T10:00:00Z', LONDON, { date: '2026-11-22', weekday: 'sunday', timeOfDayMs: 10 * HOUR_MS }],
  ['2026-07-01T23:30:00Z', LONDON, { date: '2026-07-02', weekday: 'thursday', timeOfDayMs: 0.5 * HOUR_MS }],
  ['2026-11-22T10:00:00Z', 'America/New_York', { date: '2026-11-22', weekday: 'sunday', timeOfDayMs: 5 * HOUR_MS }],
  ['2026-11-22T20:00:00Z', 'Asia/Kathmandu', { date: '2026-11-23', weekday: 'monday', timeOfDayMs: 1.75 * HOUR_MS }],
])('shows %s in %s as the clock on the wall does', (instant, zone, shown) => {
  expect(localTimeAt(at(instant), zone)).toEqual(shown);
});

it.each([
  ['an ordinary time', '2026-11-22', '06:30', '2026-11-22T06:30:00.000Z'],
  ['a summer time', '2026-07-01', '06:30', '2026-07-01T05:30:00.000Z'],
  ['the first of an hour that comes twice', '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
  ['what is skipped, an hour later', '2026-03-29', '01:30', '2026-03-29T01:30:00.000Z'],
  ['the minute after the gap', '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
  ['midnight at the end of the day', '2026-03-29', '24:00', '2026-03-29T23:00:00.000Z'],
])('finds the instant of %s', (_what, date, time, instant) => {
  expect(iso(instantOf(date, parseTimeOfDay(time)!, LONDON))).toBe(instant);
});

it('finds the next time of day: today’s, tomorrow’s, and 23 or 25 hours later when the clocks change', () => {
  expect(next('2026-11-22T04:59:59Z')).toBe('2026-11-22T05:00:00.000Z');
  expect(next('2026-11-22T05:00:00Z')).toBe('2026-11-23T05:00:00.000Z');
  expect(next('2026-03-28T05:00:00Z')).toBe('2026-03-29T04:00:00.000Z');
  expect(next('2026-10-24T04:00:00Z')).toBe('2026-10-25T05:00:00.000Z');
});

it('comes back to every quarter of an hour of both days on which the clocks change', () => {
  for (const day of ['2026-03-29', '2026-10-25']) {
    for (let instant = at(`${day}T00:00:00Z`); instant < at(`${day}T23:00:00Z`); instant += HOUR_MS / 4) {
      const { date, timeOfDayMs } = localTimeAt(instant, LONDON);
      const back = instantOf(date, timeOfDayMs, LONDON);
      expect([instant, instant - HOUR_MS]).toContain(back);
      expect(localTimeAt(back, LONDON)).toMatchObject({ date, timeOfDayMs });
    }
  }
});

it('reads times of day and nothing else', () => {
  expect(['00:00', '06:30', '23:59:59', '24:00'].map(parseTimeOfDay)).toEqual([0, 23_400_000, 86_399_000, 86_400_000]);
  for (const text of ['6:30', '24:01', '12:60', 'noon', '', '-1:00']) expect(parseTimeOfDay(text)).toBeUndefined();
});

it('counts days over the ends of months and years', () => {
  expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1), weekdayOf('2028-02-29')]).toEqual([
    '2027-01-01',
    '2028-02-29',
    'tuesday',
  ]);
});

it('knows which time zones exist', () => {
  expect([isTimeZone(LONDON), isTimeZone('UTC'), isTimeZone('Europe/Harbourton')]).toEqual([true, true, false]);
});
