import { CronExpressionParser } from 'cron-parser';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { scheduleSchema, type Schedule } from '../model/schedule.ts';
import { Calendars } from './calendars.ts';
import { cronTimes } from './cron.ts';
import { occurrences } from './occurrences.ts';
import { dueByWalking, PATTERNS } from './occurrences.testsuite.ts';

const ask = (timeZone: string) => {
  const calendars = new Calendars(timeZone);
  return calendars.ask;
};

const anEvent = (timeZone: string, steps: unknown[], more: object = {}): Schedule =>
  scheduleSchema.parse({
    id: 'city/asked',
    title: 'Asked',
    timeZone,
    event: { name: 'asked' },
    programmes: { daily: steps },
    days: [{ on: 'everyDay', programme: 'daily' }],
    ...more,
  });

/** What is due from one instant up to another, which is not included. */
const due = (schedule: Schedule, from: number, to: number): number[] =>
  [...occurrences(schedule, from - 1, to - 1, ask(schedule.timeZone))].map(({ at }) => at);

const iso = (times: readonly number[]): string[] => times.map((at) => new Date(at).toISOString());

const DAY_MS = 86_400_000;
/** Zones whose clocks change at midnight, by half an hour, or not at all. */
const ZONES = [
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Europe/London',
  'America/New_York',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Pacific/Chatham',
];

const field = (least: number, most: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: least, max: most }).map(String),
    fc.integer({ min: 2, max: 6 }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 2 })
      .map((ends) => ends.toSorted((left, right) => left - right).join('-')),
    fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 4 }).map((list) => list.join(',')),
  );

/** What is due at a time of day of one date. */
const on = (zone: string, at: string, date: string, more: object = {}): string[] => {
  const from = Date.parse(`${date}T00:00:00Z`) - DAY_MS;
  return iso(due(anEvent(zone, [{ at }], more), from, from + 3 * DAY_MS)).filter((time) => {
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(time));
    return shown === date;
  });
};

describe('occurrences, against a walk over every minute that the clocks show', () => {
  it.each(ZONES)('are none missed, none doubled in %s, whether the day begins at midnight or at noon', (zone) => {
    const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };
    const expected = dueByWalking(
      zone,
      range,
      PATTERNS.map(([, fits]) => fits),
    );
    for (const [index, [cron]] of PATTERNS.entries())
      for (const dayStarts of ['midnight', 'noon'])
        expect([cron, ...iso(due(anEvent(zone, [{ cron }], { dayStarts }), range.from, range.to))]).toEqual([
          cron,
          ...iso(expected[index] ?? []),
        ]);
  });
});

describe('the pattern reader, croner, against a second one, cron-parser', () => {
  const times = fc.tuple(field(0, 59), field(0, 23));
  const pattern = fc
    .oneof(
      fc.tuple(times, field(1, 28), field(1, 12), fc.constant('*')),
      fc.tuple(times, fc.constant('*'), field(1, 12), field(0, 6)),
    )
    .map(([time, ...days]) => [...time, ...days].join(' '));

  it('finds the same times on the wall', () => {
    fc.assert(
      fc.property(pattern, fc.integer({ min: 0, max: 1_500 }), (cron, day) => {
        const from = Date.UTC(2026, 0, 1) + day * DAY_MS;
        const second = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(from - 1) });
        const expected: number[] = [];
        for (let next = second.next().getTime(); next < from + 3 * DAY_MS; next = second.next().getTime())
          expected.push(next);
        expect(iso(cronTimes(cron, from, from + 3 * DAY_MS))).toEqual(iso(expected));
      }),
      { numRuns: 300 },
    );
  });
});

describe('where the clocks are changed', () => {
  it.each<[zone: string, at: string, date: string, more: object, found: string[]]>([
    ['Europe/London', '01:30', '2026-03-29', {}, ['2026-03-29T01:00:00.000Z']],
    ['Europe/London', '01:30', '2026-03-29', { skippedHour: 'skip' }, []],
    ['Europe/London', '01:30', '2026-10-25', {}, ['2026-10-25T00:30:00.000Z']],
    ['Europe/London', '01:30', '2026-10-25', { doubledHour: 'second' }, ['2026-10-25T01:30:00.000Z']],
    [
      'Europe/London',
      '01:30',
      '2026-10-25',
      { doubledHour: 'both' },
      ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ],
    ['America/Santiago', '00:30', '2026-09-06', {}, ['2026-09-06T04:00:00.000Z']],
    ['Australia/Lord_Howe', '02:15', '2026-10-04', {}, ['2026-10-03T15:30:00.000Z']],
    [
      'Australia/Lord_Howe',
      '01:45',
      '2026-04-05',
      { doubledHour: 'both' },
      ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
    ],
  ])('in %s %s on %s with %j is at %j', (...[zone, at, date, more, found]) => {
    expect(on(zone, at, date, more)).toEqual(found);
  });

  it('a moment that several steps name is one, with what each of them notes', () => {
    const steps = [{ at: '07:00', note: 'count' }, { cron: '0 7 * * *', note: 'sweep' }, { at: '07:00' }];
    const from = Date.UTC(2026, 5, 1);
    const found = [...occurrences(anEvent('UTC', steps), from, from + DAY_MS, ask('UTC'))];
    expect(found).toEqual([
      {
        id: 'city/asked@2026-06-01T07:00:00.000Z',
        at: from + 7 * 3_600_000,
        programme: 'daily',
        notes: ['count', 'sweep'],
      },
    ]);
  });
});
