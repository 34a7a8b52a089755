// Windows in panes, against the plain meaning of each aggregate over all values.
import { array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { aggregateSchema } from '../model/condition.ts';
import type { Value } from '../model/value.ts';
import { addToWindow, viewWindow, windowOf, type Panes } from './window.ts';

type Aggregate = ReturnType<typeof windowOf>['aggregate'];
type Sample = readonly [observedAt: number, value: Value];

const LENGTH_MS = 590;
/** A 59th of the length. */
const PANE_MS = 10;

function windowWith(aggregate: Aggregate, samples: readonly Sample[], lengthMs = LENGTH_MS) {
  const window = windowOf(lengthMs, aggregate);
  const panes: Panes = [];
  for (const [observedAt, value] of samples) addToWindow(panes, window, value, observedAt);
  return { panes, at: (now: number) => viewWindow(panes, window, now) };
}

const SAMPLES: Sample[] = [
  [100, 3],
  [200, 1],
  [300, 2],
];

test.each<[Aggregate, number]>([
  ['min', 1],
  ['max', 3],
  ['avg', 2],
  ['sum', 6],
  ['count', 3],
  ['delta', -1],
  ['rate', -5],
])('%s of 3, 1 and 2 within 0.2 s is %d', (aggregate, expected) => {
  expect(windowWith(aggregate, SAMPLES).at(300)).toEqual({ value: expected, oldestAt: 100 });
});

test('p95 is the value that 95 of a hundred do not exceed, to 2 %', () => {
  const samples = Array.from({ length: 100 }, (_, index): Sample => [index, index + 1]);
  const value = windowWith('p95', samples).at(100)?.value ?? 0;
  expect(Math.abs(value - 95)).toBeLessThanOrEqual(0.02 * 95);
});

test.each([
  ['below zero', [-1, -2, -3], -1],
  ['around zero', [-5, 0, 0], 0],
  ['too small to matter', [1e-9], 0],
  ['one value', [0.42], 0.42],
])('p95 of values %s', (_, values, expected) => {
  const found = windowWith(
    'p95',
    values.map((value, index): Sample => [index * 20, value]),
  ).at(100);
  expect(found?.value).toBeCloseTo(expected, 1);
});

test.each<[string, Aggregate, Sample[]]>([
  ['the average of words', 'avg', [[100, 'open']]],
  ['the lowest of a number and true', 'min', [...SAMPLES, [301, true]]],
  ['the p95 of words', 'p95', [[100, 'open']]],
  ['the change to a word', 'delta', [...SAMPLES, [301, 'open']]],
  ['the rate of one reading', 'rate', [[100, 3]]],
])('%s is nothing', (_, aggregate, samples) => {
  expect(windowWith(aggregate, samples).at(301)).toMatchObject({ value: undefined });
});

test('words can be counted', () => {
  expect(
    windowWith('count', [
      [100, 'open'],
      [101, true],
    ]).at(101)?.value,
  ).toBe(2);
});

test('nothing lies in a window that everything has left', () => {
  const { at } = windowWith('avg', SAMPLES);
  expect([at(689), at(690), at(889)?.value, at(890)]).toEqual([
    { value: 2, oldestAt: 100 },
    { value: 1.5, oldestAt: 200 },
    2,
    undefined,
  ]);
});

const samples = array(
  record({ at: integer({ min: 0, max: 2_000 }), value: double({ min: -100, max: 100, noNaN: true }) }),
  { minLength: 1, maxLength: 300 },
).map((list) => list.map(({ at, value }): Sample => [at, value]));

test('there are at most 60 panes, however many values come', () => {
  assert(
    property(
      samples,
      constantFrom('avg', 'min', 'delta'),
      integer({ min: 7, max: 5_000 }),
      (list, aggregate, length) => {
        const width = { avg: 3, min: 2, delta: 4 }[aggregate];
        expect(windowWith(aggregate, list, length).panes.length / width).toBeLessThanOrEqual(60);
      },
    ),
  );
});

/** The plain meaning, oldest first. */
function plain(aggregate: Aggregate, values: readonly (readonly [number, number])[]): number {
  const numbers = values.map(([, value]) => value);
  const sum = numbers.reduce((total, value) => total + value, 0);
  const [first, last] = [values[0]!, values.at(-1)!];
  const meanings: Record<Aggregate, () => number> = {
    min: () => Math.min(...numbers),
    max: () => Math.max(...numbers),
    sum: () => sum,
    avg: () => sum / numbers.length,
    count: () => numbers.length,
    delta: () => last[1] - first[1],
    rate: () => (1_000 * (last[1] - first[1])) / (last[0] - first[0]),
    p95: () => numbers.toSorted((left, right) => left - right)[Math.ceil(numbers.length * 0.95) - 1] ?? Number.NaN,
  };
  return meanings[aggregate]();
}

describe.each(aggregateSchema.options)('%s', (aggregate) => {
  test('is exact where no two values share a pane, in whatever order they come', () => {
    const apart = samples.map((list) => [
      ...new Map(list.map(([at, value]) => [Math.floor(at / PANE_MS), [at, Number(value)] as const])).values(),
    ]);
    assert(
      property(apart, integer({ min: 0, max: 600 }), (list, later) => {
        const newest = Math.max(...list.map(([at]) => at));
        const now = newest + later;
        const within = list.filter(([at]) => at > now - LENGTH_MS).toSorted(([left], [right]) => left - right);
        const found = windowWith(aggregate, list).at(now)?.value;
        const meant = within.length === 0 ? Number.NaN : plain(aggregate, within);
        expect(found !== undefined).toBe(Number.isFinite(meant));
        const expected = Number.isFinite(meant) ? meant : 0;
        const tolerance = aggregate === 'p95' ? 0.02 * Math.abs(expected) + 1e-6 : 1e-6;
        expect(Math.abs((found ?? 0) - expected)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });
});

test.each(aggregateSchema.exclude(['p95']).options)(
  '%s looks at most a pane further back than the window, and never less far',
  (aggregate) => {
    const inOrder = samples.map((list) => list.toSorted(([left], [right]) => left - right));
    assert(
      property(inOrder, (list) => {
        const numbers = list.map(([at, value]) => [at, Number(value)] as const);
        const now = Math.max(...numbers.map(([at]) => at));
        const from = now - LENGTH_MS;
        const firsts = numbers.findIndex(([at]) => at > from);
        const furthest = numbers.findIndex(([at]) => at > from - PANE_MS);
        const meanings = Array.from({ length: firsts - furthest + 1 }, (_, index) =>
          plain(aggregate, numbers.slice(furthest + index)),
        );
        const found = windowWith(aggregate, list).at(now)?.value;
        const isOneOf = meanings.some((meaning) =>
          found === undefined ? !Number.isFinite(meaning) : Math.abs(meaning - found) <= 1e-6,
        );
        expect(isOneOf).toBe(true);
      }),
    );
  },
);
