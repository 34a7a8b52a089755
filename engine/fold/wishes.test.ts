// An explanation of the present says what became of what the rule wants: it holds, waits, or something is stronger.
import { beforeEach, expect, it } from 'vitest';

import { commandsIn } from '../../test/fold-run.ts';
import { RecordedRun } from '../../test/recorded-run.ts';
import type { Wish } from '../model/explanation.ts';
import { explainPast } from './explain-past.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const KEY = `${BIN}#compaction`;
const RULE = 'waste/press';
const wish = { point: KEY, effect: 'set', value: 'compacting' };

let city: RecordedRun;
beforeEach(async () => {
  city = new RecordedRun();
  await city.store('asset', {
    id: BIN,
    type: 'WasteContainer',
    title: 'Pier 3',
    department: 'waste',
    points: { compaction: { wear: { perHour: 1 } } },
    binding: { adapter: 'mqtt', device: 'pier-3' },
  });
  await city.store('interlock', {
    id: 'waste/door-closed',
    title: 'The press moves only behind a closed door',
    kind: 'invariant',
    scope: { type: 'WasteContainer' },
    point: 'compaction',
    values: ['compacting'],
    requires: { fact: 'door', operator: 'equal', value: 'closed' },
  });
  await city.store('rule', {
    id: RULE,
    title: 'Press what is full',
    scope: { type: 'WasteContainer' },
    conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.8 },
    actions: [{ point: 'compaction', set: 'compacting' }],
  });
  await city.run.report(BIN, { readings: { door: 'closed' }, points: { compaction: { value: 'idle' } } });
});

const fill = async (level: number): Promise<void> => {
  await city.run.reading(BIN, 'fillingLevel', level);
  await city.record();
};
const wishes = async (): Promise<Wish[] | undefined> =>
  (await explainPast(city.past, { rule: RULE, asset: BIN, at: city.run.now, live: city.live() })).wishes;

it('holds the point', async () => {
  await fill(0.9);
  expect(await wishes()).toEqual([{ ...wish, fate: 'holds' }]);
});

it('is outvoted by an interlock, with its reason', async () => {
  await city.run.report(BIN, { readings: { door: 'open' } });
  await fill(0.9);
  expect(await wishes()).toEqual([{ ...wish, fate: 'lost', why: expect.stringContaining('door is open') }]);
});

it('waits for the wear budget, until when', async () => {
  await fill(0.9);
  const [press] = commandsIn(city.run.outputs);
  await city.run.sent(press!);
  const pressedAt = city.run.now;
  await city.run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
  await fill(0.1);
  await city.run.report(BIN, { points: { compaction: { value: 'idle', cause: 'programme' } } });
  await city.run.pass(30);
  await fill(0.9);
  const until = pressedAt + 3_600_000;
  expect(await wishes()).toEqual([{ ...wish, fate: 'waits', why: 'wear budget: 1 change per hour', until }]);
});

it('is not spoken of while the rule is idle', async () => {
  await fill(0.1);
  expect(await wishes()).toBeUndefined();
});
