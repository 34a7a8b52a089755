// Rules, conditions and interlocks as documents.
import { describe, expect, test } from 'vitest';

import { check } from './check.ts';
import { inputSchema } from './input.ts';
import { interlockSchema } from './interlock.ts';
import { linkRequestSchema } from './link.ts';
import { claimActionSchema, conditionSchema, departmentOf, ruleSchema } from './rule.ts';

const motion = { fact: 'motion', operator: 'equal', value: true };
const rule = {
  id: 'lighting/x',
  title: 'X',
  scope: { type: 'Streetlight' },
  conditions: motion,
  actions: [{ point: 'level', set: 1 }],
};

test('a rule releases on unknown facts unless it says otherwise', () => {
  expect(check(ruleSchema, rule)).toMatchObject({ ok: true, value: { onUnknown: 'release' } });
});

test('the department is the first part of a document’s id', () => {
  expect(departmentOf('traffic/queue-relief')).toBe('traffic');
});

describe('conditions', () => {
  test.each([
    ['a comparison', motion],
    ['joins within joins', { all: [{ any: [motion, { not: motion }] }, { condition: 'dark' }] }],
    ['a list', { fact: 'status', operator: 'notIn', value: ['burning', 'moved'] }],
    ['a fact beside a fact', { ...motion, value: { fact: 'attribute', params: { name: 'full' } } }],
  ])('may be %s', (_, condition) => {
    expect(check(conditionSchema, condition)).toEqual({ ok: true, value: condition });
  });

  test.each([
    ['an empty all', { all: [] }],
    ['an empty any', { any: [] }],
    ['two joins in one', { all: [motion], any: [motion] }],
    ['a path, which would reach a JSONPath evaluator', { ...motion, path: '$.x' }],
    ['an empty list', { ...motion, value: [] }],
    ['65 parts', { all: Array.from({ length: 65 }, () => motion) }],
    ['a priority', { ...motion, priority: 1 }],
  ])('may not be %s', (_, condition) => {
    expect(check(conditionSchema, condition).ok).toBe(false);
  });
});

test.each([10, 12, 16])('a rule may claim in slot %d', (slot) => {
  expect(check(claimActionSchema, { point: 'level', set: 1, slot }).ok).toBe(true);
});

test.each([1, 2, 5, 6, 8, 9, 17, 12.5])('a rule may not claim in slot %d', (slot) => {
  expect(check(claimActionSchema, { point: 'level', set: 1, slot }).ok).toBe(false);
});

test.each([
  ['none', {}],
  ['two', { set: 1, atLeast: 1 }],
])('an action has exactly one effect, not %s', (_, effects) => {
  expect(check(claimActionSchema, { point: 'level', ...effects }).ok).toBe(false);
});

test('an interlock names one point of a type and what it requires', () => {
  const interlock = { id: 'waste/door', title: 'X', scope: { type: 'WasteContainer' }, point: 'compaction' };
  expect(check(interlockSchema, { ...interlock, requires: motion }).ok).toBe(true);
  expect(check(interlockSchema, interlock).ok).toBe(false);
});

test.each([
  { kind: 'tick' },
  { kind: 'document', document: { of: 'rule', id: rule.id, version: 1, body: rule } },
  { kind: 'document', document: { of: 'rule', id: rule.id, version: 2, body: null } },
  { kind: 'progress', commandId: 'c', state: 'sent' },
])('the log takes %j', (input) => {
  expect(check(inputSchema, input).ok).toBe(true);
});

test('the link takes readings as they are, to answer for each', () => {
  expect(check(linkRequestSchema, { type: 'readings', seq: 0, readings: [1] }).ok).toBe(true);
});
