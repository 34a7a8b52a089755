// Claims that ask for the value of a fact: they follow it, and know what to do while it is unknown.
import { expect, it } from 'vitest';

import { FoldRun } from '../../test/fold-run.ts';
import { updateCells } from './tables.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const METER = 'urn:ngsi-ld:LightSensor:m1';
const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  relations: { meter: [METER] },
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'c1' },
};
const meter = {
  id: METER,
  type: 'LightSensor',
  title: 'Meter',
  department: 'lighting',
  reports: { dimming: { every: '20 s' } },
};
const follow = (onUnknown: 'release' | 'hold') => ({
  id: 'lighting/follow',
  title: 'Follow',
  scope: { type: 'Streetlight' },
  conditions: { fact: 'motion', operator: 'equal', value: true },
  onUnknown,
  actions: [{ point: 'level', set: { fact: 'dimming', params: { of: 'meter', window: '1 min', aggregate: 'max' } } }],
});

async function followed(onUnknown: 'release' | 'hold' = 'release'): Promise<FoldRun> {
  const run = new FoldRun();
  for (const one of [lamp, meter]) await run.asset(one);
  await run.rule(follow(onUnknown));
  return run;
}

/** What the lamp is asked for, by the checkpoints so far. */
function claimsIn(run: FoldRun, cells = new Map<string, string>()): unknown[] {
  updateCells(cells, run.fold.drain());
  return [...cells].flatMap(([cell, text]) => (cell.startsWith('claim:') ? [JSON.parse(text).value] : []));
}

it('a claim has the value of the fact when its rule starts, and follows it', async () => {
  const run = await followed();
  const cells = new Map<string, string>();
  await run.reading(METER, 'dimming', 0.4);
  await run.reading(LAMP, 'motion', true);
  expect(claimsIn(run, cells)).toEqual([0.4]);
  await run.reading(METER, 'dimming', 0.7);
  expect(claimsIn(run, cells)).toEqual([0.7]);
  for (let time = 0; time < 5; time += 1) {
    await run.pass(15);
    await run.reading(METER, 'dimming', 0.5);
  }
  expect(claimsIn(run, cells)).toEqual([0.5]);
  expect(run.failures).toEqual([]);
});

it('asks for nothing, and says why, while the fact was never seen', async () => {
  const run = await followed();
  const outputs = await run.reading(LAMP, 'motion', true);
  expect(claimsIn(run)).toEqual([]);
  const started = outputs.flatMap((output) => (output.kind === 'decision' ? [output.decision] : []));
  expect(started).toMatchObject([{ kind: 'started', claims: [], refusals: ['the value for level is not known'] }]);
  await run.reading(METER, 'dimming', 0.4);
  expect(claimsIn(run)).toEqual([0.4]);
});

it.each([
  ['release', 0],
  ['hold', 1],
] as const)('when the fact falls silent, a rule whose onUnknown is %s has %d claims', async (onUnknown, expected) => {
  const run = await followed(onUnknown);
  await run.reading(METER, 'dimming', 0.4);
  await run.reading(LAMP, 'motion', true);
  await run.pass(90);
  await run.reading(LAMP, 'motion', true, { id: 'again' });
  expect(claimsIn(run)).toHaveLength(expected);
});
