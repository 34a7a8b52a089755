// Taking readings: newest, older, repeated, too late, and what is kept of the past.
import { array, assert, integer, property, record, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Reading } from '../model/reading.ts';
import { asset, reading } from './asset-builders.testsuite.ts';
import {
  arrivalOf,
  copyFact,
  isFrozen,
  knownValue,
  latenessOf,
  restoreFact,
  staleAt,
  takeReading,
  type Fact,
} from './fact.ts';
import { idNumber, MOST_SEEN } from './seen-ids.ts';
import { viewWindow, windowOf } from './window.ts';

const OF = 'Detector:d1/occupancy';
const LATENESS_MS = 100;
const SUM = windowOf(100, 'sum');

function taking(readings: readonly Reading[], windows = [SUM]): { fact: Fact; arrivals: string[] } {
  let fact: Fact | undefined;
  const arrivals = readings.map((one) => {
    const incoming = { reading: one, id: idNumber(one.id), latenessMs: LATENESS_MS, windows };
    const arrival = arrivalOf(fact, incoming);
    if (arrival === 'newest' || arrival === 'older') fact = takeReading(fact, incoming);
    return arrival;
  });
  return { fact: fact!, arrivals };
}

const sumAt = (fact: Fact, now: number): number | undefined => viewWindow(fact.windows[SUM.key] ?? [], SUM, now)?.value;

test('the newest reading is the fact, and all of them are in the window', () => {
  const { fact, arrivals } = taking([reading(OF, 1, 10), reading(OF, 2, 20)]);
  expect(arrivals).toEqual(['newest', 'newest']);
  expect(fact.reading.value).toBe(2);
  expect(sumAt(fact, 20)).toBe(3);
});

test('a reading that comes late joins the window at its own time and changes nothing else', () => {
  const { fact, arrivals } = taking([reading(OF, 1, 10), reading(OF, 3, 90), reading(OF, 2, 20)]);
  expect(arrivals).toEqual(['newest', 'newest', 'older']);
  expect(fact.reading.value).toBe(3);
  expect([109, 110, 119, 120].map((now) => sumAt(fact, now))).toEqual([6, 5, 5, 3]);
});

test('of two readings of one instant the later one is the fact, and both are in the window', () => {
  const { fact } = taking([reading(OF, 1, 10), reading(OF, 2, 10, { id: 'second' })]);
  expect(fact.reading.value).toBe(2);
  expect(sumAt(fact, 10)).toBe(3);
});

test('a repeated reading changes nothing, whether it is the newest or an older one', () => {
  const first = reading(OF, 1, 10);
  const second = reading(OF, 2, 20);
  const { fact, arrivals } = taking([first, second, second, first]);
  expect(arrivals).toEqual(['newest', 'newest', 'repeated', 'repeated']);
  expect(sumAt(fact, 20)).toBe(3);
});

test('a message that is delivered again later is repeated, whatever instant it was given then', () => {
  const { arrivals } = taking([reading(OF, 1, 10, { id: 'm1' }), reading(OF, 1, 60, { id: 'm1' })]);
  expect(arrivals).toEqual(['newest', 'repeated']);
});

test('a reading that is older than the newest by more than the lateness is too late', () => {
  const { fact, arrivals } = taking([reading(OF, 1, 200), reading(OF, 2, 100), reading(OF, 4, 99)]);
  expect(arrivals).toEqual(['newest', 'older', 'late']);
  expect(fact.seen.at).toEqual([200, 100]);
});

test('of a sensor gone wild no more than 32 readings are remembered, and what is no newer than the forgotten is too late', () => {
  const many = Array.from({ length: 40 }, (_, index) => reading(OF, 1, 1_000 + index));
  const late = [1_009, 1_008, 1_007].map((at) => reading(OF, 2, at, { id: `late ${at}` }));
  const { fact, arrivals } = taking([...many, ...late]);
  expect([fact.seen.at.length, fact.seen.ids.length, fact.seen.forgottenAt]).toEqual([MOST_SEEN, MOST_SEEN, 1_008]);
  expect(arrivals.slice(-3)).toEqual(['older', 'late', 'late']);
});

test('keeps no windows when no rule looks back, and forgets those that none looks at any more', () => {
  const one = taking([reading(OF, 1, 10)]).fact;
  const next = reading(OF, 1, 20);
  takeReading(one, { reading: next, id: 1, latenessMs: 0, windows: [] });
  expect([taking([reading(OF, 1, 10)], []).fact.windows, one.windows]).toEqual([{}, {}]);
});

