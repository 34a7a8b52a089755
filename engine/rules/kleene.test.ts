// Kleene's truth tables, and de Morgan.
import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';

import type { Truth } from '../model/decision.ts';
import { allOf, anyOf, notOf } from './kleene.ts';

const U = 'unknown';

test.each<[Truth[], Truth, Truth]>([
  [[true, true], true, true],
  [[true, false], false, true],
  [[true, U], U, true],
  [[false, false], false, false],
  [[false, U], false, U],
  [[U, U], U, U],
  [[true], true, true],
  [[U], U, U],
])('of %j all are %j and any is %j, in every order', (outcomes, all, any) => {
  for (const order of [outcomes, outcomes.toReversed()]) {
    expect(allOf(order)).toBe(all);
    expect(anyOf(order)).toBe(any);
  }
});

test('not turns true and false round and leaves unknown', () => {
  const all: Truth[] = [true, false, U];
  expect(all.map(notOf)).toEqual([false, true, U]);
});

test('not all is any not, and the other way round', () => {
  assert(
    property(array(constantFrom<Truth[]>(true, false, U), { minLength: 1 }), (outcomes) => {
      expect(notOf(allOf(outcomes))).toBe(anyOf(outcomes.map(notOf)));
      expect(notOf(anyOf(outcomes))).toBe(allOf(outcomes.map(notOf)));
    }),
  );
});
