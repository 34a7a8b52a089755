// Facts that are no properties: the sun, the clocks, silence, points and rules.
import { array, assert, boolean, constantFrom, integer, option, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toIso } from '../model/clock.ts';
import { FACT_NAMES, FACTS, type ActivationState } from '../model/facts.ts';
import type { FactParams } from '../model/rule.ts';
import type { Reading } from '../model/reading.ts';
import type { Value } from '../model/value.ts';
import { asset, reading, urn } from './asset-builders.testsuite.ts';
import { CITY_FACTS, concernOf } from './city-facts.ts';
import { Directory } from './directory.ts';
import type { FactSource, KnownPoint } from './fact-source.ts';
import { takeReading, type Fact } from './fact.ts';
import { readFact } from './read-fact.ts';

const LONDON = 'Europe/London';
const at = (iso: string): number => Date.parse(iso);
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** A lamp in London, two detectors, and a controller. */
function city(more: Partial<FactSource> & { now: number }): FactSource {
  const directory = new Directory();
  directory.put(
    asset('Streetlight:l1', {
      location: { type: 'Point', coordinates: [-0.13, 51.51] },
      relations: { detectors: ['Detector:d1', 'Detector:d2'].map(urn) },
    }),
  );
  directory.put(asset('Detector:d1'));
  directory.put(asset('Detector:d2'));
  return { directory, fact: () => undefined, ...more };
}

const readOf = (source: FactSource, name: string, fact: string, params?: FactParams) =>
  readFact(source, { asset: source.directory.get(urn(name))! }, fact, params);

/** The value and until when it stays. */
function seen(source: FactSource, fact: string, params?: FactParams): [Value | string, string] {
  const found = readOf(source, 'Streetlight:l1', fact, params);
  const until = Number.isFinite(found.changesAt) ? toIso(found.changesAt).replace('.000Z', 'Z') : 'for ever';
  return [found.known ? found.value : found.why, until];
}

test('every fact of the registry has a reader, and an example that names it', () => {
  expect(Object.keys(CITY_FACTS).toSorted()).toEqual([...FACT_NAMES].toSorted());
  for (const [name, { example, names }] of Object.entries(FACTS)) {
    expect(example.fact).toBe(name);
    expect(example.params?.name === undefined).toBe(names === undefined);
  }
});

test.each([
  ['occupancy', {}, 'occupancy'],
  ['attribute', { name: 'lanes' }, undefined],
  ['sun.isUp', {}, undefined],
  ['sun.elevation', {}, undefined],
  ['time.local', {}, undefined],
  ['calendar', {}, undefined],
  ['silentFor', { name: 'occupancy' }, 'occupancy'],
  ['reported', { name: 'level' }, 'reported:level'],
  ['desired', { name: 'level' }, 'desired:level'],
  ['activation', { name: 'traffic/queue' }, 'activation:traffic/queue'],
])('%s with %j is concerned by %j', (fact, params, expected) => {
  expect(concernOf(fact, params)).toBe(expected);
});

describe('time.local', () => {
  test.each([
    ['in winter', '2026-12-01T06:29:59Z', '06:29', '2026-12-01T06:30:00Z'],
    ['in summer', '2026-07-01T05:29:59Z', '06:29', '2026-07-01T05:30:00Z'],
    ['before midnight', '2026-12-01T23:59:30Z', '23:59', '2026-12-02T00:00:00Z'],
    ['before the clocks go forward', '2026-03-29T00:59:30Z', '00:59', '2026-03-29T01:00:00Z'],
    ['after they did', '2026-03-29T01:00:00Z', '02:00', '2026-03-29T01:01:00Z'],
    ['before the clocks go back', '2026-10-25T00:59:30Z', '01:59', '2026-10-25T01:00:00Z'],
    ['after they did', '2026-10-25T01:00:00Z', '01:00', '2026-10-25T01:01:00Z'],
  ])('is the minute of the day %s', (_, now, time, until) => {
    expect(seen(city({ now: at(now), timeZone: LONDON }), 'time.local')).toEqual([minutes(time), until]);
  });

  test('is that of UTC where the city says nothing', () => {
    expect(seen(city({ now: at('2026-07-01T05:29:59Z') }), 'time.local')[0]).toBe(minutes('05:29'));
  });

  test.each([
    ['waits for the limit', '2026-12-01T06:00:00Z', '06:30', '2026-12-01T06:30:00Z'],
    ['then for the minute after it', '2026-12-01T06:30:00Z', '06:30', '2026-12-01T06:31:00Z'],
    ['then for midnight', '2026-12-01T06:31:00Z', '06:30', '2026-12-02T00:00:00Z'],
    ['or for the clocks to be changed', '2026-03-28T20:00:00Z', '06:30', '2026-03-29T00:00:00Z'],
    ['which may leap over the limit', '2026-03-29T00:00:00Z', '01:30', '2026-03-29T01:00:00Z'],
    ['or come back to it', '2026-10-25T00:31:00Z', '01:30', '2026-10-25T01:00:00Z'],
  ])('with a limit %s', (_, now, limit, until) => {
    const source = city({ now: at(now), timeZone: LONDON, limits: [minutes(limit)] });
    expect(seen(source, 'time.local')[1]).toBe(until);
  });
});

