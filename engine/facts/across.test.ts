// The values of several assets into one.
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';

import { acrossSchema } from '../model/rule.ts';
import { across } from './across.ts';

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