test('a window that a rule has only begun to look at has the newest reading from before, if that can be trusted', () => {
  const next = { reading: reading(OF, 2, 20), id: 9, latenessMs: 0, windows: [SUM] };
  for (const [quality, sum] of [
    ['good', 3],
    ['bad', 2],
  ] as const) {
    const { fact } = taking([reading(OF, 7, 5), reading(OF, 1, 10, { quality })], []);
    expect(sumAt(takeReading(fact, next), 20)).toBe(sum);
  }
});

test('a bad value is the newest, but enters no window', () => {
  const { fact } = taking([reading(OF, 1, 10), reading(OF, 9, 20, { quality: 'bad' })]);
  expect(fact.reading.quality).toBe('bad');
  expect(sumAt(fact, 20)).toBe(1);
});

test('a copy is a fact of its own', () => {
  const { fact } = taking([reading(OF, 1, 10)]);
  const copy = copyFact(fact);
  takeReading(copy, { reading: reading(OF, 2, 20), id: 2, latenessMs: 100, windows: [SUM] });
  expect([fact.reading.value, sumAt(fact, 20), fact.seen.at]).toEqual([1, 1, [10]]);
  expect([copy.reading.value, sumAt(copy, 20), copy.seen.at]).toEqual([2, 3, [10, 20]]);
});

test('a fact that went through JSON is the same, also where words made a sum impossible', () => {
  const { fact } = taking([reading('Detector:d1/tilt', 'steep', 10), reading('Detector:d1/tilt', 3, 20)]);
  const back = restoreFact(JSON.parse(JSON.stringify(fact)));
  expect(back).toEqual(fact);
  expect([sumAt(back, 20), sumAt(back, 115)]).toEqual([undefined, 3]);
});

/** Two milliseconds apart, so that no two share a pane. */
describe('for every order of arrival', () => {
  const readings = array(
    record({ at: integer({ min: 0, max: 50 }).map((half) => 2 * half), value: integer({ min: 0, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  ).map((list) => [...new Map(list.map(({ at, value }) => [at, reading(OF, value, at)])).values()]);
  const arrivals = readings.chain((list) => shuffledSubarray(list, { minLength: list.length }));

  test('the newest instant is the fact, and the window is the same', () => {
    assert(
      property(arrivals, (list) => {
        const { fact } = taking(list);
        const newest = Math.max(...list.map(({ observedAt }) => observedAt));
        expect(fact.reading.observedAt).toBe(newest);
        const inside = list.filter(({ observedAt }) => observedAt > newest - SUM.lengthMs);
        expect(sumAt(fact, newest)).toBe(inside.reduce((sum, { value }) => sum + Number(value), 0));
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

test.each([
  ['what the asset says', { every: '1 h', lateness: '2 min' }, 120_000],
  ['three reports, if those are longer than what the city says', { every: '1 h' }, 3 * 3_600_000],
  ['what the city says, if that is longer', { every: '10 s' }, 300_000],
  ['what the city says, where the asset says nothing', undefined, 300_000],
])('the accepted lateness is %s', (_, reporting, expected) => {
  const bin = asset('WasteContainer:b1', { reports: reporting ? { fillingLevel: reporting } : {} });
  expect(latenessOf(bin, 'fillingLevel', 300_000)).toBe(expected);
});

test('a sensor that says exactly the same for too long is frozen, and unknown until it says something else', () => {
  const detector = asset('Detector:d1', { reports: { occupancy: { every: '1 h', frozenAfter: '50 ms' } } });
  const same = taking([reading(OF, 1, 10), reading(OF, 2, 20), reading(OF, 2, 69)]).fact;
  expect([isFrozen(detector, same), knownValue(detector, same, 70)]).toEqual([false, 2]);
  const frozen = taking([reading(OF, 2, 20), reading(OF, 2, 70)]).fact;
  expect([isFrozen(detector, frozen), knownValue(detector, frozen, 70)]).toEqual([true, undefined]);
  const moved = taking([reading(OF, 2, 20), reading(OF, 2, 70), reading(OF, 3, 71)]).fact;
  expect(knownValue(detector, moved, 71)).toBe(3);
  expect(isFrozen(asset('Detector:d1'), frozen)).toBe(false);
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