describe('calendar', () => {
  test.each([
    ['2026-11-20T12:00:00Z', 'workday', '2026-11-21T00:00:00Z'],
    ['2026-11-21T12:00:00Z', 'saturday', '2026-11-22T00:00:00Z'],
    ['2026-11-22T12:00:00Z', 'sunday', '2026-11-23T00:00:00Z'],
    ['2026-12-25T12:00:00Z', 'holiday', '2026-12-26T00:00:00Z'],
    ['2026-07-03T22:59:59Z', 'workday', '2026-07-03T23:00:00Z'],
    ['2026-07-03T23:00:00Z', 'saturday', '2026-07-04T23:00:00Z'],
    // Both days on which the clocks are changed are Sundays: looked at when they are, and at their midnights.
    ['2026-03-28T23:30:00Z', 'saturday', '2026-03-29T00:00:00Z'],
    ['2026-03-29T00:30:00Z', 'sunday', '2026-03-29T01:00:00Z'],
    ['2026-03-29T01:00:00Z', 'sunday', '2026-03-29T23:00:00Z'],
    ['2026-10-25T00:30:00Z', 'sunday', '2026-10-25T01:00:00Z'],
    ['2026-10-25T01:00:00Z', 'sunday', '2026-10-26T00:00:00Z'],
  ])('%s is a %s until %s', (now, day, until) => {
    const source = city({ now: at(now), timeZone: LONDON, holidays: 'GB-ENG' });
    expect(seen(source, 'calendar')).toEqual([day, until]);
  });

  test('knows no holidays where the city names no region', () => {
    expect(seen(city({ now: at('2026-12-25T12:00:00Z') }), 'calendar')[0]).toBe('workday');
  });
});

describe('the sun', () => {
  test('is up where the asset stands, until sunset', () => {
    const [isUp, until] = seen(city({ now: at('2026-12-21T12:00:00Z') }), 'sun.isUp');
    expect([isUp, until.slice(0, 15)]).toEqual([true, '2026-12-21T15:5']);
  });

  test('has a height there, in degrees, which a limit makes worth waiting for', () => {
    const source = city({ now: at('2026-12-21T12:00:00Z'), limits: [-6] });
    expect(readOf(source, 'Streetlight:l1', 'sun.elevation')).toMatchObject({ known: true, unit: 'deg' });
    const [height, until] = seen(source, 'sun.elevation');
    expect(height).toBeCloseTo(15.05, 0);
    expect(until).toContain('2026-12-21T16:3');
  });

  test.each(['sun.isUp', 'sun.elevation'])('%s is unknown where an asset has no location', (fact) => {
    expect(readOf(city({ now: 0 }), 'Detector:d1', fact)).toEqual({
      known: false,
      why: `${urn('Detector:d1')} has no location`,
      changesAt: Infinity,
    });
  });
});

const factOf = (one: Reading): Fact => takeReading(undefined, { reading: one, id: 1, latenessMs: 0, windows: [] });

/** What the detectors said last. */
function heard(now: number, lastAt: Record<string, number>, more: Partial<FactSource> = {}): FactSource {
  const facts = new Map<string, Fact>();
  for (const [of, observedAt] of Object.entries(lastAt))
    facts.set(urn(of), factOf(reading(of, 1, observedAt, { quality: 'bad' })));
  return city({ now, fact: (id, name) => facts.get(`${id}/${name}`), ...more });
}

describe('silentFor', () => {
  const D1 = 'Detector:d1/occupancy';
  const D2 = 'Detector:d2/occupancy';
  const of = { of: 'detectors', name: 'occupancy' };
  test.each([
    [10_000, undefined, 0, 11_000],
    [10_999, undefined, 0, 11_000],
    [11_000, undefined, 1, 12_000],
    [15_000, [60], 5, 70_000],
    [70_000, [60], 60, 71_000],
    [71_000, [60], 61, Infinity],
    [9_000, undefined, 0, 11_000],
  ])('at %d, with the limits %j, is %d s until %d', (now, limits, value, changesAt) => {
    const source = heard(now, { [D1]: 10_000 }, limits ? { limits } : {});
    expect(readOf(source, 'Detector:d1', 'silentFor', { name: 'occupancy' })).toEqual({
      known: true,
      value,
      unit: 's',
      observedAt: 10_000,
      readings: [`${D1}@10000`],
      changesAt,
    });
  });

  test('is unknown of what was never seen', () => {
    expect(readOf(heard(0, {}), 'Detector:d1', 'silentFor', { name: 'occupancy' })).toMatchObject({
      known: false,
      why: `occupancy of ${urn('Detector:d1')} was never seen`,
    });
  });

  test.each([
    ['max', 20, 60_000],
    ['min', 10, 60_000],
    ['avg', 15, 31_000],
  ] as const)('%s across several is %d, looked at again at %d', (across, value, changesAt) => {
    const source = heard(30_000, { [D1]: 10_000, [D2]: 20_000 }, { limits: [50] });
    const found = readOf(source, 'Streetlight:l1', 'silentFor', { ...of, across });
    expect(found).toMatchObject({ value, changesAt });
  });
});

