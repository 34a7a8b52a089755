// Reading facts as conditions write them.
import { array, assert, boolean, constantFrom, integer, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { FactParams } from '../model/rule.ts';
import { acrossSchema, aggregateSchema } from '../model/condition.ts';
import type { Value } from '../model/value.ts';
import type { Reading } from '../model/reading.ts';
import { asset, reading, urn } from './asset-builders.testsuite.ts';
import { Directory } from './directory.ts';
import { takeReading, type Fact } from './fact.ts';
import { readFact, type FactSource } from './read-fact.ts';
import { idNumber } from './seen-ids.ts';
import { windowOf } from './window.ts';

const EVERY_10_S = { occupancy: { every: '10 s' }, tilt: { every: '10 s' } };
const WINDOWS = [3_000, 10_000, 40_000].flatMap((lengthMs) =>
  aggregateSchema.options.map((aggregate) => windowOf(lengthMs, aggregate)),
);
const DETECTORS = ['Detector:d1', 'Detector:d2', 'Detector:d3'];

function townAt(now: number, ...readings: Reading[]): FactSource {
  const directory = new Directory();
  directory.put(
    asset('Approach:east', { relations: { detectors: DETECTORS.map(urn), none: [] }, attributes: { lanes: 2 } }),
  );
  for (const name of DETECTORS) directory.put(asset(name, { reports: EVERY_10_S }));
  const facts = new Map<string, Fact>();
  for (const one of readings) {
    const key = `${one.asset}/${one.property}`;
    facts.set(
      key,
      takeReading(facts.get(key), { reading: one, id: idNumber(one.id), latenessMs: 60_000, windows: WINDOWS }),
    );
  }
  return { directory, now, fact: (id, name) => facts.get(`${id}/${name}`) };
}

const readD1 = (source: FactSource, name: string, params?: FactParams) =>
  readFact(source, { asset: source.directory.get(urn('Detector:d1'))! }, name, params);
const readEast = (source: FactSource, name: string, params?: FactParams) =>
  readFact(source, { asset: source.directory.get(urn('Approach:east'))! }, name, params);

const OF = 'Detector:d1/occupancy';

test('a fresh reading is known, until it would be stale', () => {
  expect(readD1(townAt(5_000, reading(OF, 0.4, 1_000, { unit: '1' })), 'occupancy')).toEqual({
    known: true,
    value: 0.4,
    unit: '1',
    observedAt: 1_000,
    readings: [`${OF}@1000`],
    changesAt: 31_000,
  });
});

test('a property without a period is known as long as nothing else is said', () => {
  expect(readD1(townAt(1e12, reading('Detector:d1/motion', true, 0)), 'motion')).toMatchObject({
    known: true,
    value: true,
    changesAt: Infinity,
  });
});

test('maxAge shortens how long a reading is known, and does not lengthen it', () => {
  const source = townAt(5_000, reading(OF, 0.4, 1_000));
  expect(readD1(source, 'occupancy', { maxAge: '5 s' })).toMatchObject({ known: true, changesAt: 6_000 });
  expect(readD1(source, 'occupancy', { maxAge: '4 s' })).toMatchObject({ known: false });
  expect(readD1(source, 'occupancy', { maxAge: '1 h' })).toMatchObject({ changesAt: 31_000 });
});

describe('is unknown, and says why:', () => {
  const bad = reading(OF, 0.4, 1_000, { quality: 'bad' });
  test.each<[string, FactSource, string, FactParams | undefined, string]>([
    ['what was never seen', townAt(0), 'occupancy', undefined, `occupancy of ${urn('Detector:d1')} was never seen`],
    [
      'what is stale',
      townAt(31_000, reading(OF, 0.4, 1_000)),
      'occupancy',
      undefined,
      `occupancy of ${urn('Detector:d1')} is stale: last seen 1970-01-01T00:00:01.000Z`,
    ],
    [
      'what is of bad quality',
      townAt(2_000, bad),
      'occupancy',
      undefined,
      `occupancy of ${urn('Detector:d1')} is of bad quality`,
    ],
    [
      'an attribute that is missing',
      townAt(0),
      'attribute',
      { name: 'lanes' },
      `${urn('Detector:d1')} has no attribute lanes`,
    ],
    ['an attribute without a name', townAt(0), 'attribute', {}, `${urn('Detector:d1')} has no attribute `],
    [
      'an attribute named like a word of the language',
      townAt(0),
      'attribute',
      { name: 'constructor' },
      `${urn('Detector:d1')} has no attribute constructor`,
    ],
    ['nobody', townAt(0), 'occupancy', { of: 'cabinets' }, 'there is no asset at "cabinets"'],
    ['nobody, even counted', townAt(0), 'occupancy', { of: 'none', across: 'count' }, 'there is no asset at "none"'],
    [
      'a window with nothing in it',
      townAt(20_000, reading(OF, 0.4, 1_000)),
      'occupancy',
      { window: '10 s' },
      `occupancy of ${urn('Detector:d1')} has no fitting value within 10 s`,
    ],
  ])('%s', (...[, source, name, params, why]) => {
    expect(readD1(source, name, params)).toEqual({ known: false, why, changesAt: Infinity });
  });
});

test('an attribute is known for ever', () => {
  expect(readEast(townAt(0), 'attribute', { name: 'lanes' })).toEqual({
    known: true,
    value: 2,
    readings: [],
    changesAt: Infinity,
  });
});

describe('over a window', () => {
  const source = townAt(
    20_000,
    ...[2_000, 10_001, 15_000, 19_000].map((at) => reading(OF, at / 1_000, at, { unit: '1' })),
  );

  test('only what lies within it counts, an average where nothing else is said', () => {
    expect(readD1(source, 'occupancy', { window: '10 s' })).toEqual({
      known: true,
      value: (10.001 + 15 + 19) / 3,
      unit: '1',
      observedAt: 19_000,
      readings: [`${OF}@19000`],
      changesAt: 20_001,
    });
  });

  test.each([
    ['min', 10.001],
    ['max', 19],
    ['count', 3],
    ['delta', 19 - 10.001],
  ] as const)('%s is %d', (how, value) => {
    expect(readD1(source, 'occupancy', { window: '10 s', aggregate: how })).toMatchObject({ value });
  });

  test.each([
    ['count', undefined],
    ['rate', '1/s'],
    ['max', '1'],
  ] as const)('%s has the unit %s', (how, unit) => {
    const found = readD1(source, 'occupancy', { window: '10 s', aggregate: how });
    expect({ unit, ...found }).toEqual(expect.objectContaining({ known: true, unit }));
    expect('unit' in found).toBe(unit !== undefined);
  });

  test('that no rule has asked for before begins with the newest reading', () => {
    const newest = source.fact('urn:ngsi-ld:Detector:d1', 'occupancy')?.reading.value;
    expect(readD1(source, 'occupancy', { window: '11 s' })).toMatchObject({ known: true, value: newest });
    expect(readD1(source, 'occupancy', { window: '11 s', aggregate: 'count' })).toMatchObject({ value: 1 });
  });

  test('what does not fit the aggregate may fit later, when it has left the window', () => {
    const mixed = townAt(5_000, reading('Detector:d1/tilt', 'steep', 1_000), reading('Detector:d1/tilt', 3, 4_000));
    expect(readD1(mixed, 'tilt', { window: '10 s' })).toMatchObject({ known: false, changesAt: 11_000 });
    expect(readD1({ ...mixed, now: 11_000 }, 'tilt', { window: '10 s' })).toMatchObject({ known: true, value: 3 });
  });
});

const values = (now: number, ...found: (Value | undefined)[]): FactSource =>
  townAt(
    now,
    ...found.flatMap((value, index) =>
      value === undefined ? [] : [reading(`Detector:d${index + 1}/occupancy`, value, 1_000 + index, { unit: '1' })],
    ),
  );

describe('across several assets', () => {
  test('their values become one', () => {
    expect(readEast(values(2_000, 1, 3, 8), 'occupancy', { of: 'detectors', across: 'max' })).toEqual({
      known: true,
      value: 8,
      unit: '1',
      observedAt: 1_002,
      readings: ['Detector:d1/occupancy@1000', 'Detector:d2/occupancy@1001', 'Detector:d3/occupancy@1002'],
      changesAt: 31_000,
    });
  });

  test('without saying how they are unknown', () => {
    expect(readEast(values(2_000, 1, 3, 8), 'occupancy', { of: 'detectors' })).toMatchObject({
      known: false,
      why: '3 assets, but no "across"',
    });
  });

  test('of attributes has neither readings nor an age', () => {
    expect(readEast(townAt(0), 'attribute', { name: 'lanes', across: 'max' })).toEqual({
      known: true,
      value: 2,
      readings: [],
      changesAt: Infinity,
    });
  });

  test.each([
    ['any', [true, undefined, undefined], true],
    ['any', [false, false, undefined], 'unknown'],
    ['any', [false, false, false], false],
    ['all', [false, undefined, undefined], false],
    ['all', [true, true, undefined], 'unknown'],
    ['all', [true, true, true], true],
    ['max', [1, 2, undefined], 'unknown'],
    ['count', [1, 2, undefined], 2],
    ['count', [undefined, undefined, undefined], 0],
    ['count', [1, 2, 3], 3],
    ['any', [1, 2, 3], 'unknown'],
    ['median', ['a', 'b', 'c'], 'unknown'],
  ] as const)('%s of %j is %j', (how, found, expected) => {
    const result = readEast(values(2_000, ...found), 'occupancy', { of: 'detectors', across: how });
    expect(result.known ? result.value : 'unknown').toBe(expected);
  });

  test('a value that does not fit says so', () => {
    expect(readEast(values(2_000, 1, 2, 3), 'occupancy', { of: 'detectors', across: 'any' })).toMatchObject({
      why: '"any" does not fit these values',
    });
  });

  test('the first silent one is named', () => {
    expect(readEast(values(2_000, 1, undefined, 3), 'occupancy', { of: 'detectors', across: 'avg' })).toMatchObject({
      why: `occupancy of ${urn('Detector:d2')} was never seen`,
    });
  });
});

describe('always', () => {
  const params = record(
    {
      across: constantFrom(...acrossSchema.options),
      window: constantFrom('3 s', '10 s', '40 s'),
      aggregate: constantFrom(...aggregateSchema.options),
      maxAge: constantFrom('2 s', '20 s'),
    },
    { requiredKeys: ['across'] },
  );
  const sample = record({
    detector: constantFrom(...DETECTORS),
    value: constantFrom<Value[]>(true, false, 1, 5),
    at: integer({ min: 0, max: 40 }),
    isBad: option(boolean(), { freq: 5, nil: false }),
  });

  test('nothing changes before changesAt without a new reading', () => {
    assert(
      property(array(sample, { maxLength: 12 }), params, integer({ min: 0, max: 60 }), (samples, how, second) => {
        const source = townAt(
          second * 1_000,
          ...samples.map(({ detector, value, at, isBad }, index) =>
            reading(`${detector}/occupancy`, value, at * 1_000, { id: `${index}`, quality: isBad ? 'bad' : 'good' }),
          ),
        );
        const read = (now: number) => readEast({ ...source, now }, 'occupancy', { of: 'detectors', ...how });
        const first = read(source.now);
        for (let now = source.now; now < Math.min(first.changesAt, 120_000); now += 500) {
          const later = read(now);
          expect(later.known ? later.value : 'unknown').toBe(first.known ? first.value : 'unknown');
        }
        expect(first.changesAt).toBeGreaterThan(source.now);
      }),
      { numRuns: 1_000 },
    );
  });
});
