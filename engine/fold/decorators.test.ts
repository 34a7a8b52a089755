// Decorators wherever a rule has conditions: they begin it, clear it, close its orders, and choose the rows of its table.
import { beforeEach, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Output } from './ports.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:b1';
const LEVELS = { fact: 'fillingLevel', operator: 'everyValue:greaterThan', value: [0.5, 0.8] };
const rule = (parts: object) => ({
  id: 'waste/press',
  title: 'Press',
  scope: { type: 'WasteContainer' },
  conditions: LEVELS,
  actions: [{ point: 'compaction', set: 'compacting' }],
  ...parts,
});

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  const reports = { fillingLevel: { every: '1 h' }, status: { every: '1 h' } };
  await run.asset({ id: BIN, type: 'WasteContainer', title: 'Bin', department: 'waste', reports });
});

async function say(property: string, value: number | string): Promise<string[]> {
  await run.pass(1);
  return decided(await run.reading(BIN, property, value));
}
const decided = (outputs: readonly Output[]): string[] =>
  decisionsIn(outputs).map(({ kind, row }) => (row === undefined ? kind : `${kind} ${row}`));

it('begins a rule and ends it, found by the index at each of the values', async () => {
  await run.rule(rule({}));
  const found = [];
  for (const level of [0.4, 0.6, 0.81, 0.79, 0.9]) found.push(...(await say('fillingLevel', level)));
  expect(found).toEqual(['started', 'ended', 'started']);
  expect(decisionsIn(run.outputs)[0]?.trace).toMatchObject([
    { operator: 'everyValue:greaterThan', wanted: [0.5, 0.8], found: 0.81, outcome: true },
  ]);
});

it('clears a rule, and not on what is unknown', async () => {
  await run.rule(rule({ clear: { fact: 'status', operator: 'not:in', value: ['ok', 'lidOpen'] }, onUnknown: 'hold' }));
  await say('status', 'ok');
  expect(await say('fillingLevel', 0.9)).toEqual(['started']);
  expect(await say('fillingLevel', 0.1)).toEqual([]);
  await run.reading(BIN, 'status', 'moved', { quality: 'bad' });
  expect(run.activeRules()).toEqual(['waste/press']);
  expect(await say('status', 'moved')).toEqual(['ended']);
});

it('closes an order', async () => {
  const done = { fact: 'fillingLevel', operator: 'not:swap:lessThanInclusive', value: 0.2 };
  await run.rule(rule({ actions: [{ order: 'collection', done }] }));
  await say('fillingLevel', 0.9);
  await say('fillingLevel', 0.2);
  const states = () => run.outputs.flatMap((output) => (output.kind === 'order' ? [output.order.state] : []));
  expect(states()).toEqual(['open']);
  await say('fillingLevel', 0.19);
  expect(states()).toEqual(['open', 'closed']);
});

it('chooses rows of a table', async () => {
  await run.rule(
    rule({
      conditions: undefined,
      table: {
        columns: [
          { fact: 'fillingLevel', operator: 'not:lessThan' },
          { fact: 'status', operator: 'swap:contains' },
        ],
        rows: [{ when: [0.8, null] }, { when: [0.5, ['ok', 'lidOpen']] }],
      },
    }),
  );
  await say('status', 'ok');
  const found = [];
  for (const level of [0.5, 0.8, 0.4]) found.push(...(await say('fillingLevel', level)));
  expect(found.toSorted()).toEqual(['ended 1', 'ended 2', 'started 1', 'started 2']);
  expect(run.fold.counts.disagreements).toBe(0);
});
