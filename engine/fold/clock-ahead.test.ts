// A sensor whose clock runs ahead of the box's by more than is tolerated: what it measures is unknown until its clock is right.
import { afterEach, beforeEach, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import { FUTURE_MS } from '../model/reading.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset({
    id: BIN,
    type: 'WasteContainer',
    title: 'Pier 3',
    department: 'waste',
    reports: { fillingLevel: { onChange: true, heartbeat: '1 day' } },
    points: { compaction: {} },
    binding: { adapter: 'mqtt', device: 'pier-3' },
  });
  await run.rule({
    id: 'waste/compact',
    title: 'Press',
    scope: { type: 'WasteContainer' },
    conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
    actions: [{ point: 'compaction', set: 'compacting' }],
  });
});
afterEach(() => expect(run.failures).toEqual([]));

const fill = (value: number, aheadMs = 0, id?: string) =>
  run.reading(BIN, 'fillingLevel', value, { at: run.now + aheadMs, ...(id === undefined ? {} : { id }) });
const told = async (outputs: ReturnType<typeof fill>) =>
  decisionsIn(await outputs).map(({ kind, reason }) => `${kind}: ${reason}`);
const why = async () => (await run.fold.examine(`waste/compact|${BIN}|`))?.conditions.trace[0]?.why;

it('ends what was known, is counted, and starts nothing, until a reading comes from a clock that is right', async () => {
  await fill(0.9);
  await run.pass(60);
  expect(await told(fill(0.95, FUTURE_MS + 1))).toEqual(['ended: a fact became unknown']);
  expect(run.fold.counts).toMatchObject({ taken: 2, future: 1 });
  expect(await why()).toBe(`fillingLevel of ${BIN} came at 2026-11-22T10:01:00.000Z with a clock that runs ahead`);
  await run.pass(60);
  expect(await told(fill(0.9))).toEqual(['started: the conditions hold']);
});

it('is tolerated for as much as clocks in the field may differ', async () => {
  expect(await told(fill(0.9, FUTURE_MS))).toEqual(['started: the conditions hold']);
  expect(run.fold.counts).toMatchObject({ taken: 1, future: 0 });
});

it('makes unknown also what a clock said last that drifted up to the tolerance', async () => {
  await fill(0.9, FUTURE_MS - 1_000);
  await run.pass(1);
  expect(await told(fill(0.95, FUTURE_MS + 1_000))).toEqual(['ended: a fact became unknown']);
});

it('says so of a property that was never seen before, and a repeat of it changes nothing', async () => {
  await fill(0.9, FUTURE_MS + 1, 'ahead');
  expect(await why()).toContain('with a clock that runs ahead');
  await run.pass(60);
  await fill(0.9, 0, 'ahead');
  expect(await why()).toContain('with a clock that runs ahead');
  expect(run.activeRules()).toEqual([]);
});
