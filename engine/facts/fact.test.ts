// Taking readings: newest, older, repeated, and how far back samples go.
import { array, assert, integer, property, record, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Reading } from '../model/reading.ts';
import { asset, reading } from './asset-builders.testsuite.ts';
import { staleAt, takeReading, type Fact } from './fact.ts';

const OF = 'Detector:d1/occupancy';
const KEEP_MS = 100;

function taking(readings: readonly Reading[], keepMs = KEEP_MS): { fact: Fact; taken: string[] } {
  let fact: Fact | undefined;
  const taken = readings.map((one) => {
    const result = takeReading(fact, one, keepMs);
    fact = result.fact;
    return result.taken;
  });
  return { fact: fact!, taken };
}

const timesOf = (fact: Fact): number[] => fact.samples.map(([observedAt]) => observedAt);

test('the newest reading is the fact, the older ones stay as samples', () => {
  const { fact, taken } = taking([reading(OF, 0.1, 10), reading(OF, 0.2, 20)]);
  expect(taken).toEqual(['newest', 'newest']);
  expect(fact.reading.value).toBe(0.2);
  expect(fact.samples).toEqual([
    [10, 0.1, `${OF}@10`],
    [20, 0.2, `${OF}@20`],
  ]);
});

test('a reading that comes late joins the samples at its own time and changes nothing else', () => {
  const { fact, taken } = taking([reading(OF, 0.1, 10), reading(OF, 0.3, 30), reading(OF, 0.2, 20)]);
  expect(taken).toEqual(['newest', 'newest', 'older']);
  expect(fact.reading.value).toBe(0.3);
  expect(timesOf(fact)).toEqual([10, 20, 30]);
});

test('of two readings of one instant the later one counts', () => {
  const { fact } = taking([reading(OF, 0.1, 10), reading(OF, 0.2, 10, { id: 'second' })]);
  expect(fact.reading.value).toBe(0.2);
  expect(fact.samples.map(([, value]) => value)).toEqual([0.1, 0.2]);
});

test('a repeated reading changes nothing, whether it is the newest or one of the samples', () => {
  const first = reading(OF, 0.1, 10);
  const second = reading(OF, 0.2, 20);
  const { fact, taken } = taking([first, second, second, first]);
  expect(taken).toEqual(['newest', 'newest', 'repeated', 'repeated']);
  expect(timesOf(fact)).toEqual([10, 20]);
});

test('keeps no samples when no rule looks back', () => {
  const { fact } = taking([reading(OF, 0.1, 10), reading(OF, 0.2, 20), reading(OF, 0.1, 10)], 0);
  expect(fact).toMatchObject({ reading: { observedAt: 20 }, samples: [] });
});

test('forgets samples that lie further back than anybody looks', () => {
  const { fact } = taking([reading(OF, 0.1, 10), reading(OF, 0.2, 110), reading(OF, 0.3, 5)]);
  expect(timesOf(fact)).toEqual([110]);
});

test('a bad value is the newest, but no sample', () => {
  const { fact } = taking([reading(OF, 0.1, 10), reading(OF, 0.9, 20, { quality: 'bad' })]);
  expect(fact.reading.quality).toBe('bad');
  expect(timesOf(fact)).toEqual([10]);
});

test('a sensor gone wild keeps no more than 4,096 samples, the newest', () => {
  const first: Fact = {
    reading: reading(OF, 0, 4_096),
    samples: Array.from({ length: 4_096 }, (_, index) => [index + 1, 0, `${index + 1}`]),
  };
  const { fact } = takeReading(first, reading(OF, 1, 4_097), 1_000_000);
  expect(fact.samples).toHaveLength(4_096);
  expect([fact.samples[0]?.[0], fact.samples.at(-1)?.[0]]).toEqual([2, 4_097]);
});

describe('for every order of arrival', () => {
  const readings = array(record({ at: integer({ min: 0, max: 300 }), value: integer({ min: 0, max: 9 }) }), {
    minLength: 1,
    maxLength: 12,
  }).map((list) => [...new Map(list.map(({ at, value }) => [at, reading(OF, value, at)])).values()]);
  const arrivals = readings.chain((list) => shuffledSubarray(list, { minLength: list.length }));

  test('the newest instant is the fact, and the samples are those within reach of it, in order', () => {
    assert(
      property(arrivals, (list) => {
        const { fact } = taking(list);
        const newest = Math.max(...list.map(({ observedAt }) => observedAt));
        const within = list.map(({ observedAt }) => observedAt).filter((observedAt) => observedAt > newest - KEEP_MS);
        expect(fact.reading.observedAt).toBe(newest);
        expect(timesOf(fact)).toEqual(within.toSorted((left, right) => left - right));
      }),
    );
  });

  test('sending everything twice changes nothing', () => {
    assert(
      property(arrivals, (list) => {
        const once = taking(list);
        const twice = taking(list.flatMap((one) => [one, one]));
        expect(twice.fact).toEqual(once.fact);
      }),
    );
  });
});

test('a property is stale after three missed reports', () => {
  const detector = asset('Detector:d1', {
    reports: { occupancy: { every: '1 min' }, motion: { onChange: true, heartbeat: '1 h' } },
  });
  expect(staleAt(detector, 'occupancy', 1_000)).toBe(181_000);
  expect(staleAt(detector, 'motion', 0)).toBe(3 * 3_600_000);
});

test.each(['intensity', 'constructor'])(
  'a property (%s) that the asset does not say a period for never goes stale',
  (name) => {
    expect(staleAt(asset('Detector:d1'), name, 0)).toBeUndefined();
  },
);
