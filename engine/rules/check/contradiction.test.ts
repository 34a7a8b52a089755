// Demands that no value could meet: found exactly where there is none.
import { array, assert, boolean, constantFrom, oneof, property, record, type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Value, ValueType } from '../../model/value.ts';
import { compare } from '../operators.ts';
import { contradictions, type Demand } from './contradiction.ts';
import type { FactValues } from './fact.ts';

const fact = (type: ValueType | undefined): FactValues => ({
  name: 'x',
  kinds: type && new Set([type.type === 'word' ? ('string' as const) : type.type]),
  type,
});
const share: ValueType = { type: 'number', unit: '1', min: 0, max: 1, integer: false };
const open: ValueType = { type: 'number', unit: '', min: 0, max: Infinity, integer: false };
const whole: ValueType = { type: 'number', unit: '', min: 0, max: 4, integer: true };
const door: ValueType = { type: 'word', words: ['open', 'closed', 'ajar'] };

const inShort = (value: Value | Value[]): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
const demand = (of: FactValues, operator: string, value: Value | Value[], isNegated = false): Demand => ({
  constraint: { key: of.name, fact: of, operator, value, text: `${of.name} ${operator} ${inShort(value)}` },
  isNegated,
  path: `/${operator}`,
});

const numbers = constantFrom<Value[]>(0, 0.2, 0.5, 0.8, 1);
const words = constantFrom<Value[]>('open', 'closed', 'ajar');
const ordering = constantFrom(
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
  'equal',
  'notEqual',
  'not:lessThan',
  'swap:greaterThanInclusive',
);
const demandsOn = (of: FactValues, values: Arbitrary<Value>, single: Arbitrary<string>): Arbitrary<Demand> =>
  oneof(
    record({ operator: single, value: values, isNegated: boolean() }),
    record({
      operator: constantFrom(
        'in',
        'notIn',
        'not:in',
        'swap:contains',
        'someValue:equal',
        'everyValue:notEqual',
        'someValue:greaterThan',
        'everyValue:not:lessThan',
        'swap:everyFact:lessThan',
      ),
      value: array(values, { minLength: 1, maxLength: 3 }),
      isNegated: boolean(),
    }),
  ).map(({ operator, value, isNegated }) => demand(of, operator, value, isNegated));

/** Every value that could make a difference, tried one by one. */
const GRID: Value[] = [...Array.from({ length: 101 }, (_, hundredth) => hundredth / 100), 7, 1_000];
const canHold = (demands: readonly Demand[], values: readonly Value[]): boolean =>
  values.some((value) =>
    demands.every(({ constraint, isNegated }) => compare(constraint.operator, value, constraint.value) === !isNegated),
  );

describe('finds a contradiction exactly where no value meets all demands:', () => {
  test.each<[string, FactValues, Arbitrary<Value>, Arbitrary<string>, readonly Value[]]>([
    ['a share', fact(share), numbers, ordering, GRID.filter((value) => Number(value) <= 1)],
    ['a number without a limit above', fact(open), numbers, ordering, GRID],
    ['a whole number', fact(whole), constantFrom<Value[]>(0, 1, 2, 2.5, 3), ordering, [0, 1, 2, 3, 4]],
    ['words', fact(door), words, constantFrom('equal', 'notEqual'), ['open', 'closed', 'ajar']],
    ['true and false', fact({ type: 'boolean' }), boolean(), constantFrom('equal', 'notEqual'), [true, false]],
    [
      'anything',
      fact(undefined),
      oneof(numbers, words),
      ordering,
      [-1, ...GRID, 'open', 'closed', 'ajar', 'else', true, false],
    ],
  ])('%s', (...[, of, values, single, all]) => {
    assert(
      property(array(demandsOn(of, values, single), { minLength: 1, maxLength: 5 }), (demands) => {
        expect(contradictions(demands)).toHaveLength(canHold(demands, all) ? 0 : 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

const x = fact(share);

test('says which two disagree, at the later one', () => {
  const all = [demand(x, 'greaterThan', 0.1), demand(x, 'greaterThan', 0.5), demand(x, 'lessThan', 0.3)];
  expect(contradictions(all)).toEqual([
    {
      code: 'rule-contradiction',
      path: '/lessThan',
      found: 'x lessThan 0.3',
      allowed: 'it can never be true together with x greaterThan 0.5 at /greaterThan',
    },
  ]);
});

test('names all of them where only several together leave nothing', () => {
  const all = [
    demand(fact(door), 'notEqual', 'open'),
    demand(fact(door), 'notIn', ['closed']),
    demand(fact(door), 'equal', 'ajar', true),
  ];
  expect(contradictions(all)[0]?.allowed).toBe(
    'it can never be true together with what stands before it: x notEqual "open", x notIn [closed]',
  );
});

test('says so of one that can never be true by itself', () => {
  expect(contradictions([demand(x, 'lessThan', 0)])[0]).toMatchObject({
    code: 'rule-never',
    allowed: 'it can never be true: x is a number from 0 to 1',
  });
  expect(contradictions([demand(fact(undefined), 'in', [])])[0]?.allowed).toBe('it can never be true');
});

test('keeps facts apart, and has nothing to say of nothing', () => {
  expect(contradictions([demand(x, 'lessThan', 0.5), demand({ ...x, name: 'y' }, 'greaterThan', 0.5)])).toEqual([]);
  expect(contradictions([])).toEqual([]);
});
