// A new version of a rule takes over what the old one holds, also where it has turned into a table, or its rows have moved.
import { describe, expect, test } from 'vitest';

import { commandsIn, decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Output } from './ports.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const base = { id: 'lighting/steps', title: 'Brightness', scope: { type: 'Streetlight' }, for: '1 min' };
const busy = { fact: 'intensity', operator: 'greaterThan', value: 600 };
const actions = [{ point: 'level', set: 0.7 }];
const plain = { ...base, conditions: busy, actions };
const table = (rows: unknown[], hit = 'first') => ({
  ...base,
  table: { hit, columns: [{ fact: 'intensity', operator: 'greaterThan' }], rows },
  actions,
});
/** Wants something else in the same slot; the older claim wins. */
const younger = { ...plain, id: 'lighting/younger', for: '90 s', actions: [{ point: 'level', set: 0.3 }] };

async function begun(...rules: unknown[]): Promise<FoldRun> {
  const run = new FoldRun();
  await run.asset({
    id: LAMP,
    type: 'Streetlight',
    title: 'Lamp 1',
    department: 'lighting',
    points: { level: {} },
    binding: { adapter: 'mqtt', device: 'cabinet' },
  });
  for (const rule of rules) await run.rule(rule);
  await run.reading(LAMP, 'intensity', 800);
  return run;
}

const told = (outputs: readonly Output[]) => decisionsIn(outputs).map(({ kind, row }) => `${kind} ${row ?? '-'}`);

describe('what is held goes on without a word to the device, and is no younger than it was,', () => {
  test.each([
    ['from conditions to a table', plain, table([{ when: [900] }, { when: [500] }]), ['ended -', 'started 2']],
    ['from a table to conditions', table([{ when: [500] }]), plain, ['ended 1', 'started -']],
    [
      'where a row was put before it',
      table([{ when: [500] }]),
      table([{ when: [900] }, { when: [500] }]),
      ['ended 1', 'started 2'],
    ],
    [
      'where a row before it is gone',
      table([{ when: [900] }, { when: [500] }]),
      table([{ when: [500] }]),
      ['ended 2', 'started 1'],
    ],
    [
      'where it looks back further than it did',
      { ...plain, conditions: { ...busy, params: { window: '10 min' } } },
      { ...plain, conditions: { ...busy, params: { window: '20 min' } } },
      [],
    ],
    [
      'where its action is another by number',
      plain,
      { ...plain, actions: [{ point: 'timePlan', set: 1 }, ...actions] },
      [],
    ],
  ])('%s', async (_, before, after, decisions) => {
    const run = await begun(before, younger);
    await run.pass(60);
    await run.report(LAMP, { points: { level: { value: 0.7, cause: 'command' } } });
    expect(commandsIn(await run.pass(60))).toEqual([]);
    const outputs = await run.rule(after, 2);
    expect(told(outputs)).toEqual(decisions);
    expect(commandsIn([...outputs, ...(await run.pass(59))])).toEqual([]);
    expect(commandsIn(await run.reading(LAMP, 'intensity', 0))).toMatchObject([{ want: { release: true } }]);
    expect(run.failures).toEqual([]);
  });
});

test('what a rule does once is not done again', async () => {
  const notify = [...actions, { notify: { to: 'duty', text: 'Busy' } }];
  const run = await begun({ ...plain, actions: notify });
  expect((await run.pass(60)).filter(({ kind }) => kind === 'message')).toHaveLength(1);
  const outputs = await run.rule({ ...table([{ when: [500] }]), actions: notify }, 2);
  expect(outputs.filter(({ kind }) => kind === 'message')).toEqual([]);
});

test('a count goes on', async () => {
  const run = await begun(plain);
  await run.pass(50);
  expect(told(await run.rule(table([{ when: [900] }, { when: [500] }]), 2))).toEqual([]);
  expect(told(await run.pass(9))).toEqual([]);
  expect(told(await run.pass(1))).toEqual(['started 2']);
});

test('a new row beside one that goes on begins by itself', async () => {
  const run = await begun(table([{ when: [500] }], 'collect'));
  await run.pass(60);
  expect(told(await run.rule(table([{ when: [500] }, { when: [600] }], 'collect'), 2))).toEqual([]);
  expect(told(await run.pass(60))).toEqual(['started 2']);
});

test('where nothing of the new version is true, it ends', async () => {
  const run = await begun(plain);
  await run.pass(60);
  expect(told(await run.rule(table([{ when: [900] }]), 2))).toEqual(['ended -']);
});
