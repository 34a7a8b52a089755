// Stand-downs and out of service as the fold keeps them: what is sent, what is left alone, what is mute, and what comes back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import { alarmState, type Alarm } from '../model/alarm.ts';
import { restraintSchema } from '../model/restraint.ts';
import type { Value } from '../model/value.ts';
import { Fold } from './fold.ts';
import { cellsOf } from './tables.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:quay-1';
const CABINET = 'urn:ngsi-ld:StreetlightControlCabinet:quay';
const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const J4 = 'urn:ngsi-ld:TrafficController:J4';
const LEVEL = `${LAMP}#level`;
const PLAN = `${J4}#timePlan`;
const PRESS = `${BIN}#compaction`;

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  const binding = { adapter: 'mqtt', device: 'quay' };
  const lamp = {
    id: LAMP,
    type: 'Streetlight',
    title: 'Quay 1',
    department: 'lighting',
    zone: 'quay',
    parent: CABINET,
  };
  await run.asset({ id: CABINET, type: 'StreetlightControlCabinet', title: 'Quay', department: 'lighting' });
  await run.asset({ ...lamp, points: { level: {} }, binding, reports: { activePower: { every: '10 s' } } });
  const bin = { id: BIN, type: 'WasteContainer', title: 'Pier 3', department: 'waste' };
  await run.asset({ ...bin, points: { compaction: {} }, binding: { adapter: 'mqtt', device: 'pier' } });
  const j4 = { id: J4, type: 'TrafficController', title: 'J4', department: 'traffic' };
  await run.asset({ ...j4, points: { timePlan: {} }, binding: { adapter: 'mqtt', device: 'j4' } });
});
afterEach(() => expect(run.failures).toEqual([]));

const want = (point: string, value: Value, slot = 8) =>
  run.put({
    kind: 'request',
    id: 'req',
    actor: { kind: 'person', id: 'ann', roles: {} },
    department: 'waste',
    request: {
      do: 'claim',
      point,
      effect: 'set',
      value,
      slot,
      rampSeconds: 0,
      leaseSeconds: 80_000,
      key: '',
      reason: 'a test',
    },
  });

const common = { by: 'ann', reason: 'flood', endAsked: [] };
function restrain(id: string, body: object | null, version = 1) {
  const parsed = body && restraintSchema.parse({ id, at: run.now, ...common, ...body });
  return run.put({ kind: 'document', document: { of: 'restraint', id, version, body: parsed } });
}
const standDown = (scope: object = {}) => restrain('*/one', { kind: 'stand-down', scope });
const outOfService = (asset: string) => restrain('lighting/two', { kind: 'out-of-service', asset });

/** What was told since the last look, by point. */
let seen = 0;
beforeEach(() => (seen = 0));
function told(): [string, Value][] {
  const commands = commandsIn(run.outputs).slice(seen);
  seen += commands.length;
  return commands.map(({ point, want: asked }) => [point, 'value' in asked ? asked.value : 'release']);
}

describe('a stand-down', () => {
  it('brings every point to its safe value, also one that nobody ever asked anything of, and gives controllers back', async () => {
    await want(PLAN, 3);
    await want(PRESS, 'compacting');
    told();
    await standDown();
    expect(told()).toEqual([
      [LEVEL, 1],
      [PLAN, 'release'],
      [PRESS, 'idle'],
    ]);
  });

  it('is only about its scope', async () => {
    await standDown({ type: 'Streetlight', zone: 'quay' });
    expect(told()).toEqual([[LEVEL, 1]]);
  });

  it('lets nothing else through in any slot, and keeps the device there beyond the lease', async () => {
    await standDown();
    told();
    await want(LEVEL, 0.3, 1);
    expect(told()).toEqual([]);
    await run.pass(3 * 3_600);
    const again = told().filter(([point]) => point === LEVEL);
    expect(again.length).toBeGreaterThan(10);
    expect(new Set(again.map(([, value]) => value))).toEqual(new Set([1]));
  });

  it('is about an asset that comes into being meanwhile', async () => {
    await standDown();
    told();
    const id = 'urn:ngsi-ld:Streetlight:new';
    const binding = { adapter: 'mqtt', device: 'quay' };
    await run.asset({ id, type: 'Streetlight', title: 'New', department: 'lighting', points: { level: {} }, binding });
    expect(told()).toEqual([[`${id}#level`, 1]]);
  });

  it('goes on while only asked to end, and gives back to those who want it when it ends', async () => {
    await want(LEVEL, 0.4);
    await standDown();
    await restrain(
      '*/one',
      { kind: 'stand-down', scope: {}, endAsked: [{ by: 'ann', at: run.now, reason: 'over' }] },
      2,
    );
    told();
    await want(PLAN, 2);
    expect(told()).toEqual([]);
    await restrain('*/one', null, 3);
    expect(told()).toEqual([
      [LEVEL, 0.4],
      [PLAN, 2],
      [PRESS, 'release'],
    ]);
  });

  it('stands after a restart from the checkpoint', async () => {
    await standDown();
    const cells = new Map<string, string>();
    for (const [cell, text] of cellsOf(run.fold.drain())) if (text !== undefined) cells.set(cell, text);
    const next = new Fold();
    next.restore(run.fold.lastId, cells);
    const request = { do: 'claim', point: PLAN, effect: 'set', value: 3, slot: 1, rampSeconds: 0 } as const;
    const asked = { ...request, leaseSeconds: 600, key: '', reason: 'a test' };
    const actor = { kind: 'person', id: 'ann', roles: {} } as const;
    const input = { kind: 'request', id: 'r', actor, department: 'traffic', request: asked } as const;
    const outputs = await next.apply({ id: `${run.now + 1}-0`, at: run.now + 1, input });
    expect(commandsIn(outputs).filter(({ point }) => point === PLAN)).toEqual([]);
  });
});

/** How the newest alarm of each kind stands. */
const alarms = () => {
  const last = new Map<string, Alarm>();
  for (const output of run.outputs) if (output.kind === 'alarm') last.set(output.alarm.kind, output.alarm);
  return [...last.values()].map((alarm) => [alarm.kind, alarmState(alarm)]);
};

describe('out of service', () => {
  it('asks nothing of the asset but a stop, in every slot', async () => {
    await restrain('waste/two', { kind: 'out-of-service', asset: BIN });
    await want(PRESS, 'compacting', 2);
    expect(told()).toEqual([]);
    await want(PRESS, 'idle', 1);
    expect(told()).toEqual([[PRESS, 'idle']]);
  });

  it('is about what hangs on the cabinet, and lets the wish out at its end', async () => {
    await outOfService(CABINET);
    await want(LEVEL, 0.3, 1);
    expect(told()).toEqual([]);
    await restrain('lighting/two', null, 2);
    expect(told()).toEqual([[LEVEL, 0.3]]);
  });

  it('mutes alarms that come, and lets those speak that still last at its end', async () => {
    await run.reading(LAMP, 'activePower', 40);
    await outOfService(CABINET);
    await run.pass(120);
    expect(alarms()).toEqual([['asset-silent', 'suppressed']]);
    await restrain('lighting/two', null, 2);
    expect(alarms()).toEqual([['asset-silent', 'unacknowledged']]);
  });

  it('mutes the alarms that are there', async () => {
    await run.reading(LAMP, 'activePower', 40);
    await run.pass(120);
    expect(alarms()).toEqual([['asset-silent', 'unacknowledged']]);
    await outOfService(LAMP);
    expect(alarms()).toEqual([['asset-silent', 'suppressed']]);
  });
});
