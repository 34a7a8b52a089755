// Tables that know what changed since the last checkpoint.
import { array, assert, constant, constantFrom, integer, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';

import { cellsOf, Table, updateCells, type CheckpointChange } from './tables.ts';

const changeOf = (...tables: Table<unknown>[]): CheckpointChange => ({
  lastId: '1-0',
  tables: tables.map((table) => table.takeChanged()),
});
const drained = (table: Table<unknown>) => [...cellsOf(changeOf(table))];

test('hands over each change once, as JSON under its name', () => {
  const table = new Table<{ on: boolean }>('point');
  table.set('a#level', { on: true });
  table.set('b', { on: false });
  table.delete('b');
  expect(drained(table)).toEqual([
    ['point:a#level', '{"on":true}'],
    ['point:b', undefined],
  ]);
  expect(drained(table)).toEqual([]);
});

test('what was put back from a checkpoint is no change', () => {
  const table = new Table<number>('n');
  table.restore('a', 1);
  expect(table.get('a')).toBe(1);
  expect(drained(table)).toEqual([]);
});

test('hands over rows as they were when the changes were taken, however late their text is made', () => {
  const table = new Table<{ n: number }>('n');
  table.set('a', { n: 1 });
  const change = changeOf(table);
  table.set('a', { n: 2 });
  table.delete('a');
  expect(change.tables.map(({ size }) => size)).toEqual([1]);
  expect([...cellsOf(change)]).toEqual([['n:a', '{"n":1}']]);
});

test('says whether a removed row was there', () => {
  const table = new Table<number>('n');
  table.set('a', 1);
  expect([table.delete('a'), table.delete('a')]).toEqual([true, false]);
});

test('changes from several tables go into one', () => {
  const tables = ['a', 'b'].map((name) => new Table<number>(name));
  for (const table of tables) table.set('x', 1);
  expect([...cellsOf(changeOf(...tables))].map(([cell]) => cell)).toEqual(['a:x', 'b:x']);
});

const keys = constantFrom('a', 'b', 'c:d', '');
const steps = array(
  oneof(
    record({ do: constant('set' as const), key: keys, value: integer({ min: 0, max: 3 }) }),
    record({ do: constant('delete' as const), key: keys }),
    record({ do: constant('checkpoint' as const) }),
  ),
  { maxLength: 30 },
);

test('the checkpoints put together are the table, after any steps', () => {
  assert(
    property(steps, (list) => {
      const table = new Table<number>('n');
      const plain = new Map<string, number>();
      const cells = new Map<string, string>();
      const checkpoint = () => updateCells(cells, changeOf(table));
      for (const step of list) {
        if (step.do === 'checkpoint') checkpoint();
        else if (step.do === 'delete') for (const rows of [table, plain]) rows.delete(step.key);
        else for (const rows of [table, plain]) rows.set(step.key, step.value);
      }
      checkpoint();
      const back = new Table<number>('n');
      for (const [cell, text] of cells) back.restore(cell.slice(cell.indexOf(':') + 1), JSON.parse(text));
      for (const one of [table, back]) expect(new Map(one.entries())).toEqual(plain);
      expect([table.size, [...table.keys()], [...table.values()]]).toEqual([
        plain.size,
        [...plain.keys()],
        [...plain.values()],
      ]);
      expect(['a', 'b'].map((key) => back.has(key))).toEqual(['a', 'b'].map((key) => plain.has(key)));
    }),
    { numRuns: 1_000 },
  );
});
