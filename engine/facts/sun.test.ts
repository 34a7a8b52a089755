// Where the sun stands: against what is published, and without a change that was not foretold.
import { assert, constantFrom, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toIso } from '../model/clock.ts';
import { sunElevation, sunElevationChanges, sunIsUp, type Place } from './sun.ts';

const LONDON: Place = [-0.13, 51.51];
const TROMSO: Place = [18.96, 69.65];
const QUITO: Place = [-78.47, -0.18];

// At noon 90° less the latitude plus the declination, 23.44° at the solstices; at midnight in the north latitude plus declination less 90°.
test.each([
  ['London, noon in midsummer', LONDON, '2026-06-21T12:02:00Z', 61.93],
  ['London, noon in midwinter', LONDON, '2026-12-21T11:59:00Z', 15.05],
  ['Quito, noon at the equinox', QUITO, '2026-03-20T17:21:00Z', 89.8],
  ['Tromsø, midnight in midsummer', TROMSO, '2026-06-21T22:46:00Z', 3.08],
])('its height is right in %s', (_, place, at, expected) => {
  expect(sunElevation(place, Date.parse(at))).toBeCloseTo(expected, 0);
});

test('its height is that of the beginning of the minute, and of the square kilometre', () => {
  const at = Date.parse('2026-03-20T08:15:00Z');
  expect(sunElevation(LONDON, at + 59_999)).toBe(sunElevation(LONDON, at));
  expect(sunElevation([-0.1304, 51.5098], at)).toBe(sunElevation(LONDON, at));
  expect(sunElevation(LONDON, at + 60_000)).toBeGreaterThan(sunElevation(LONDON, at));
});

// As published for London: 04:43 to 21:21 by summer time on the longest day, 08:04 to 15:53 on the shortest.
test.each([
  ['2026-06-21T00:00:00Z', false, '2026-06-21T03:43'],
  ['2026-06-21T12:00:00Z', true, '2026-06-21T20:2'],
  ['2026-12-21T00:00:00Z', false, '2026-12-21T08:0'],
  ['2026-12-21T12:00:00Z', true, '2026-12-21T15:5'],
  ['2026-12-21T20:00:00Z', false, '2026-12-22T00:00:00'],
])('over London at %s it is up: %j, until %s', (at, isUp, until) => {
  const found = sunIsUp(LONDON, Date.parse(at));
  expect(found.isUp).toBe(isUp);
  expect(toIso(found.changesAt)).toContain(until);
});

test.each([
  ['midsummer', '2026-06-21T22:46:00Z', true],
  ['midwinter', '2026-12-21T11:00:00Z', false],
])('north of the polar circle it stays as it is in %s', (_, at, isUp) => {
  expect(sunIsUp(TROMSO, Date.parse(at)).isUp).toBe(isUp);
  expect(sunIsUp(TROMSO, Date.parse(at) + 12 * 3_600_000).isUp).toBe(isUp);
});

test('sunrise is a whole second, the same whenever it is asked for', () => {
  const rise = sunIsUp(LONDON, Date.parse('2026-03-20T00:00:00Z')).changesAt;
  expect(rise % 1_000).toBe(0);
  for (const before of [1, 500, 60_000, 3_600_000])
    expect(sunIsUp(LONDON, rise - before)).toEqual({ isUp: false, changesAt: rise });
  expect(sunIsUp(LONDON, rise).isUp).toBe(true);
});

describe('what is foretold of the height', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  const minute = integer({ min: 0, max: 365 * 1_440 });

  test('without limits is the next minute', () => {
    expect(sunElevationChanges(LONDON, start + 30_500, undefined)).toBe(start + 60_000);
  });

  test('is the first minute on another side of a limit, and the same from every minute before it', () => {
    const limit = integer({ min: -18, max: 60 });
    const place = constantFrom(LONDON, TROMSO, QUITO);
    assert(
      property(place, minute, limit, double({ min: 0, max: 0.99, noNaN: true }), (where, from, degrees, part) => {
        const at = start + from * 60_000;
        const changesAt = sunElevationChanges(where, at, [degrees]);
        const side = (instant: number) => Math.sign(sunElevation(where, instant) - degrees);
        expect(changesAt).toBeGreaterThan(at);
        expect(changesAt - at).toBeLessThanOrEqual(86_400_000);
        for (let now = at; now < changesAt; now += 60_000) expect(side(now)).toBe(side(at));
        expect(side(changesAt) !== side(at) || changesAt % 86_400_000 === 0).toBe(true);
        const between = at + Math.floor(((changesAt - at) / 60_000) * part) * 60_000;
        expect(sunElevationChanges(where, between, [degrees])).toBe(changesAt);
      }),
      { numRuns: 40 },
    );
  });
});
