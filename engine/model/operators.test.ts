// Operators with their decorators: what each comes down to, and why some fit no fact.
import { describe, expect, test } from 'vitest';

import { DECORATORS, operatorInWords, plainOperator, readOperator, writeOperator } from './operators.ts';

test.each([
  ['greaterThan', 'greaterThan', '>'],
  ['not:greaterThan', 'lessThanInclusive', '≤'],
  ['not:not:in', 'in', 'one of'],
  ['swap:greaterThan', 'lessThan', '<'],
  ['not:swap:lessThanInclusive', 'lessThan', '<'],
  ['swap:not:lessThanInclusive', 'lessThan', '<'],
  ['swap:contains', 'in', 'one of'],
  ['not:swap:contains', 'notIn', 'none of'],
  ['swap:doesNotContain', 'notIn', 'none of'],
  ['someValue:equal', 'someValue:equal', '= at least one of'],
  ['everyValue:not:equal', 'everyValue:notEqual', '≠ each of'],
  ['not:someValue:equal', 'everyValue:notEqual', '≠ each of'],
  ['not:everyValue:not:greaterThan', 'someValue:greaterThan', '> at least one of'],
  ['someValue:swap:greaterThan', 'someValue:lessThan', '< at least one of'],
  ['swap:someFact:greaterThan', 'someValue:lessThan', '< at least one of'],
  ['swap:everyFact:swap:greaterThan', 'everyValue:greaterThan', '> each of'],
])('%s is %s, in words: %s', (text, plain, words) => {
  const read = plainOperator(text);
  expect(read && writeOperator(read)).toBe(plain);
  expect(operatorInWords(text)).toBe(words);
});

describe('fits no fact, and says why:', () => {
  test.each([
    [
      'someFact:equal',
      '"someFact" goes through a list of facts, and a fact is one value: several assets become one by params.across, and "someValue" goes through a list of values',
    ],
    ['not:everyFact:lessThan', '"everyFact" goes through a list of facts, and a fact is one value'],
    [
      'contains',
      '"contains" looks into a fact that is a list, and a fact is one value: "in" looks into a list of values',
    ],
    ['not:doesNotContain', '"notIn" looks into a list of values'],
    ['someValue:contains', '"contains" looks into a fact that is a list'],
    ['swap:in', 'after "swap" the fact stands where "in" needs a list, and a fact is one value'],
    ['swap:someValue:equal', 'after "swap" the fact stands where "someValue" needs a list'],
    ['someValue:in', '"in" needs a whole list, and here it is given one value at a time'],
    ['swap:someFact:contains', '"contains" needs a whole list, and here it is given one value at a time'],
    ['someValue:everyValue:equal', '"everyValue" would go through a single value: a list holds no lists'],
    ['not:not:not:not:not:equal', 'allowed are at most 4 decorators before an operator'],
  ])('%s', (text, why) => {
    expect(readOperator(text)).toMatchObject({ ok: false, problem: 'unfit', why: expect.stringContaining(why) });
    expect(operatorInWords(text)).toBe(text);
  });
});

test.each([
  ['contains', 'in'],
  ['doesNotContain', 'notIn'],
  ['not:not:not:not:not:equal', 'notEqual'],
  ['not:not:not:not:not:someValue:lessThan', 'everyValue:greaterThanInclusive'],
  ['someFact:equal', undefined],
])('instead of %s there is %s', (text, instead) => {
  const read = readOperator(text);
  expect('instead' in read ? read.instead : undefined).toBe(instead);
});

test.each([
  ['between', 'no operator', 'between'],
  ['not:between', 'no operator', 'between'],
  ['not:', 'no operator', ''],
  ['', 'no operator', ''],
  ['Not:equal', 'no decorator', 'Not'],
  [':equal', 'no decorator', ''],
  ['not:toString:equal', 'no decorator', 'toString'],
  ['not equal', 'no operator', 'not equal'],
  ['constructor', 'no operator', 'constructor'],
])('%j is none: %s %j', (text, problem, word) => {
  expect(readOperator(text)).toEqual({ ok: false, problem, word });
});

test.each(Object.entries(DECORATORS))('the example of %s can be read', (name, { example }) => {
  expect(example.split(':')).toContain(name);
  expect(plainOperator(example)).toBeDefined();
});
