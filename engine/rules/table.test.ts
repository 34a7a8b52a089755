// A decision table means what its cells say, row by row, unknown facts included; its rules are plain rules.
import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  oneof,
  option,
  property,
  record,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, test } from 'vitest';

import { check } from '../model/check.ts';
import type { Truth } from '../model/decision.ts';
import type { DecisionTable, TableCell, TableColumn } from '../model/decision-table.ts';
import { ruleSchema, type NamedCondition, type RuleDocument } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { evaluate, type EvaluationContext } from './evaluate.ts';
import { createJudge } from './judge.ts';
import { NamedConditions } from './named-conditions.ts';
import { compare } from './operators.ts';
import { documentOf, expandTable, rowOf } from './table.ts';

type World = Record<string, Value | undefined>;

/** One column of each kind, with cells of the right and, sometimes, of another type. */
const COLUMNS: { column: TableColumn; cells: Arbitrary<TableCell> }[] = [
  { column: { fact: 'n', operator: 'lessThan' }, cells: constantFrom<TableCell[]>(0, 1, 2) },
  {
    column: { fact: 'n', operator: 'greaterThanInclusive' },
    cells: oneof(constantFrom<TableCell>(0, 1), constantFrom<TableCell>({ fact: 'm' })),
  },
  { column: { fact: 'w', operator: 'equal' }, cells: constantFrom<TableCell[]>('a', 'b', 1) },
  {
    column: { fact: 'w', operator: 'in' },
    cells: oneof(constantFrom<TableCell>(['a', 'b']), constantFrom<TableCell>(['c'])),
  },
  { column: { fact: 'b', operator: 'notEqual' }, cells: boolean() },
  { column: { fact: 'w', operator: 'swap:equal' }, cells: constantFrom<TableCell[]>('a', 'b') },
  { column: { fact: 'n', operator: 'not:lessThan' }, cells: constantFrom<TableCell[]>(0, 1, 2) },
  { column: { fact: 'n', operator: 'someValue:greaterThan' }, cells: constantFrom<TableCell>([0, 1], [2]) },
  { column: { condition: 'dark' }, cells: boolean() },
];
const NAMED: NamedCondition[] = [
  { id: 'x/dark', name: 'dark', title: 'Dark', conditions: { fact: 'm', operator: 'lessThan', value: 1 } },
];

const worlds: Arbitrary<World> = record({
  n: option(constantFrom<Value[]>(-1, 0, 1, 2), { nil: undefined }),
  m: option(constantFrom<Value[]>(0, 1), { nil: undefined }),
  w: option(constantFrom<Value[]>('a', 'b', 'c', 1), { nil: undefined }),
  b: option(oneof(boolean(), constantFrom<Value>('x')), { nil: undefined }),
});

const tables: Arbitrary<DecisionTable> = array(constantFrom(...COLUMNS.keys()), { minLength: 1, maxLength: 4 }).chain(
  (picked) => {
    const columns = picked.flatMap((index) => COLUMNS[index] ?? []);
    const row = tuple(...columns.map(({ cells }) => option(cells, { freq: 2 }))).filter((when) =>
      when.some((cell) => cell !== null),
    );
    return record({
      hit: constantFrom<DecisionTable['hit'][]>('first', 'collect'),
      columns: constantFrom(columns.map(({ column }) => column)),
      rows: array(row, { minLength: 1, maxLength: 5 }).map((rows) => rows.map((when) => ({ when }))),
      otherwise: boolean(),
    }).map(({ otherwise, ...table }) => {
      const isLast = otherwise && table.hit === 'first';
      return isLast ? { ...table, rows: [...table.rows, { when: picked.map(() => null) }] } : table;
    });
  },
);

const documentWith = (table: DecisionTable): RuleDocument =>
  ruleSchema.parse({
    id: 'lighting/x',
    title: 'X',
    scope: { type: 'Streetlight' },
    table,
    actions: [{ point: 'level', set: 1 }],
  });

const names = new NamedConditions(NAMED).of('lighting');

const contextOf = (world: World): EvaluationContext => ({
  now: 0,
  read(fact) {
    const value = world[fact];
    return value === undefined
      ? { known: false, why: 'never seen', changesAt: Infinity }
      : { known: true, value, readings: [], changesAt: Infinity };
  },
  names,
});

/** What a row is by the words of the documentation, cell by cell. */
function naively({ hit, columns, rows }: DecisionTable, world: World): Truth[] {
  const own = rows.map(({ when }) => worst(when.map((cell, index) => cellTruth(columns[index]!, cell, world))));
  if (hit === 'collect') return own;
  return own.map((truth, index) => {
    const earlier = own.slice(0, index);
    if (truth === false || earlier.includes(true)) return false;
    return earlier.includes('unknown') ? 'unknown' : truth;
  });
}

function worst(truths: Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes('unknown') ? 'unknown' : true;
}

function cellTruth(column: TableColumn, cell: TableCell, world: World): Truth {
  if (cell === null) return true;
  if ('condition' in column) {
    const dark = world.m === undefined ? 'unknown' : compare('lessThan', world.m, 1);
    return dark === 'unknown' ? dark : dark === cell;
  }
  const wanted = typeof cell === 'object' && !Array.isArray(cell) ? world[cell.fact] : cell;
  const found = world[column.fact];
  return found === undefined || wanted === undefined ? 'unknown' : compare(column.operator, found, wanted);
}

