// Operators with their types: what does not fit is unknown.
import { Engine } from 'json-rules-engine';
import { describe, expect, test } from 'vitest';

import { compare, OPERATORS } from './operators.ts';

test.each([
  ['equal', 1, 1, true],
  ['equal', 1, 2, false],
  ['equal', 'a', 'a', true],
  ['equal', true, false, false],
  ['notEqual', 1, 2, true],
  ['notEqual', 'a', 'a', false],
  ['in', 'a', ['a', 'b'], true],
  ['in', 'c', ['a', 'b'], false],
  ['notIn', 'c', ['a', 'b'], true],
  ['notIn', 1, [1, 2], false],
  ['lessThan', 1, 2, true],
  ['lessThan', 2, 2, false],
  ['lessThanInclusive', 2, 2, true],
  ['greaterThan', 3, 2, true],
  ['greaterThan', 2, 2, false],
  ['greaterThanInclusive', 2, 2, true],
] as const)('%s of %j and %j is %j', (operator, found, wanted, expected) => {
  expect(compare(operator, found, wanted)).toBe(expected);
});

describe('is unknown:', () => {
  test.each([
    ['a number and its text', 'equal', 1, '1'],
    ['a number and a truth value', 'notEqual', 1, true],
    ['one value and a list', 'equal', 1, [1]],
    ['a list with a stranger', 'in', 1, [1, '1']],
    ['a list where one value is', 'in', 1, 1],
    ['no member where one value is', 'notIn', 'a', 'abc'],
    ['an order of words', 'greaterThan', 'b', 'a'],
    ['an order of truth values', 'lessThan', false, true],
    ['a number as text that could be compared', 'greaterThan', '10', 5],
    ['an operator that does not exist', 'matches', 'a', 'a'],
    ['an operator named like a word of the language', 'toString', 1, 1],
    ['another such', 'constructor', 1, 1],
  ] as const)('%s', (...[, operator, found, wanted]) => {
    expect(compare(operator, found, wanted)).toBe('unknown');
  });
});

test.each(Object.keys(OPERATORS))('%s is an operator of json-rules-engine too', (name) => {
  expect(new Engine().removeOperator(name)).toBe(true);
});
