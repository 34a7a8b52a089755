// Interlocks and wear budgets as the fold keeps them: what trips, what it holds, and what waits.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import type { Value } from '../model/value.ts';
import type { PointView } from '../model/live.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const KEY = `${BIN}#compaction`;
const LAMP = 'urn:ngsi-ld:Streetlight:crossing-1';

const bin = (more: object = {}) => ({
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  reports: { door: { every: '10 s' } },
  points: { compaction: more },
  binding: { adapter: 'mqtt', device: 'pier-3' },
});
const doorClosed = {
  id: 'waste/door-closed',
  title: 'The press moves only behind a closed door',
  kind: 'invariant',
  scope: { type: 'WasteContainer' },
  point: 'compaction',
  values: ['compacting'],
  requires: { fact: 'door', operator: 'equal', value: 'closed' },
};

const crossing = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Crossing 1',
  department: 'lighting',
  tags: ['crossing'],
  attributes: { classMinimum: 0.6 },
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'cabinet' },
};
const crossingMinimum = {
  id: 'lighting/crossing-minimum',
  title: 'A crossing keeps the minimum of its lighting class at night',
  kind: 'invariant',
  scope: { type: 'Streetlight', tag: 'crossing' },
  point: 'level',
  below: { attribute: 'classMinimum' },
  requires: { fact: 'illuminance', operator: 'greaterThan', value: 50 },
};

let run: FoldRun;
beforeEach(() => {
  run = new FoldRun();
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
      leaseSeconds: 7_200,
      key: '',
      reason: 'a test',
    },
  });
const view = (key: string): PointView | undefined =>
  run.outputs
    .flatMap((output) => (output.kind === 'live' && output.event.event === 'point' ? [output.event.data] : []))
    .findLast(({ point }) => point === key);
const wanted = () =>
  commandsIn(run.outputs).map((command) => ('value' in command.want ? command.want.value : 'release'));

describe('an invariant', () => {
  beforeEach(async () => {
    await run.asset(bin());
    await run.interlock(doorClosed);
    await run.report(BIN, { readings: { door: 'closed' }, points: { compaction: { value: 'idle' } } });
  });

  it('stops a compactor whose door opens while it presses, in slot 5, and says why', async () => {
    await want(KEY, 'compacting');
    await run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
    await run.report(BIN, { readings: { door: 'open' } });
    expect(wanted()).toEqual(['compacting', 'idle']);
    expect(commandsIn(run.outputs).at(-1)).toMatchObject({ slot: 5 });
    expect(view(KEY)?.arbitration.winner).toMatchObject({
      owner: 'interlock waste/door-closed',
      reason: expect.stringContaining('door is open'),
    });
    expect(view(KEY)?.arbitration.losers).toMatchObject([{ owner: 'operator ann' }]);
  });

  it('lets nothing start while the door is open or has fallen silent', async () => {
    await run.pass(31);
    await want(KEY, 'compacting');
    expect(wanted()).toEqual([]);
    expect(view(KEY)?.arbitration.winner?.reason).toContain('door is not known');
  });

  it('trips when its fact becomes stale while the press moves', async () => {
    await want(KEY, 'compacting');
    await run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
    await run.pass(31);
    expect(wanted()).toContain('idle');
  });

  it('hears no flow: what a sensor node says of the door opens nothing', async () => {
    await run.pass(31);
    await run.reading(BIN, 'door', 'closed');
    await want(KEY, 'compacting');
    expect(wanted()).toEqual([]);
  });

  it('goes on holding a device that we keep from its own programme: the lease is renewed while it is tripped', async () => {
    await run.asset(bin({ value: { type: 'word', words: ['idle', 'compacting', 'slow'] }, endsItself: false }), 2);
    await want(KEY, 'compacting');
    await run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
    await run.report(BIN, { readings: { door: 'open' } });
    let answered = '';
    for (let minute = 0; minute < 60; minute += 1) {
      const [stop] = commandsIn(run.outputs).slice(-1);
      if (stop?.commandId !== answered) {
        await run.sent(stop!);
        const idle = { value: 'idle', cause: 'command', commandId: stop!.commandId };
        await run.report(BIN, { points: { compaction: idle } });
      }
      answered = stop!.commandId;
      expect(stop?.leaseUntil).toBeGreaterThan(run.now + 60_000);
      await run.pass(60);
    }
    expect(wanted().length).toBeLessThan(20);
  });

  it('holds nothing where nothing is at stake', async () => {
    await run.report(BIN, { readings: { door: 'open' } });
    expect(view(KEY)?.arbitration.winner).toBeUndefined();
  });

  it('stands in slot 1 where people are in danger', async () => {
    await run.put({
      kind: 'document',
      document: { of: 'interlock', id: doorClosed.id, version: 2, body: null },
    });
    await run.interlock({ ...doorClosed, id: 'waste/life', lifeSafety: true });
    await run.report(BIN, { readings: { door: 'open' } });
    await want(KEY, 'compacting', 1);
    expect(wanted()).toEqual([]);
    expect(view(KEY)?.arbitration.winner).toMatchObject({ slot: 1, owner: 'interlock waste/life' });
  });
});

it('goes on keeping a lamp from a programme that is too dark, and gives it back by day, once', async () => {
  await run.asset(crossing);
  await run.interlock(crossingMinimum);
  await run.report(LAMP, { readings: { illuminance: 3 }, points: { level: { value: 0, cause: 'programme' } } });
  expect(wanted()).toEqual([0.6]);
  const [lift] = commandsIn(run.outputs);
  await run.sent(lift!);
  const lifted = { value: 0.6, cause: 'command', commandId: lift!.commandId };
  await run.report(LAMP, { readings: { activePower: 36 }, points: { level: lifted } });
  await run.pass(60);
  expect(wanted()).toEqual([0.6]);
  await run.report(LAMP, { readings: { illuminance: 2_000 } });
  expect(wanted()).toEqual([0.6, 'release']);
});

it('keeps a crossing’s lamp at its class minimum at night, and lets it go by day', async () => {
  await run.asset(crossing);
  await run.interlock(crossingMinimum);
  await run.report(LAMP, { readings: { illuminance: 2_000 } });
  await want(`${LAMP}#level`, 0.1);
  expect(wanted()).toEqual([0.1]);
  await run.report(LAMP, { readings: { illuminance: 3 } });
  expect(wanted()).toEqual([0.1, 0.6]);
  expect(view(`${LAMP}#level`)?.arbitration.bounds).toMatchObject([{ slot: 5, value: 0.6 }]);
});
