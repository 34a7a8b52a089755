import { describe, expect, it } from 'vitest';

import { weekdayOf } from './local-time.ts';
import { describeWhen, hoursAt, timesSchema, whenSchema, type CityTime, type When } from './rule-timing.ts';

const at = (text: string): number => Date.parse(text);
/** A city with two holidays in a row, a Friday and a Saturday. */
const CITY: CityTime = {
  timeZone: 'Europe/London',
  kindOfDay(date) {
    if (['2026-12-25', '2026-12-26'].includes(date)) return 'holiday';
    const day = weekdayOf(date);
    return day === 'saturday' || day === 'sunday' ? day : 'workday';
  },
};
const hours = (when: When, text: string) => {
  const { isWithin, changesAt } = hoursAt(when, at(text), CITY);
  return [isWithin, Number.isFinite(changesAt) ? new Date(changesAt).toISOString() : changesAt];
};

const OFFICE: When = { days: 'workday', between: ['06:30', '20:00'] };
const NIGHT: When = { days: ['friday'], between: ['22:00', '06:00'] };
const WORKING: When = { calendar: ['workday'], between: ['06:30', '20:00'] };
const HOLY_NIGHT: When = { calendar: ['holiday'], between: ['22:00', '06:00'] };
const HOLY_FRIDAY: When = { calendar: ['holiday'], days: ['friday'] };
const SMALL_HOURS: When = { between: ['01:30', '02:30'] };

describe('a rule’s hours', () => {
  it.each([
    ['before they begin', OFFICE, '2026-11-20T06:29:59Z', false, '2026-11-20T06:30:00.000Z'],
    ['as they begin', OFFICE, '2026-11-20T06:30:00Z', true, '2026-11-20T20:00:00.000Z'],
    ['as they end on a Friday', OFFICE, '2026-11-20T20:00:00Z', false, '2026-11-23T06:30:00.000Z'],
    ['on a Sunday', OFFICE, '2026-11-22T12:00:00Z', false, '2026-11-23T06:30:00.000Z'],
    ['in the night that a Friday began', NIGHT, '2026-11-21T03:00:00Z', true, '2026-11-21T06:00:00.000Z'],
    ['in the night before that Friday', NIGHT, '2026-11-20T03:00:00Z', false, '2026-11-20T22:00:00.000Z'],
    ['just after the only night of the week', NIGHT, '2026-11-21T06:00:00Z', false, '2026-11-27T22:00:00.000Z'],
    ['on a whole day', { days: 'weekend' }, '2026-11-22T12:00:00Z', true, '2026-11-23T00:00:00.000Z'],
    [
      'in another time zone',
      { ...OFFICE, timeZone: 'Asia/Tokyo' },
      '2026-11-22T21:30:00Z',
      true,
      '2026-11-23T11:00:00.000Z',
    ],
    [
      'in the night that loses an hour',
      { between: ['22:00', '06:00'] },
      '2026-03-28T23:00:00Z',
      true,
      '2026-03-29T05:00:00.000Z',
    ],
    [
      'in the night that gains an hour',
      { between: ['22:00', '06:00'] },
      '2026-10-24T22:00:00Z',
      true,
      '2026-10-25T06:00:00.000Z',
    ],
    ['in a stretch that begins within the gap', SMALL_HOURS, '2026-03-29T01:00:00Z', false, '2026-03-29T01:30:00.000Z'],
    [
      'in a stretch that begins in the hour that comes twice',
      SMALL_HOURS,
      '2026-10-25T00:30:00Z',
      true,
      '2026-10-25T02:30:00.000Z',
    ],
    ['on a holiday', WORKING, '2026-12-25T12:00:00Z', false, '2026-12-28T06:30:00.000Z'],
    ['before the holidays', WORKING, '2026-12-24T12:00:00Z', true, '2026-12-24T20:00:00.000Z'],
    ['in the night that a holiday began', HOLY_NIGHT, '2026-12-27T03:00:00Z', true, '2026-12-27T06:00:00.000Z'],
    ['where two holidays meet', { calendar: ['holiday'] }, '2026-12-25T12:00:00Z', true, '2026-12-26T00:00:00.000Z'],
    ['on a holiday of these days', HOLY_FRIDAY, '2026-12-25T12:00:00Z', true, '2026-12-26T00:00:00.000Z'],
    ['on a holiday of other days', HOLY_FRIDAY, '2026-12-26T12:00:00Z', false, '2027-01-03T00:00:00.000Z'],
    [
      'long before any holiday: a look a week later',
      HOLY_FRIDAY,
      '2026-11-20T12:00:00Z',
      false,
      '2026-11-28T00:00:00.000Z',
    ],
    ['the second time that hour comes', SMALL_HOURS, '2026-10-25T01:30:00Z', true, '2026-10-25T02:30:00.000Z'],
  ] as [string, When, string, boolean, string][])('%s', (...[, when, instant, isWithin, changesAt]) => {
    expect(hours(when, instant)).toEqual([isWithin, changesAt]);
  });

  it('change at the instants that were foretold and at no others, for two weeks around each change of the clocks and the holidays', () => {
    for (const day of ['2026-03-22', '2026-10-18', '2026-12-20'])
      for (const when of [OFFICE, NIGHT, SMALL_HOURS, WORKING, { between: ['23:00', '01:30'] } satisfies When]) {
        const looks = Array.from({ length: 14 * 96 }, (_, quarter) => at(`${day}T00:00:00Z`) + quarter * 900_000);
        const found = looks.map((now) => ({ now, ...hoursAt({ ...when }, now, CITY) }));
        const surprises = found.filter(({ now, isWithin, changesAt }, index) => {
          const before = found[index - 1];
          return before && now < before.changesAt && (before.isWithin !== isWithin || before.changesAt !== changesAt);
        });
        expect(surprises).toEqual([]);
      }
  });

  it('read as they were written', () => {
    expect(describeWhen(OFFICE)).toBe('workday, 06:30 to 20:00');
    expect(describeWhen({ ...HOLY_NIGHT, calendar: ['sunday', 'holiday'] })).toBe('sunday, holiday, 22:00 to 06:00');
  });
});

it.each([
  [{ between: ['6:30', '20:00'] }],
  [{ between: ['06:30', '06:30'] }],
  [{ days: [] }],
  [{ days: ['Monday'] }],
  [{ calendar: [] }],
  [{ calendar: ['schoolday'] }],
  [{ timeZone: 'Europe/London' }],
  [{ days: 'workday', timeZone: 'Mars/Olympus' }],
])('refuses the hours %j', (when) => {
  expect(whenSchema.safeParse(when).success).toBe(false);
});

it('refuses times of no reading, of more than are kept, and without a length', () => {
  for (const times of [{ readings: 0, within: '1 h' }, { readings: 101, within: '1 h' }, { readings: 2 }])
    expect(timesSchema.safeParse(times).success).toBe(false);
});
