// Tables that know what changed since the last checkpoint.
import { array, assert, constant, constantFrom, integer, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';

import { Table } from './tables.ts';

const noChange = () => ({ set: new Map<string, string>(), deleted: new Set<string>() });

function drained(table: Table<unknown>) {
  const change = noChange();
  table.drain(change);
  return change;
}

test('hands over each change once, as JSON under its name', () => {
  const table = new Table<{ on: boolean }>('point');
  table.set('a#level', { on: true });
  table.set('b', { on: false });
  expect(drained(table)).toEqual({
    set: new Map([
      ['point:a#level', '{"on":true}'],
      ['point:b', '{"on":false}'],
    ]),
    deleted: new Set(),
  });
  expect(drained(table)).toEqual(noChange());
});

test('what was put back from a checkpoint is no change', () => {
  const table = new Table<number>('n');
  table.restore('a', 1);
  expect(table.get('a')).toBe(1);
  expect(drained(table)).toEqual(noChange());
});

test('a row that was changed in place is handed over as it is when set again', () => {
  const table = new Table<{ n: number }>('n');
  const row = { n: 1 };
  table.set('a', row);
  drained(table);
  row.n = 2;
  table.set('a', row);
  row.n = 3;
  expect(drained(table).set).toEqual(new Map([['n:a', '{"n":3}']]));
});

test('says whether a removed row was there', () => {
  const table = new Table<number>('n');
  table.set('a', 1);
  expect([table.delete('a'), table.delete('a')]).toEqual([true, false]);
});

test('changes from several tables go into one', () => {
  const change = noChange();
  for (const name of ['a', 'b']) {
    const table = new Table<number>(name);
    table.set('x', 1);
    table.drain(change);
  }
  expect([...change.set.keys()]).toEqual(['a:x', 'b:x']);
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
      const checkpoint = () => {
        const { set, deleted } = drained(table);
        expect([...set.keys()].filter((cell) => deleted.has(cell))).toEqual([]);
        for (const cell of deleted) cells.delete(cell);
        for (const [cell, text] of set) cells.set(cell, text);
      };
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
