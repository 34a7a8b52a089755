// One mistake never hides another: what has a wrong form is left out, and everything beside it is judged all the same.
import { describe, expect, test } from 'vitest';

import { checkInterlock, checkRule } from './parse-rule.ts';
import { CITY } from './broken-rules.testsuite.ts';

/** Code and place of each problem, in order of place. */
function problemsOf(parts: Record<string, unknown>): string[] {
  const rule = {
    id: 'lighting/q',
    title: 'Q',
    scope: { type: 'Streetlight' },
    conditions: { fact: 'motion', operator: 'equal', value: true },
    actions: [{ point: 'level', atLeast: 0.8 }],
    ...parts,
  };
  return places(checkRule(rule, CITY));
}

function places(checked: ReturnType<typeof checkRule | typeof checkInterlock>): string[] {
  return checked.ok ? [] : checked.problems.map(({ code, path }) => `${path} ${code}`).toSorted();
}

const comparing = (conditions: Record<string, unknown>) => problemsOf({ conditions });
const tabled = (table: Record<string, unknown>) => problemsOf({ conditions: undefined, table });

describe('in a comparison', () => {
  test('a param too many hides neither the fact nor the operator nor the value', () => {
    expect(comparing({ fact: 'activePwer', params: { windw: '3 min' }, operator: 'greaterTan', value: 'a' })).toEqual([
      '/conditions/fact rule-fact',
      '/conditions/operator rule-operator',
      '/conditions/params/windw schema',
      '/conditions/value rule-value',
    ]);
  });

  test('a value that is missing hides nothing', () => {
    expect(comparing({ fact: 'activePwer', operator: 'greaterTan' })).toEqual([
      '/conditions/fact rule-fact',
      '/conditions/operator rule-operator',
      '/conditions/value schema',
    ]);
  });

  test('a fact that is probably meant is what the value is judged by', () => {
    expect(comparing({ fact: 'ocupancy', operator: 'greaterThan', value: 80 })).toEqual([
      '/conditions/fact rule-fact',
      '/conditions/value rule-value',
    ]);
  });

  test('a fact on the right-hand side is judged like one on the left', () => {
    const right = { fact: 'ocupancy', params: { across: 'most', of: 'nowhere' } };
    expect(comparing({ fact: 'occupancy', operator: 'greaterThan', value: right })).toEqual([
      '/conditions/value/fact rule-fact',
      '/conditions/value/params/across schema',
      '/conditions/value/params/of rule-relation',
    ]);
  });

  test.each([
    ['a fall may be below zero', { window: '1 h', agregate: 'delta' }, -0.5],
    ['a count may be above the range', { window: '1 h', aggregate: 'cont' }, 30],
    ['a sum over a window with a slip in it', { windw: '1 h', aggregate: 'sum' }, 30],
    ['several assets become one by what has a slip in it', { of: 'zone:x/Detector', acros: 'count' }, 30],
  ])('what may be right once the slip is mended is not refused: %s', (_, params, value) => {
    const problems = comparing({ fact: 'occupancy', params, operator: 'lessThan', value });
    expect(problems).toEqual([expect.stringMatching(/^\/conditions\/params\/\w+ schema$/)]);
  });

  test('a name with a slip in its field is not said to be missing', () => {
    const fact = { fact: 'attribute', params: { nme: 'watts' } };
    expect(comparing({ ...fact, operator: 'greaterThan', value: 1 })).toEqual(['/conditions/params/nme schema']);
  });

  test('params that are no object leave the fact to be judged', () => {
    expect(comparing({ fact: 'activePwer', params: '3 min', operator: 'greaterThan', value: 1 })).toEqual([
      '/conditions/fact rule-fact',
      '/conditions/params schema',
    ]);
  });
});

