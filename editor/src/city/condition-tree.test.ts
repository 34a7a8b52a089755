// From a flat trace to the author's tree.
import { expect, it } from 'vitest';

import type { ConditionTrace } from '../../../engine/model/decision.ts';
import { conditionTree, tellingComparisons } from './condition-tree.ts';

const join = (path: string): ConditionTrace => ({ path, outcome: true });
const compare = (path: string, outcome: ConditionTrace['outcome'] = true): ConditionTrace => ({
  path,
  outcome,
  fact: 'occupancy',
  operator: 'greaterThan',
  wanted: 0.35,
});

it('nests joins as the rule nests them', () => {
  const [root, ...others] = conditionTree([
    join('/conditions/all'),
    compare('/conditions/all/0'),
    join('/conditions/all/1/any'),
    compare('/conditions/all/1/any/0', false),
    join('/conditions/all/1/any/1'),
    compare('/conditions/all/1/any/1/not', false),
  ]);
  expect(others).toEqual([]);
  expect(root?.join).toBe('all');
  expect(root?.children.map((child) => child.join)).toEqual([undefined, 'any']);
  const not = root?.children[1]?.children[1];
  expect([not?.join, not?.children.map((child) => child.trace.path)]).toEqual(['not', ['/conditions/all/1/any/1/not']]);
});

it('says which named condition stands in a place', () => {
  const [root] = conditionTree([
    join('/conditions/all'),
    compare('/conditions/all/0/condition:dark'),
    join('/conditions/all/1/condition:quiet/any'),
    compare('/conditions/all/1/condition:quiet/any/0'),
  ]);
  expect(root?.children.map(({ named, join: joined }) => [named, joined])).toEqual([
    ['dark', undefined],
    ['quiet', 'any'],
  ]);
  expect(root?.children[1]?.children[0]?.named).toBeUndefined();
});

it('keeps comparisons whose join is not in the trace', () => {
  expect(conditionTree([compare('/conditions/all/0'), compare('/clear/all/0')])).toHaveLength(2);
});

it('tells the comparisons that have the outcome of the whole, or all of them when none has', () => {
  const [one, two] = [compare('/conditions/all/0'), compare('/conditions/all/1', false)];
  expect(tellingComparisons([{ ...join('/conditions/all'), outcome: false }, one, two])).toEqual([two]);
  expect(tellingComparisons([join('/conditions/any'), one, two])).toEqual([one]);
  expect(tellingComparisons([{ ...join('/conditions'), outcome: 'unknown' }, one, two])).toEqual([one, two]);
});
