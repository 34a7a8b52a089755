import { describe, expect, it } from 'vitest';

import { scheduleSchema, type Schedule } from '../model/schedule.ts';
import { Calendars } from './calendars.ts';
import { occurrences } from './occurrences.ts';
import { planDay } from './programme.ts';

const calendars = new Calendars('UTC');
const ask = calendars.ask;
const LONDON: [number, number] = [-0.13, 51.51];
const TROMSO: [number, number] = [18.96, 69.65];

const lamps = (layers: unknown[], more: object = {}): Schedule =>
  scheduleSchema.parse({
    id: 'lighting/night',
    title: 'Night',
    timeZone: 'Europe/London',
    place: LONDON,
    dayStarts: 'noon',
    targets: { type: 'Streetlight', point: 'level' },
    programmes: { night: layers },
    days: [{ on: 'everyDay', programme: 'night' }],
    ...more,
  });

/** What is wanted in a day: since when on the wall, the value (`-` for nothing), and the ramp where there is one. */
function planned(schedule: Schedule, date: string): string[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: schedule.timeZone, timeStyle: 'short' });
  return planDay(schedule, date, ask).stretches.map(
    ({ from, value, rampSeconds }) =>
      `${format.format(from)} ${value ?? '-'}${rampSeconds > 0 ? ` in ${rampSeconds} s` : ''}`,
  );
}

const NIGHT = { from: { sun: 'sunset' }, to: { sun: 'sunrise' }, set: 1 };

/** Since when it is lit with these limits of the sunset. */
const evening = (limits: object) => planned(lamps([{ ...NIGHT, from: { sun: 'sunset', ...limits } }]), '2026-11-26')[1];

const tromso = (more: object = {}) => lamps([NIGHT], { timeZone: 'Europe/Oslo', place: TROMSO, ...more });

describe('a programme', () => {
  it('is lit from sunset to sunrise, with a dimmed middle of the night', () => {
    const dim = { from: '23:00', to: '05:00', multiply: 0.5, ramp: '2 min' };
    expect(planned(lamps([NIGHT, dim]), '2026-11-26')).toEqual([
      '12:00 -',
      '15:58 1',
      '23:00 0.5 in 120 s',
      '05:00 1 in 120 s',
      '07:37 -',
    ]);
  });

  it.each<[effect: object, dimmed: number]>([
    [{ set: 0.3 }, 0.3],
    [{ atLeast: 0.9 }, 0.9],
    [{ atLeast: 0.2 }, 0.7],
    [{ atMost: 0.4 }, 0.4],
    [{ atMost: 0.9 }, 0.7],
    [{ add: 0.1 }, 0.8],
    [{ add: -0.1 }, 0.6],
    [{ multiply: 0.5 }, 0.35],
  ])('resolves %j over 0.7 to %d', (effect, dimmed) => {
    const day = planned(lamps([{ set: 0.7 }, { from: '23:00', to: '23:30', ...effect }]), '2026-11-26');
    expect(day).toEqual(dimmed === 0.7 ? ['12:00 0.7'] : ['12:00 0.7', `23:00 ${dimmed}`, '23:30 0.7']);
  });

  it('wants nothing where nothing is below what only changes a value', () => {
    expect(planned(lamps([{ from: '23:00', to: '05:00', atLeast: 0.5 }]), '2026-11-26')).toEqual(['12:00 -']);
  });

  it('holds a layer at both ends of its day where the layer ends before it begins', () => {
    expect(planned(lamps([{ from: '20:00', to: '06:00', set: 1 }], { dayStarts: 'midnight' }), '2026-11-26')).toEqual([
      '00:00 1',
      '06:00 -',
      '20:00 1',
    ]);
  });

  it('keeps to the limits of a moment by the sun', () => {
    expect(evening({ earlier: '15 min' })).toBe('15:43 1');
    expect(evening({ later: '15 min' })).toBe('16:13 1');
    expect(evening({ earlier: '15 min', notBefore: '16:30' })).toBe('16:30 1');
    expect(evening({ notAfter: '15:30' })).toBe('15:30 1');
  });

  it('is the first whose days have the date; without one nothing is wanted', () => {
    const schedule = lamps([NIGHT], {
      programmes: { night: [NIGHT], fair: [{ set: 1 }] },
      days: [
        { on: { dates: ['2026-11-26'] }, programme: 'fair' },
        { on: 'thursday', programme: 'night' },
      ],
    });
    expect(planned(schedule, '2026-11-26')).toEqual(['12:00 1']);
    expect(planned(schedule, '2026-11-27')).toEqual(['12:00 -']);
    expect(planned(schedule, '2026-12-03')[1]).toBe('15:53 1');
  });
});

describe('where the sun does not rise or set', () => {
  it('what is lit from sunset to sunrise is lit all the time in the polar night, and never under the midnight sun', () => {
    for (const dayStarts of ['noon', 'midnight']) {
      const starts = dayStarts === 'noon' ? '12:00' : '00:00';
      expect(planned(tromso({ dayStarts }), '2026-12-21')).toEqual([`${starts} 1`]);
      expect(planned(tromso({ dayStarts }), '2026-06-21')).toEqual([`${starts} -`]);
    }
  });

  it('limits by the clock hold all the same', () => {
    const layer = { from: { sun: 'sunset', notBefore: '15:30' }, to: { sun: 'sunrise', notAfter: '08:00' }, set: 1 };
    expect(planned(lamps([layer], { timeZone: 'Europe/Oslo', place: TROMSO }), '2026-12-21')).toEqual([
      '12:00 -',
      '15:30 1',
      '08:00 -',
    ]);
  });

  it('an event by the sun does not happen', () => {
    const schedule = scheduleSchema.parse({
      id: 'city/dusk',
      title: 'Dusk',
      timeZone: 'Europe/Oslo',
      place: TROMSO,
      event: { name: 'dusk' },
      programmes: { daily: [{ at: { sun: 'sunset' } }] },
      days: [{ on: 'everyDay', programme: 'daily' }],
    });
    const count = (from: string, to: string) =>
      [...occurrences(schedule, Date.parse(from), Date.parse(to), ask)].length;
    expect(count('2026-12-01T00:00Z', '2027-01-10T00:00Z')).toBe(0);
    expect(count('2026-03-01T00:00Z', '2026-03-11T00:00Z')).toBe(10);
  });
});

it('changes are told once, over the edges of days too', () => {
  const schedule = lamps([{ set: 0.5 }], {
    programmes: { night: [{ set: 0.5 }], fair: [{ set: 1 }] },
    days: [
      { on: { dates: ['2026-11-28'] }, programme: 'fair' },
      { on: 'everyDay', programme: 'night' },
    ],
  });
  const found = [...occurrences(schedule, Date.parse('2026-11-26T00:00Z'), Date.parse('2026-12-06T00:00Z'), ask)];
  expect(found.map(({ id, value }) => `${id} ${value}`)).toEqual([
    'lighting/night@2026-11-28T12:00:00.000Z 1',
    'lighting/night@2026-11-29T12:00:00.000Z 0.5',
  ]);
});