describe('the rules of a table', () => {
  test('are true, false and unknown exactly where the rows are', () => {
    assert(
      property(tables, worlds, (table, world) => {
        const rules = expandTable(documentWith(table));
        const truths = rules.map(({ conditions }) => evaluate(conditions, contextOf(world)).outcome);
        expect(truths).toEqual(naively(table, world));
      }),
      { numRuns: 20_000 },
    );
  });

  test('of the first that applies: never two at once', () => {
    assert(
      property(tables, worlds, (table, world) => {
        const rules = expandTable(documentWith({ ...table, hit: 'first', rows: table.rows }));
        const isTrue = rules.filter(({ conditions }) => evaluate(conditions, contextOf(world)).outcome === true);
        expect(isTrue.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5_000 },
    );
  });

  test('hold by json-rules-engine wherever they are true here', async () => {
    await assert(
      asyncProperty(tables, worlds, async (table, world) => {
        const context = contextOf(world);
        const rules = expandTable(documentWith(table)).filter(
          ({ conditions }) => evaluate(conditions, context).outcome === true,
        );
        const held = await Promise.all(rules.map(({ conditions }) => createJudge(conditions, names).holds(context)));
        expect(held).toEqual(rules.map(() => true));
      }),
      { numRuns: 1_000 },
    );
  });
});

const BRIGHTNESS = {
  id: 'lighting/steps',
  title: 'Brightness by traffic',
  scope: { type: 'Streetlight' },
  for: '5 s',
  table: {
    columns: [
      { fact: 'status', operator: 'equal' },
      { fact: 'intensity', operator: 'greaterThan' },
      { condition: 'dark' },
    ],
    rows: [
      { title: 'by day', when: [null, null, false], then: [] },
      { when: ['ok', 600, null], then: { level: 1 } },
      { when: ['dropped', 100, null], then: { level: 0.7 } },
      { title: 'otherwise', when: [null, null, null], then: [1] },
    ],
  },
  actions: [
    { point: 'level', atLeast: 0.4, ramp: '2 s' },
    { point: 'level', of: 'neighbours', set: 0.2 },
  ],
  tests: [],
};

describe('a table', () => {
  const rules = expandTable(ruleSchema.parse(BRIGHTNESS));

  test('makes a rule of each row that asks for something, named after its place', () => {
    expect(rules.map(({ id, title }) => [id, title])).toEqual([
      ['lighting/steps/2', 'Brightness by traffic: row 2'],
      ['lighting/steps/3', 'Brightness by traffic: row 3'],
      ['lighting/steps/4', 'Brightness by traffic: otherwise'],
    ]);
    expect(rules.map(({ id }) => [documentOf(id), rowOf(id)])).toContainEqual(['lighting/steps', 2]);
    expect([documentOf('waste/x'), rowOf('waste/x')]).toEqual(['waste/x', undefined]);
    expect(rules[0]).toMatchObject({ for: '5 s', onUnknown: 'release', scope: { type: 'Streetlight' } });
    expect(rules[0]).not.toHaveProperty('table');
    expect(rules[0]).not.toHaveProperty('tests');
  });

  test('puts a row’s value in the place of the action’s own, or takes actions as they stand', () => {
    expect(rules.map(({ actions }) => actions)).toEqual([
      [
        { point: 'level', atLeast: 1, ramp: '2 s' },
        { point: 'level', of: 'neighbours', set: 1 },
      ],
      [
        { point: 'level', atLeast: 0.7, ramp: '2 s' },
        { point: 'level', of: 'neighbours', set: 0.7 },
      ],
      [{ point: 'level', of: 'neighbours', set: 0.2 }],
    ]);
  });

  test('names an earlier row only where both could be true', () => {
    const byDay = { not: { all: [{ not: { condition: 'dark' } }] } };
    expect(rules[1]?.conditions).toEqual({
      all: [
        { fact: 'status', operator: 'equal', value: 'dropped' },
        { fact: 'intensity', operator: 'greaterThan', value: 100 },
        byDay,
      ],
    });
    expect(rules[2]?.conditions).toMatchObject({ all: [byDay, {}, {}] });
  });

  test('leaves a rule with conditions as it is', () => {
    const { table: _, tests: __, ...plain } = BRIGHTNESS;
    const rule = ruleSchema.parse({ ...plain, conditions: { condition: 'dark' } });
    expect(expandTable(rule)).toEqual([rule]);
    expect(expandTable({ ...rule, conditions: undefined })).toEqual([]);
  });
});

const withTable = (parts: Record<string, unknown>): unknown => ({
  ...BRIGHTNESS,
  table: { ...BRIGHTNESS.table, ...parts },
});

test.each([
  ['a row with too few cells', { rows: [{ when: ['ok'] }] }, '/table/rows/0/when: one cell for each of the 3 columns'],
  ['a row that asks nothing, alone', { rows: [{ when: [null, null, null] }] }, '/table/rows/0/when: a row that asks'],
  [
    'a row that asks nothing, where every row counts',
    { hit: 'collect', rows: [{ when: ['ok', 1, true] }, { when: [null, null, null] }] },
    '/table/rows/1/when: a row that asks nothing would always apply',
  ],
  [
    'an action that is not there',
    { rows: [{ when: ['ok', 1, true], then: [2] }] },
    '/table/rows/0/then/0: allowed is an index of the rule’s actions, 0 to 1; found 2',
  ],
  [
    'a point of no action',
    { rows: [{ when: ['ok', 1, true], then: { timePlan: 1 } }] },
    '/table/rows/0/then/timePlan: allowed is a point of the rule’s actions: level; found 1',
  ],
  ['no rows', { rows: [] }, '/table/rows'],
])('a table may not have %s', (_, parts, said) => {
  const result = check(ruleSchema, withTable(parts));
  expect(result.ok ? '' : result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')).toContain(said);
});

test('a rule has either conditions or a table', () => {
  const both = check(ruleSchema, { ...BRIGHTNESS, conditions: { condition: 'dark' } });
  expect(both).toMatchObject({ ok: false, problems: [{ path: '/conditions' }] });
});
