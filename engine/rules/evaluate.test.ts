// What an evaluation writes down: what was read, from where, and when it must be looked at again.
import { describe, expect, test } from 'vitest';

import type { Condition, NamedCondition } from '../model/rule.ts';
import { evaluate, type EvaluationContext, type ReadFact } from './evaluate.ts';
import { NamedConditions } from './named-conditions.ts';

const known = (value: number | boolean | string, changesAt = Infinity): ReadFact => ({
  known: true,
  value,
  unit: '1',
  observedAt: 900,
  readings: ['r1'],
  changesAt,
});

const FACTS: Record<string, ReadFact> = {
  occupancy: known(0.4, 5_000),
  motion: { known: true, value: true, readings: [], changesAt: 7_000 },
  silent: { known: false, why: 'silent was never seen', changesAt: 3_000 },
  threshold: known(0.3, 2_000),
  ahead: { known: true, value: 1, observedAt: 5_000, readings: [], changesAt: Infinity },
};

const named = (id: string, name: string, conditions: Condition): NamedCondition => ({
  id,
  name,
  title: name,
  conditions,
});
const isMoving: Condition = { fact: 'motion', operator: 'equal', value: true };
const NAMED = [
  named('x/dark', 'dark', isMoving),
  named('y/dark', 'dark', { not: isMoving }),
  named('y/late', 'late', { condition: 'dark' }),
  named('y/twice', 'twice', isMoving),
  named('z/twice', 'twice', isMoving),
  ...Array.from({ length: 10 }, (_, index) =>
    named(`x/deep${index + 1}`, `deep${index + 1}`, { condition: `deep${index + 2}` }),
  ),
];

const context: EvaluationContext = {
  now: 1_000,
  read: (fact) => FACTS[fact] ?? { known: false, why: 'nobody', changesAt: Infinity },
  names: new NamedConditions(NAMED).of('x'),
};

const busy: Condition = { fact: 'occupancy', operator: 'greaterThan', value: 0.3 };

test('writes down what was read, its age and its readings', () => {
  expect(evaluate(busy, context)).toEqual({
    outcome: true,
    trace: [
      {
        path: '/conditions',
        outcome: true,
        fact: 'occupancy',
        operator: 'greaterThan',
        wanted: 0.3,
        found: 0.4,
        unit: '1',
        ageMs: 100,
        readings: ['r1'],
      },
    ],
    changesAt: 5_000,
  });
});

test('a reading from the future has no age', () => {
  expect(evaluate({ fact: 'ahead', operator: 'equal', value: 1 }, context).trace[0]?.ageMs).toBe(0);
});

test('writes the outer conditions first, each with its path', () => {
  const { trace } = evaluate({ all: [busy, { any: [{ not: busy }, { condition: 'dark' }] }] }, context, '/clear');
  expect(trace.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['/clear/all', true],
    ['/clear/all/0', true],
    ['/clear/all/1/any', true],
    ['/clear/all/1/any/0', false],
    ['/clear/all/1/any/0/not', true],
    ['/clear/all/1/any/1/condition:dark', true],
  ]);
});

describe('says why something is unknown:', () => {
  test.each<[string, Condition, string]>([
    ['the fact is', { fact: 'silent', operator: 'equal', value: 1 }, 'silent was never seen'],
    ['what it is compared with is', { ...busy, value: { fact: 'silent' } }, 'silent was never seen'],
    [
      'the operator does not fit',
      { fact: 'motion', operator: 'greaterThan', value: 1 },
      '"greaterThan" does not fit boolean',
    ],
    ['there is no such name', { condition: 'nobody' }, 'there is no condition "nobody"'],
    ['several have the name', { condition: 'twice' }, 'several conditions have the name "twice": y/twice, z/twice'],
  ])('%s', (_, condition, why) => {
    const { outcome, trace } = evaluate(condition, context);
    expect(outcome).toBe('unknown');
    expect(trace[0]).toMatchObject({ outcome: 'unknown', why });
  });
});

test('an unknown right-hand side still shows what was found on the left', () => {
  const [entry] = evaluate({ ...busy, value: { fact: 'silent' } }, context).trace;
  expect(entry).toMatchObject({ found: 0.4, readings: ['r1'] });
  expect(entry).not.toHaveProperty('wanted');
});

test('a fact beside a fact shows what it was compared with', () => {
  expect(evaluate({ ...busy, value: { fact: 'threshold' } }, context).trace[0]).toMatchObject({
    found: 0.4,
    wanted: 0.3,
  });
});

test.each<[string, Condition, number]>([
  ['either side', { ...busy, value: { fact: 'threshold' } }, 2_000],
  ['any part', { all: [busy, { not: { fact: 'motion', operator: 'equal', value: true } }] }, 5_000],
  ['an unknown part', { any: [busy, { fact: 'silent', operator: 'equal', value: 1 }] }, 3_000],
  ['a named condition', { condition: 'dark' }, 7_000],
  ['nothing', { condition: 'nobody' }, Infinity],
])('must be looked at again when %s may change', (_, condition, changesAt) => {
  expect(evaluate(condition, context).changesAt).toBe(changesAt);
});

test.each<[string, Condition, boolean]>([
  ['the own department’s', { condition: 'dark' }, true],
  ['that of another, by its id', { condition: 'y/dark' }, false],
  ['the only other one’s, which means its own department’s by the names in it', { condition: 'late' }, false],
])('a name means %s', (_, condition, outcome) => {
  expect(evaluate(condition, context).outcome).toBe(outcome);
});

test('names that name names are followed eight deep', () => {
  const { outcome, trace } = evaluate({ condition: 'deep1' }, context);
  expect(outcome).toBe('unknown');
  expect(trace[0]?.path).toBe(
    `/conditions${Array.from({ length: 9 }, (_, index) => `/condition:deep${index + 1}`).join('')}`,
  );
});

test.each<[string, Condition]>([
  ['occupancy', busy],
  ['occupancy', { ...busy, params: {} }],
  ['attribute lanes of approach', { ...busy, fact: 'attribute', params: { name: 'lanes', of: 'approach' } }],
  [
    'occupancy of approach/detectors, max, avg over 3 min',
    { ...busy, params: { of: 'approach/detectors', across: 'max', window: '3 min' } },
  ],
  ['occupancy, sum over 1 h', { ...busy, params: { window: '1 h', aggregate: 'sum' } }],
])('calls a fact by name: %s', (name, condition) => {
  expect(evaluate(condition, context).trace[0]?.fact).toBe(name);
});
