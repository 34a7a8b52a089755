// Many values into one.
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';

import { acrossSchema, aggregateSchema } from '../model/rule.ts';
import { across, aggregate } from './aggregate.ts';

test.each([
  ['min', [3, 1, 2], 1],
  ['max', [3, 1, 2], 3],
  ['avg', [3, 1, 2], 2],
  ['sum', [3, 1, 2], 6],
  ['count', [3, 1, 2], 3],
  ['count', ['open', true], 2],
  ['delta', [3, 1, 2], -1],
  ['delta', [5], 0],
  ['avg', ['open'], undefined],
  ['min', [1, true], undefined],
] as const)('%s over a window of %j is %j', (how, values, expected) => {
  expect(aggregate(how, values)).toBe(expected);
});

test.each([
  ['min', [3, 1, 2], 1],
  ['max', [3, 1, 2], 3],
  ['avg', [3, 1, 2], 2],
  ['median', [3, 1, 10], 3],
  ['median', [3, 1, 10, 5], 4],
  ['median', [7], 7],
  ['count', [3, 'open'], 2],
  ['any', [false, true], true],
  ['any', [false, false], false],
  ['all', [true, true], true],
  ['all', [true, false], false],
  ['any', [1, 0], undefined],
  ['all', ['open', true], undefined],
  ['max', [true], undefined],
  ['median', ['open'], undefined],
] as const)('%s across %j is %j', (how, values, expected) => {
  expect(across(how, values)).toBe(expected);
});

test('the order of assets does not matter to any way across them', () => {
  assert(
    property(
      array(integer({ min: -9, max: 9 }), { minLength: 1 }),
      constantFrom(...acrossSchema.options),
      (values, how) => {
        expect(across(how, values.toReversed())).toBe(across(how, values));
      },
    ),
  );
});

test('what is aggregated lies between the lowest and the highest value', () => {
  const within = aggregateSchema.exclude(['sum', 'count', 'delta']).options;
  assert(
    property(array(integer({ min: -9, max: 9 }), { minLength: 1 }), constantFrom(...within), (values, how) => {
      const value = Number(aggregate(how, values));
      expect(value).toBeGreaterThanOrEqual(Math.min(...values));
      expect(value).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});
