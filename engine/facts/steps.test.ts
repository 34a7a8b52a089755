// When a growing number is next on another side of a limit.
import { expect, test } from 'vitest';

import { nextStep } from './steps.ts';

test.each([
  [0, undefined, 1],
  [4, [5], 5],
  [5, [5], 6],
  [6, [5], undefined],
  [0, [], undefined],
  [0, [0.5], 1],
  [1, [0.5], undefined],
  [4, [9, 5, 2], 5],
  [5, [9, 5, 2], 6],
  [6, [9, 5, 2], 9],
  [0, [-3], undefined],
])('from %d, with the limits %j, it is %j', (value, limits, expected) => {
  expect(nextStep(value, limits)).toBe(expected);
});
