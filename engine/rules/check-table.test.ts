// Problems of a decision table are said where they are: at the cell, the column, the row's value.
import { expect, test } from 'vitest';

import { describeProblems } from '../model/result.ts';
import { createRuleCatalogue } from './check/catalogue.ts';
import { checkRule } from './parse-rule.ts';

const CATALOGUE = createRuleCatalogue({
  assets: [],
  conditions: [
    {
      id: 'lighting/dark',
      name: 'dark',
      title: 'Dark',
      conditions: { fact: 'illuminance', operator: 'lessThan', value: 10 },
    },
  ],
});

const STEPS = {
  id: 'lighting/steps',
  title: 'Brightness by traffic',
  scope: { type: 'Streetlight' },
  table: {
    columns: [
      { fact: 'occupancy', operator: 'greaterThan' },
      { condition: 'dark' },
      { fact: 'status', operator: 'in' },
    ],
    rows: [
      { when: [0.5, true, null], then: { level: 1 } },
      { when: [0.2, null, ['ok']], then: { level: { attribute: 'dimTo' } } },
      { when: [null, null, null], then: [0] },
    ],
  },
  actions: [{ point: 'level', set: 0.4 }],
};

/** The table with some parts replaced: code, place and message of each problem. */
function problemsWith(parts: Record<string, unknown>): string[] {
  const result = checkRule({ ...STEPS, table: { ...STEPS.table, ...parts } }, CATALOGUE);
  return result.ok ? [] : result.problems.map((one) => `${one.code} ${describeProblems([one])}`);
}

const rows = (...cells: unknown[][]): unknown[] => cells.map((when) => ({ when }));

test('accepts a sound table', () => {
  expect(problemsWith({})).toEqual([]);
});

test.each([
  [
    'a cell out of the property’s range',
    { rows: rows([80, true, ['ok']], [0.5, null, null]) },
    ['rule-value /table/rows/0/when/0: found 80; allowed is a number from 0 to 1; 80 % is written 0.8'],
  ],
  [
    'a cell that does not fit the operator',
    { rows: rows([0.5, true, 'ok']) },
    ['rule-list /table/rows/0/when/2: found "ok"; "in" needs a list of values'],
  ],
  [
    'the cell of a named condition that is no truth value',
    { rows: rows([0.5, 'yes', ['ok']]) },
    ['rule-value /table/rows/0/when/1: found "yes"; the cell of a named condition is true, false or null'],
  ],
  [
    'a named condition that does not exist, once',
    { columns: [{ condition: 'dusk' }], rows: rows([true], [false]) },
    ['rule-condition /table/columns/0/condition: found "dusk"; allowed is one of dark'],
  ],
  [
    'an unknown fact and an unknown operator, once each',
    { columns: [{ fact: 'status', operator: 'like' }], rows: rows(['ok'], ['moved']) },
    ['rule-operator /table/columns/0/operator: found "like"'],
  ],
  [
    'a column whose decorators fit no fact, once',
    { columns: [{ fact: 'status', operator: 'someFact:equal' }], rows: rows(['ok'], ['moved']) },
    ['rule-operator-fit /table/columns/0/operator: found "someFact:equal"'],
  ],
  [
    'a cell that does not fit the column’s decorators',
    { columns: [{ fact: 'occupancy', operator: 'not:someValue:lessThan' }], rows: rows([[0.5, 80]], [0.5]) },
    [
      'rule-value /table/rows/0/when/0/1: found 80; allowed is a number from 0 to 1; 80 % is written 0.8',
      'rule-list /table/rows/1/when/0: found 0.5; "not:someValue:lessThan" needs a list of values',
    ],
  ],
  [
    'cells that cannot hold together, decorators or not',
    {
      columns: [
        { fact: 'occupancy', operator: 'not:greaterThan' },
        { fact: 'occupancy', operator: 'swap:lessThan' },
      ],
      rows: rows([0.3, 0.5], [0.5, 0.3]),
    },
    [
      'rule-contradiction /table/rows/0/when/1: found "occupancy swap:lessThan 0.5"; it can never be true together with occupancy not:greaterThan 0.3 at /table/rows/0/when/0',
    ],
  ],
  [
    'a column that no row uses',
    { rows: rows([0.5, null, ['ok']]) },
    ['rule-table /table/columns/1: found {"condition":"dark"}; no row asks anything of this column: remove it'],
  ],
  [
    'a value that the point cannot take',
    { rows: [{ when: [0.5, true, ['ok']], then: { level: 70 } }] },
    ['rule-value /table/rows/0/then/level: found 70; allowed is a number from 0 to 1; 70 % is written 0.7'],
  ],
])('refuses %s', (_, parts, expected) => {
  expect(problemsWith(parts)).toEqual(expected.map((one): unknown => expect.stringContaining(one)));
});

test('says what is wrong with the actions themselves where they stand', () => {
  const result = checkRule({ ...STEPS, actions: [{ point: 'level', set: 40 }] }, CATALOGUE);
  expect(result).toMatchObject({ ok: false, problems: [{ path: '/actions/0/set' }] });
});
