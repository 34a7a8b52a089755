// The facts of all assets: what a checkpoint was handed stays as it was, whatever comes in meanwhile.
import { expect, test } from 'vitest';

import { reading, urn } from '../facts/asset-builders.testsuite.ts';
import { idNumber } from '../facts/seen-ids.ts';
import { windowOf } from '../facts/window.ts';
import { FactTable } from './fact-table.ts';
import { cellsOf, updateCells, type ChangedRows } from './tables.ts';

const MAX = windowOf(60_000, 'max');
const taking = (table: FactTable) => (value: number, observedAt: number, of: string) => {
  const one = reading(of, value, observedAt);
  return table.take(table.get(one.asset, one.property), {
    reading: one,
    id: idNumber(one.id),
    latenessMs: 60_000,
    windows: [MAX],
  });
};
const change = (rows: ChangedRows) => ({ lastId: '1-0', tables: [rows] });
const textsOf = (rows: ChangedRows) => [...cellsOf(change(rows))];

test('what a checkpoint was handed stays as it was while more readings come in', () => {
  const table = new FactTable();
  const take = taking(table);
  take(1, 10, 'Detector:d1/occupancy');
  const handed = table.takeChanged();
  const before = JSON.stringify(table.get(urn('Detector:d1'), 'occupancy'));
  take(2, 20, 'Detector:d1/occupancy');
  take(3, 30, 'Detector:d1/occupancy');
  table.deleteAsset(urn('Detector:d1'));
  expect(textsOf(handed)).toEqual([[`fact:${urn('Detector:d1')}/occupancy`, before]]);
  expect(textsOf(table.takeChanged())).toEqual([[`fact:${urn('Detector:d1')}/occupancy`, undefined]]);
});

test('readings between two checkpoints change the same fact, and it is handed over once', () => {
  const table = new FactTable();
  const take = taking(table);
  const first = take(1, 10, 'Detector:d1/occupancy');
  expect(take(2, 20, 'Detector:d1/occupancy')).toBe(first);
  take(1, 10, 'Detector:d2/occupancy');
  const handed = table.takeChanged();
  expect([handed.size, textsOf(handed).length]).toEqual([2, 2]);
  expect(take(3, 30, 'Detector:d1/occupancy')).not.toBe(first);
});

test('a table put together from its checkpoints goes on as if nothing had happened', () => {
  const [table, after] = [new FactTable(), new FactTable()];
  const cells = new Map<string, string>();
  for (let number = 0; number < 200; number += 1) {
    taking(table)((number * 7) % 13, number * 1_000, `Detector:d${number % 3}/occupancy`);
    if (number % 10 === 0) updateCells(cells, change(table.takeChanged()));
  }
  updateCells(cells, change(table.takeChanged()));
  for (const [cell, text] of cells) after.restore(cell.slice('fact:'.length), JSON.parse(text));
  for (const one of [table, after]) taking(one)(99, 201_000, 'Detector:d1/occupancy');
  expect([...after.entries()].toSorted((left, right) => (left.asset < right.asset ? -1 : 1))).toEqual(
    [...table.entries()].toSorted((left, right) => (left.asset < right.asset ? -1 : 1)),
  );
});
