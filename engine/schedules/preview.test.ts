import { describe, expect, it } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import { scheduleSchema, type Schedule } from '../model/schedule.ts';
import { Calendars } from './calendars.ts';
import { previewSchedule } from './preview.ts';

const calendars = new Calendars('Europe/London');
const ask = calendars.ask;

const night = (...layers: unknown[]): Schedule =>
  scheduleSchema.parse({
    id: 'lighting/night',
    title: 'Night',
    timeZone: 'Europe/London',
    place: [-0.13, 51.51],
    dayStarts: 'noon',
    targets: { type: 'Streetlight', point: 'level' },
    programmes: { night: [{ from: { sun: 'sunset' }, to: { sun: 'sunrise' }, set: 1 }, ...layers] },
    days: [{ on: 'everyDay', programme: 'night' }],
  });

const lamp = (name: string, attributes: object) =>
  assetSchema.parse({
    id: `urn:ngsi-ld:Streetlight:${name}`,
    type: 'Streetlight',
    title: name,
    department: 'lighting',
    points: { level: {} },
    binding: { adapter: 'mqtt', device: 'cabinet' },
    attributes,
  });
const LAMPS = [lamp('a', { watts: 60 }), lamp('b', { watts: 40 }), lamp('c', {})];

describe('a preview', () => {
  it('lists the next 50 and every day of a year, with the days on which the clocks change', () => {
    const { next, days } = previewSchedule(night(), { from: Date.parse('2026-01-01T12:00Z'), days: 365, ask });
    expect(next).toHaveLength(50);
    expect(next[0]).toEqual({
      id: expect.stringMatching(/^lighting\/night@2026-01-01T16:0/),
      at: expect.any(Number),
      shown: expect.stringMatching(/^2026-01-01 16:0\d:\d\d$/),
      programme: 'night',
      value: 1,
      rampSeconds: 0,
    });
    expect(days).toHaveLength(365);
    expect(
      days.flatMap(({ date, clocksForward }) => (clocksForward === undefined ? [] : [[date, clocksForward]])),
    ).toEqual([
      ['2026-03-28', 60],
      ['2026-10-24', -60],
    ]);
    expect(days.every(({ occurrences }) => occurrences.length === 2)).toBe(true);
  });

  it('says what a programme saves against light all night, from the watts of its targets', () => {
    const from = Date.parse('2026-01-01T12:00Z');
    const full = previewSchedule(night(), { from, days: 365, ask, assets: LAMPS }).benefit;
    expect(full).toMatchObject({ lamps: 2, watts: 100, days: 365 });
    // Half of a year of 8,760 hours is night; refraction and the sun's width make it some 70 hours less.
    expect(full?.nightHours).toBeGreaterThan(4_250);
    expect(full?.nightHours).toBeLessThan(4_340);
    expect(full?.savedKwh).toBeCloseTo(0, 6);
    const dimmed = previewSchedule(night({ from: '23:00', to: '05:00', multiply: 0.5 }), {
      from,
      days: 365,
      ask,
      assets: LAMPS,
    }).benefit;
    // In midsummer the sun is up before 05:00: fewer than six hours are dimmed then.
    const dimmedHours = 2 * ((dimmed?.nightHours ?? 0) - (dimmed?.fullHours ?? 0));
    expect(dimmedHours).toBeGreaterThan(365 * 6 - 40);
    expect(dimmedHours).toBeLessThanOrEqual(365 * 6);
    expect(dimmed?.savedKwh).toBeCloseTo((dimmedHours / 2) * 0.1, 6);
    expect(dimmed?.assumptions.join('\n')).toContain('1 of 3 targets have no watts');
  });

  it('has no benefit where no target says its watts', () => {
    expect(previewSchedule(night(), { from: 0, days: 1, ask, assets: LAMPS.slice(2) }).benefit).toBeUndefined();
  });
});
