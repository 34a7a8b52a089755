// Values and the types they must fit.
import { expect, test } from 'vitest';

import { misfit, sameValue, typeInWords, valueSchema, valueTypeSchema, type ValueType } from './value.ts';

const level: ValueType = { type: 'number', unit: '1', min: 0, max: 1, integer: false };
const plan: ValueType = { type: 'number', unit: '1', min: 1, max: 255, integer: true };
const power: ValueType = { type: 'number', unit: 'W', min: 0, max: 100, integer: false };
const truth: ValueType = { type: 'boolean' };
const door: ValueType = { type: 'word', words: ['open', 'closed'] };

test.each([
  [level, 0],
  [level, 1],
  [level, 0.5],
  [plan, 255],
  [truth, false],
  [door, 'open'],
])('%j takes %j', (type, value) => {
  expect(misfit(type, value)).toBeUndefined();
});

test.each([
  [level, 80, 'allowed is a number from 0 to 1'],
  [level, -0.01, 'allowed is a number from 0 to 1'],
  [level, '0.5', 'allowed is a number from 0 to 1'],
  [level, Number.NaN, 'allowed is a number from 0 to 1'],
  [level, Number.POSITIVE_INFINITY, 'allowed is a number from 0 to 1'],
  [level, undefined, 'allowed is a number from 0 to 1'],
  [plan, 2.5, 'allowed is a whole number from 1 to 255'],
  [plan, 0, 'allowed is a whole number from 1 to 255'],
  [power, 101, 'allowed is a number from 0 to 100 W'],
  [truth, 'true', 'allowed is true or false'],
  [truth, 1, 'allowed is true or false'],
  [door, 'ajar', 'allowed is one of open, closed'],
  [door, 1, 'allowed is one of open, closed'],
])('%j does not take %j', (type, value, why) => {
  expect(misfit(type, value)).toBe(why);
});

test.each<[ValueType, string]>([
  [level, 'a number from 0 to 1'],
  [{ ...power, max: Infinity }, 'a number in W, 0 or more'],
  [{ ...level, min: -Infinity, max: Infinity }, 'a number'],
  [{ ...power, min: -Infinity, max: Infinity }, 'a number in W'],
  [plan, 'a whole number from 1 to 255'],
  [truth, 'true or false'],
  [door, 'one of open, closed'],
])('%j in words: %s', (type, words) => {
  expect(typeInWords(type)).toBe(words);
});

test.each([
  [0.8, 0.8, undefined, true],
  [0.1 + 0.2, 0.3, undefined, true],
  [0.8, 0.79, undefined, false],
  [0.8, 0.79, 0.02, true],
  [0.8, 0.77, 0.02, false],
  [true, true, undefined, true],
  [true, false, 1, false],
  ['open', 'open', undefined, true],
  ['open', 'closed', undefined, false],
  [1, true, undefined, false],
  [1, '1', undefined, false],
  [undefined, 0, undefined, false],
  [undefined, undefined, undefined, true],
])('are %j and %j the same within %j: %j', (left, right, tolerance, same) => {
  expect(sameValue(left, right, tolerance)).toBe(same);
});

test.each([null, undefined, {}, [], Number.NaN, Number.POSITIVE_INFINITY, 'x'.repeat(129)])(
  '%j is no value',
  (found) => {
    expect(valueSchema.safeParse(found).success).toBe(false);
  },
);

test('numbers need not be whole unless their type says so', () => {
  expect(valueTypeSchema.parse({ type: 'number', unit: 'W', min: 0, max: 1 })).toMatchObject({ integer: false });
});