describe('a point', () => {
  const points: Record<string, KnownPoint> = {
    [urn('Streetlight:l1#level')]: { reported: { value: 0.4, at: 5_000 }, desired: 0.8 },
    [urn('Streetlight:l1#colour')]: {},
    [urn('Streetlight:l1#recorded')]: { reported: { value: 0.3 } },
  };
  const source = city({ now: 10_000, point: (id, name) => points[`${id}#${name}`] });
  test.each<[string, FactParams, Value | string, string]>([
    ['reported', { name: 'level' }, 0.4, 'for ever'],
    ['reported', { name: 'level', maxAge: '10 s' }, 0.4, '1970-01-01T00:00:15Z'],
    [
      'reported',
      { name: 'level', maxAge: '5 s' },
      `level of ${urn('Streetlight:l1')} is stale: last reported 1970-01-01T00:00:05.000Z`,
      'for ever',
    ],
    ['reported', { name: 'recorded' }, 0.3, 'for ever'],
    ['reported', { name: 'colour' }, `colour of ${urn('Streetlight:l1')} was never reported`, 'for ever'],
    ['desired', { name: 'level' }, 0.8, 'for ever'],
    ['desired', { name: 'colour' }, `nothing is wanted of colour of ${urn('Streetlight:l1')}`, 'for ever'],
    ['desired', { name: 'speed' }, `nothing is wanted of speed of ${urn('Streetlight:l1')}`, 'for ever'],
  ])('%s %j is %j, %s', (fact, params, value, until) => {
    expect(seen(source, fact, params)).toEqual([value, until]);
  });
});

test.each<[ActivationState | undefined, string]>([
  ['active', 'active'],
  ['pending', 'pending'],
  ['none', 'none'],
  [undefined, 'there is no rule traffic/queue'],
])('the activation of a rule that is %j is %j', (state, expected) => {
  const source = city({ now: 0, activation: () => state });
  expect(seen(source, 'activation', { name: 'traffic/queue' })).toEqual([expected, 'for ever']);
});

test('nothing is on another side of a limit before it was foretold, and foretelling does not change in between', () => {
  const days = ['2026-03-28', '2026-03-29', '2026-07-01', '2026-10-24', '2026-10-25', '2026-12-31'];
  const fact = constantFrom('time.local', 'calendar', 'sun.isUp', 'sun.elevation', 'silentFor');
  const limits = option(array(integer({ min: -10, max: 1_440 }), { maxLength: 3 }), { nil: undefined });
  const instant = tuple(constantFrom(...days), integer({ min: 0, max: 86_399 })).map(
    ([day, second]) => at(`${day}T00:00:00Z`) + second * 1_000,
  );
  assert(
    property(instant, fact, limits, boolean(), (now, name, wanted, isLate) => {
      const silent = { 'Streetlight:l1/motion': now - (isLate ? 600_000 : 0) };
      const more = { timeZone: LONDON, holidays: 'GB-ENG', ...(wanted ? { limits: wanted } : {}) };
      const readAt = (moment: number) =>
        readOf(heard(moment, silent, more), 'Streetlight:l1', name, name === 'silentFor' ? { name: 'motion' } : {});
      const sides = (value: Value) =>
        wanted && typeof value === 'number' ? wanted.map((one) => Math.sign(value - one)) : value;
      const sidesAt = (moment: number) => {
        const found = readAt(moment);
        return found.known ? sides(found.value) : 'unknown';
      };
      const { changesAt } = readAt(now);
      expect(changesAt).toBeGreaterThan(now);
      const end = Math.min(changesAt, now + 7_200_000);
      const step = Math.max(1_000, Math.floor((end - now) / 200));
      for (let later = now; later < end; later += step) {
        expect(sidesAt(later)).toEqual(sidesAt(now));
        expect(readAt(later).changesAt).toBe(changesAt);
      }
    }),
    { numRuns: 200 },
  );
});