describe('in an action', () => {
  test('a field too many hides neither the point nor the value', () => {
    expect(problemsOf({ actions: [{ point: 'levl', set: 0.5, slto: 12 }] })).toEqual([
      '/actions/0/point rule-point',
      '/actions/0/slto schema',
    ]);
    expect(problemsOf({ actions: [{ point: 'level', set: 50, ramp: '3 weeks', slot: 3 }] })).toEqual([
      '/actions/0/ramp schema',
      '/actions/0/set rule-value',
      '/actions/0/slot schema',
    ]);
  });

  test('a point that is missing hides neither a ramp that is too long nor a relation that nobody has', () => {
    expect(problemsOf({ actions: [{ set: 0.5, ramp: '2 h', of: 'nowhere' }] })).toEqual([
      '/actions/0/of rule-relation',
      '/actions/0/point schema',
      '/actions/0/ramp rule-ramp',
    ]);
  });

  test('two effects are told beside a field too many', () => {
    expect(problemsOf({ actions: [{ point: 'level', set: 0.5, atMost: 0.6, slto: 12 }] })).toEqual([
      '/actions/0 schema',
      '/actions/0/slto schema',
    ]);
  });

  test('an effect with a slip in its name is not said to be missing as well', () => {
    expect(problemsOf({ actions: [{ point: 'level', atLest: 0.5 }] })).toEqual(['/actions/0/atLest schema']);
  });

  test('a fact that is asked for is judged although its params have a wrong form', () => {
    const set = { fact: 'ocupancy', params: { windw: '3 min' } };
    const problems = problemsOf({ actions: [{ point: 'levl', set }] });
    expect(problems).toContain('/actions/0/point rule-point');
    expect(problems).toContain('/actions/0/set/fact rule-fact');
  });

  test('of whom with a slip in its field leaves the point alone', () => {
    expect(problemsOf({ actions: [{ point: 'timePlan', off: 'approach', set: 3 }] })).toEqual([
      '/actions/0/off schema',
    ]);
  });

  test('one action that is none hides nothing of the next', () => {
    expect(problemsOf({ actions: [7, { point: 'levl', set: 0.5 }] })).toEqual([
      '/actions/0 schema',
      '/actions/1/point rule-point',
    ]);
  });
});

test('a zone with a wrong form hides neither the type nor the relation of a scope', () => {
  const conditions = { fact: 'activePower', operator: 'greaterThan', value: 1 };
  expect(problemsOf({ scope: { type: 'TrafficController', each: 'aproach', zone: '?' }, conditions })).toEqual([
    '/actions/0/point rule-point',
    '/scope/each rule-relation',
    '/scope/zone schema',
  ]);
});

test('what the rule as a whole may not be is said beside what is wrong with a field', () => {
  expect(problemsOf({ titel: 'x', cooldown: '1 h' })).toEqual(['/cooldown schema', '/titel schema']);
  expect(problemsOf({ when: { dys: 'workday', between: ['06:30', '06:30'] } })).toEqual([
    '/when/between schema',
    '/when/dys schema',
  ]);
});

describe('in a table', () => {
  const columns = [
    { fact: 'activePower', operator: 'greaterThan' },
    { condition: 'dark' },
    { fact: 'activePower', operator: 'lessThan' },
  ];

  test('a row with a wrong form hides nothing of the others, nor of itself', () => {
    const rows = [
      { when: [80, true, 50] },
      { when: ['a', 1, null], then: { level: 80 } },
      { when: [50, true] },
      { when: [null, null, null] },
      { when: [50, true, null], then: { leve: 1 } },
      { when: [40, true, null], then: [4] },
      { when: [-1, true], thn: [0] },
      7,
    ];
    expect(tabled({ columns, rows })).toEqual([
      '/table/rows/0/when/2 rule-contradiction',
      '/table/rows/1/then/level rule-value',
      '/table/rows/1/when/0 rule-value',
      '/table/rows/1/when/1 rule-value',
      '/table/rows/2/when schema',
      '/table/rows/3/when schema',
      '/table/rows/4/then/leve schema',
      '/table/rows/5/then/0 schema',
      '/table/rows/6/thn schema',
      '/table/rows/6/when schema',
      '/table/rows/6/when/0 rule-value',
      '/table/rows/7 schema',
    ]);
  });

  test('a column with a wrong form hides nothing of the others, nor of itself', () => {
    const broken = [{ fact: 'activePwer', operator: 'greaterTan', path: 'x' }, { condition: 'drak' }, 7];
    expect(tabled({ columns: broken, rows: [{ when: [1, true, 2] }] })).toEqual([
      '/table/columns/0/fact rule-fact',
      '/table/columns/0/operator rule-operator',
      '/table/columns/0/path rule-path',
      '/table/columns/1/condition rule-condition',
      '/table/columns/2 schema',
    ]);
  });

  test('what is wrong with the rest of the rule hides nothing of its table', () => {
    const rows = [{ when: [-1, true, null] }];
    expect(problemsOf({ title: '', conditions: undefined, table: { columns: columns.slice(0, 2), rows } })).toEqual([
      '/table/rows/0/when schema',
      '/table/rows/0/when/0 rule-value',
      '/title schema',
    ]);
  });
});

test('what is wrong with an interlock’s form hides nothing of its point and values', () => {
  const checked = checkInterlock(
    {
      id: 'lighting/still',
      title: '',
      scope: { type: 'Streetlight' },
      point: 'levl',
      values: [80],
      requires: { fact: 'motion', params: { of: 'self' }, operator: 'equal', value: false },
    },
    CITY,
  );
  const found = places(checked);
  expect(found).toContain('/title schema');
  expect(found).toContain('/point rule-point');
  expect(found).toContain('/requires interlock-fact');
});
