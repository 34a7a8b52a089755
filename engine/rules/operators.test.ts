// Operators with their types: what does not fit is unknown.
import { Engine } from 'json-rules-engine';
import { describe, expect, test } from 'vitest';

import { DECORATORS, MOST_DECORATORS } from '../model/operators.ts';
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

test.each(Object.keys(DECORATORS))('%s is a decorator of json-rules-engine too', (name) => {
  expect(new Engine().removeOperatorDecorator(name)).toBe(true);
});

describe('with decorators', () => {
  test.each([
    ['not:greaterThan', 2, 2, true],
    ['not:in', 'c', ['a', 'b'], true],
    ['swap:lessThan', 3, 2, true],
    ['swap:contains', 'a', ['a', 'b'], true],
    ['someValue:greaterThan', 2, [1, 5], true],
    ['everyValue:greaterThan', 2, [1, 5], false],
    ['not:someValue:equal', 'c', ['a', 'b'], true],
    ['swap:someFact:lessThan', 2, [1, 5], true],
    ['someValue:lessThan', 2, [1, 'x'], 'unknown'],
    ['someValue:lessThan', 2, 5, 'unknown'],
    ['not:greaterThan', 'x', 2, 'unknown'],
    ['not:contains', 'a', 'b', 'unknown'],
    ['someFact:equal', 1, 1, 'unknown'],
    ['no:equal', 1, 1, 'unknown'],
  ] as const)('%s of %j and %j is %j', (operator, found, wanted, expected) => {
    expect(compare(operator, found, wanted)).toBe(expected);
  });

  test('every operator that fits a fact means what json-rules-engine means by it, on every value that fits', async () => {
    const compared = await Promise.all(WORLDS.map(agreements));
    expect(compared.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(15_000);
  });
});

/** Every way to write an operator. */
function everyOperator(): string[] {
  let longest: string[] = [...Object.keys(OPERATORS), 'contains', 'doesNotContain'];
  const all = [...longest];
  for (let count = 0; count < MOST_DECORATORS; count += 1) {
    longest = longest.flatMap((operator) => Object.keys(DECORATORS).map((decorator) => `${decorator}:${operator}`));
    all.push(...longest);
  }
  return all;
}

const WORLDS = [
  { facts: [-1, 0, 1, 2, 3], values: [0, 2, [0], [0, 2], [2, 3, 1]] },
  { facts: ['a', 'b', ''], values: ['a', '', ['a'], ['b', 'c'], ['', 'a']] },
  { facts: [true, false], values: [true, [false], [true, false]] },
];

/** Asks json-rules-engine once for each fact about all operators and values; returns how many comparisons there were. */
async function agreements({ facts, values }: (typeof WORLDS)[number]): Promise<number> {
  const engine = new Engine();
  const fitting = everyOperator().flatMap((operator) =>
    values.flatMap((value) => (compare(operator, facts[0] ?? '', value) === 'unknown' ? [] : [{ operator, value }])),
  );
  for (const [index, { operator, value }] of fitting.entries())
    engine.addRule({ conditions: { all: [{ fact: 'x', operator, value }] }, event: { type: String(index) } });
  for (const fact of facts) {
    const { events } = await engine.run({ x: fact });
    const ours = fitting.flatMap(({ operator, value }, index) =>
      compare(operator, fact, value) ? [String(index)] : [],
    );
    expect(events.map(({ type }) => type).toSorted()).toEqual(ours.toSorted());
  }
  return fitting.length * facts.length;
}
