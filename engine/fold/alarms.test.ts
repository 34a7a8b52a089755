import { beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import { alarmState, type Alarm, type AlarmKind } from '../model/alarm.ts';
import { toIso } from '../model/clock.ts';
import type { FlowsState, Request } from '../model/input.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  reports: { fillingLevel: { every: '1 min', frozenAfter: '1 h' }, door: { every: '1 min' } },
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};
const press = {
  id: 'waste/press',
  title: 'Press',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
  actions: [{ point: 'compaction', set: 'compacting' }],
};

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun({ furtherTries: 1 });
  await run.asset(bin);
});

const alarmsIn = (outputs: readonly Output[]): Alarm[] =>
  outputs.flatMap((output) => (output.kind === 'alarm' ? [output.alarm] : []));

/** Every alarm as it was told of last, by kind and state: `asset-silent unacknowledged`. */
const told = (outputs: readonly Output[]): string[] => [
  ...new Map(alarmsIn(outputs).map((alarm) => [alarm.alarmId, `${alarm.kind} ${alarmState(alarm)}`])).values(),
];
const newest = (kind: AlarmKind): Alarm => {
  const found = alarmsIn(run.outputs).findLast((alarm) => alarm.kind === kind);
  if (!found) throw new Error(`no alarm of kind ${kind}`);
  return found;
};

const ask = (request: Request, roles: Record<string, ('operator' | 'safety' | 'viewer')[]> = { waste: ['operator'] }) =>
  run.put({ kind: 'request', id: 'r', actor: { kind: 'person', id: 'ann', roles }, department: 'waste', request });
const acknowledge = (...alarms: Alarm[]) =>
  ask({ do: 'acknowledge-alarms', alarms: alarms.map(({ alarmId }) => alarmId), note: 'seen' });
const shelve = (alarm: Alarm, seconds = 600) =>
  ask({ do: 'shelve-alarm', alarm: alarm.alarmId, seconds, reason: 'roadworks' });
const status = (state: 'online' | 'offline', device = 'pier-3') =>
  run.put({ kind: 'status', department: 'waste', device, status: { state, at: toIso(run.now) } });

const flows = (state: FlowsState) => run.put({ kind: 'flows', department: 'waste', state });

function restart(): void {
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

/** The bin falls silent after three missed reports. */
async function silent(level = 0.1): Promise<Alarm> {
  await run.reading(BIN, 'fillingLevel', level);
  await run.pass(180);
  return newest('asset-silent');
}

describe('the life of an alarm', () => {
  it('is open until it has been seen and its cause has ended, in whichever order', async () => {
    const first = await silent();
    expect(first).toMatchObject({ subject: BIN, department: 'waste', severity: 'medium', group: BIN, occurrences: 1 });
    expect(first.text).toBe('not heard: fillingLevel since 2026-11-22T10:00:00.000Z');
    expect(told(await acknowledge(first))).toEqual(['asset-silent acknowledged']);
    expect(told(await run.reading(BIN, 'fillingLevel', 0.2))).toEqual(['asset-silent closed']);
    await run.pass(180);
    const second = newest('asset-silent');
    expect(second.alarmId).not.toBe(first.alarmId);
    expect(told(await run.reading(BIN, 'fillingLevel', 0.1))).toEqual(['asset-silent returned']);
    expect(told(await acknowledge(second))).toEqual(['asset-silent closed']);
    expect(newest('asset-silent').steps.map(({ what, by }) => [what, by])).toEqual([
      ['raised', undefined],
      ['ended', undefined],
      ['acknowledged', 'ann'],
      ['closed', undefined],
    ]);
  });

  it('is one alarm while nobody has seen it, however often its cause comes and goes, and its steps do not grow for ever', async () => {
    for (let n = 0; n < 40; n += 1) await silent(n / 100);
    expect(new Set(alarmsIn(run.outputs).map(({ alarmId }) => alarmId)).size).toBe(1);
    expect(newest('asset-silent')).toMatchObject({ occurrences: 40, raisedAt: run.now - 39 * 180_000 });
    expect(newest('asset-silent').steps).toHaveLength(50);
  });

  it('is acknowledged by nobody who may not, and by nobody who saw an earlier one', async () => {
    const first = await silent();
    const request: Request = { do: 'acknowledge-alarms', alarms: [first.alarmId] };
    expect(told(await ask(request, { waste: ['viewer'], traffic: ['operator'] }))).toEqual([]);
    expect(told(await ask(request, { waste: ['safety'] }))).toEqual(['asset-silent acknowledged']);
    expect(told(await ask(request))).toEqual([]);
    await run.reading(BIN, 'fillingLevel', 0.2);
    await run.pass(180);
    expect(told(await ask(request))).toEqual([]);
  });

  it('survives a restart, with its shelf', async () => {
    const first = await silent();
    await shelve(first);
    restart();
    expect(told(await run.pass(599))).toEqual([]);
    expect(told(await run.pass(1))).toEqual(['asset-silent unacknowledged']);
  });

  it('can be put aside for a while: quiet however often it comes, back when the time is up, closed if it is over', async () => {
    const first = await silent();
    expect(told(await shelve(first))).toEqual(['asset-silent shelved']);
    expect(newest('asset-silent').shelved).toEqual({
      by: 'ann',
      at: run.now,
      until: run.now + 600_000,
      reason: 'roadworks',
    });
    expect(told(await run.reading(BIN, 'fillingLevel', 0.2))).toEqual(['asset-silent shelved']);
    expect(told(await run.pass(200))).toEqual(['asset-silent shelved']);
    await run.reading(BIN, 'fillingLevel', 0.3);
    const back = { do: 'unshelve-alarm' as const, alarm: first.alarmId, reason: 'done' };
    expect(told(await ask(back, { waste: ['safety'] }))).toEqual([]);
    expect(told(await ask(back))).toEqual(['asset-silent closed']);
    expect(told(await run.pass(100))).toEqual([]);
  });
});

describe('what raises and ends alarms', () => {
  it('says which properties are silent, and ends when all are heard again', async () => {
    await run.reading(BIN, 'door', 'closed');
    await silent();
    expect(newest('asset-silent').text).toContain('door since 2026-11-22T10:00:00.000Z, fillingLevel');
    await run.reading(BIN, 'door', 'closed');
    expect(newest('asset-silent').text).toBe('not heard: fillingLevel since 2026-11-22T10:00:00.000Z');
    expect(told(await run.reading(BIN, 'fillingLevel', 0.2))).toEqual(['asset-silent returned']);
  });

  it('a sensor that says exactly the same for too long, until it changes', async () => {
    await run.reading(BIN, 'fillingLevel', 0.4);
    await run.pass(3_600);
    expect(told(await run.reading(BIN, 'fillingLevel', 0.4))).toContain('sensor-frozen unacknowledged');
    expect(newest('sensor-frozen')).toMatchObject({ subject: `${BIN}#fillingLevel`, asset: BIN });
    expect(told(await run.reading(BIN, 'fillingLevel', 0.41))).toEqual(['sensor-frozen returned']);
  });

  it('a device that is offline, until it is back or nothing is bound to it', async () => {
    expect(told(await status('offline', 'stranger'))).toEqual([]);
    expect(told(await status('offline'))).toEqual(['device-offline unacknowledged']);
    expect(newest('device-offline')).toMatchObject({ subject: 'waste/pier-3', severity: 'high' });
    expect(told(await status('online'))).toEqual(['device-offline returned']);
    await status('offline');
    await run.put({ kind: 'document', document: { of: 'asset', id: BIN, version: 2, body: null } });
    expect(alarmState(newest('device-offline'))).toBe('returned');
  });

  it('a point that does not obey after all quick tries, until it does', async () => {
    await run.rule(press);
    await run.reading(BIN, 'fillingLevel', 0.9);
    await run.pass(20);
    expect(told(run.outputs)).toEqual([]);
    await run.pass(120);
    expect(newest('command-failed')).toMatchObject({ subject: `${BIN}#compaction`, severity: 'high', occurrences: 1 });
    expect(newest('command-failed').text).toMatch(/^setting compacting was expired 2 times: no worker/);
    // Another try is under way: that is no reason to call it mended.
    const [again] = commandsIn(await status('online'));
    expect(told(await run.sent(again!))).toEqual([]);
    const outputs = await run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
    expect(told(outputs)).toEqual(['command-failed returned']);
  });

  it('a device that takes its commands and does nothing: unverified, all quick tries included', async () => {
    await run.rule(press);
    const wire = async (outputs: Output[]): Promise<void> => {
      for (const command of commandsIn(outputs)) await run.sent(command);
    };
    await wire(await run.reading(BIN, 'fillingLevel', 0.9));
    for (let seconds = 0; seconds < 600 && !told(run.outputs).includes('command-failed unacknowledged'); seconds += 5)
      await wire(await run.pass(5));
    expect(newest('command-failed').text).toMatch(/^setting compacting was unverified 2 times/);
  });

  it('nothing is wrong any more when nobody wants anything of the point', async () => {
    await run.rule(press);
    await run.reading(BIN, 'fillingLevel', 0.9);
    await run.pass(150);
    await run.report(BIN, { points: { compaction: { value: 'idle', cause: 'programme' } } });
    const [release] = commandsIn(await run.reading(BIN, 'fillingLevel', 0.1));
    expect(alarmState(newest('command-failed'))).toBe('unacknowledged');
    await run.sent(release!);
    await run.report(BIN, { points: { compaction: { value: 'idle', cause: 'programme' } } });
    expect(alarmState(newest('command-failed'))).toBe('returned');
  });

  it('an interlock that holds a point, critical where people are in danger, which cannot be put aside', async () => {
    const lid = {
      id: 'waste/lid',
      title: 'Never with the door open',
      kind: 'invariant',
      scope: { type: 'WasteContainer' },
      point: 'compaction',
      values: ['compacting'],
      requires: { fact: 'door', operator: 'equal', value: 'closed' },
    };
    await run.interlock(lid);
    await run.interlock({ ...lid, id: 'waste/life', lifeSafety: true });
    await run.rule(press);
    await run.report(BIN, { readings: { door: 'open' } });
    await run.reading(BIN, 'fillingLevel', 0.9);
    const tripped = alarmsIn(run.outputs).filter(({ kind }) => kind === 'interlock-tripped');
    expect(tripped.map(({ subject, severity }) => [subject, severity])).toEqual([
      [`${BIN}#compaction waste/lid`, 'high'],
      [`${BIN}#compaction waste/life`, 'critical'],
    ]);
    expect(told(await shelve(tripped.find(({ severity }) => severity === 'critical')!))).toEqual([]);
    expect(told(await run.report(BIN, { readings: { door: 'closed' } }))).toEqual([
      'interlock-tripped returned',
      'interlock-tripped returned',
    ]);
  });

  it('a wear budget that is used up, until what is wanted may go out', async () => {
    await run.asset({ ...bin, points: { compaction: { wear: { between: '10 min' }, safe: { release: true } } } }, 2);
    await run.rule(press);
    await run.reading(BIN, 'fillingLevel', 0.9);
    await run.report(BIN, { points: { compaction: { value: 'compacting', cause: 'command' } } });
    await run.rule({ ...press, actions: [{ point: 'compaction', set: 'idle' }] }, 2);
    expect(newest('wear-budget')).toMatchObject({ subject: `${BIN}#compaction`, severity: 'low' });
    await run.pass(600);
    expect(alarmState(newest('wear-budget'))).toBe('returned');
  });

  it('a rule that was parked, until it may go on', async () => {
    await run.rule(press);
    await run.put({ kind: 'park', rule: press.id, version: 1, why: 'it took 80 ms' });
    expect(newest('rule-parked')).toMatchObject({ subject: press.id, text: 'it took 80 ms', severity: 'high' });
    await run.rule(press, 2);
    expect(newest('rule-parked').steps.at(-1)).toMatchObject({ what: 'ended', why: 'version 2 came into force' });
  });

  it('flows that do not run, until a runtime says that they do', async () => {
    expect(await flows('started')).toEqual([]);
    await flows('lost');
    expect(newest('flows-stopped')).toMatchObject({ subject: 'waste', department: 'waste', severity: 'medium' });
    expect(newest('flows-stopped').text).toBe('the flows’ runtime broke off without a goodbye');
    restart();
    await flows('safe-mode');
    expect(newest('flows-stopped')).toMatchObject({ text: expect.stringContaining('safe mode'), occurrences: 1 });
    expect(told(await flows('started'))).toEqual(['flows-stopped returned']);
    expect(told(await acknowledge(newest('flows-stopped')))).toEqual(['flows-stopped closed']);
  });

  it('ends with its asset', async () => {
    await silent();
    await run.put({ kind: 'document', document: { of: 'asset', id: BIN, version: 2, body: null } });
    expect(newest('asset-silent').steps.at(-1)).toMatchObject({ what: 'ended', why: 'the asset was removed' });
  });
});

describe('what follows from another alarm', () => {
  const CABINET = 'urn:ngsi-ld:StreetlightControlCabinet:quay';
  const gateway = { adapter: 'mqtt', device: 'gateway' };
  const lamp = (n: number) => ({
    id: `urn:ngsi-ld:Streetlight:quay-${n}`,
    type: 'Streetlight',
    title: `Quay ${n}`,
    department: 'waste',
    parent: CABINET,
    reports: { powerDraw: { every: '1 min' } },
    points: {},
    binding: gateway,
  });
  const cabinet = { ...lamp(0), id: CABINET, type: 'StreetlightControlCabinet', parent: undefined, reports: {} };

  beforeEach(async () => {
    await run.asset(cabinet);
    for (const n of [1, 2, 3]) await run.asset(lamp(n));
    for (const n of [1, 2, 3]) await run.reading(lamp(n).id, 'powerDraw', 40);
  });

  it('a gateway that is away explains what hangs on it, before and after it is noticed; only itself wants attention', async () => {
    await run.reading(lamp(3).id, 'powerDraw', 41, { at: run.now + 60_000 });
    await run.pass(180);
    expect(told(run.outputs)).toEqual(['asset-silent unacknowledged', 'asset-silent unacknowledged']);
    await status('offline', 'gateway');
    await run.pass(100);
    expect(told(run.outputs).toSorted()).toEqual([
      'asset-silent suppressed',
      'asset-silent suppressed',
      'asset-silent suppressed',
      'device-offline unacknowledged',
    ]);
    expect(newest('asset-silent')).toMatchObject({ group: CABINET, under: 'device-offline|waste/gateway' });
    // One is heard again: nobody was to see it, so it is over.
    expect(told(await run.reading(lamp(1).id, 'powerDraw', 42))).toEqual(['asset-silent closed']);
    restart();
    // The gateway is back, two lamps are not: now they speak for themselves.
    expect(told(await status('online', 'gateway')).toSorted()).toEqual([
      'asset-silent unacknowledged',
      'asset-silent unacknowledged',
      'device-offline returned',
    ]);
  });

  it('hides nothing that is more urgent than what explains it', async () => {
    await status('offline', 'gateway');
    expect(newest('device-offline').severity).toBe('medium');
    await run.asset({ ...lamp(1), points: { level: {} } }, 2);
    await run.put({
      kind: 'request',
      id: 'r',
      actor: { kind: 'person', id: 'ann', roles: { waste: ['operator'] } },
      department: 'waste',
      request: {
        do: 'claim',
        point: `${lamp(1).id}#level`,
        effect: 'set',
        value: 0.5,
        slot: 8,
        rampSeconds: 0,
        leaseSeconds: 3_600,
        key: '',
        reason: 'test',
      },
    });
    await run.pass(200);
    expect(alarmState(newest('command-failed'))).toBe('unacknowledged');
  });

  it('is told anew when it hangs on something else', async () => {
    await status('offline', 'gateway');
    await run.pass(180);
    expect(alarmState(newest('asset-silent'))).toBe('suppressed');
    await run.asset({ ...lamp(1), parent: undefined, binding: { adapter: 'mqtt', device: 'other' } }, 2);
    const moved = alarmsIn(run.outputs).findLast(({ asset }) => asset === lamp(1).id);
    expect(moved && alarmState(moved)).toBe('unacknowledged');
  });
});

describe('conflicting signal groups', () => {
  const J4 = 'urn:ngsi-ld:TrafficController:J4';
  const controller = (attributes: object) => ({
    id: J4,
    type: 'TrafficController',
    title: 'J4',
    department: 'traffic',
    attributes,
    binding: { adapter: 'mqtt', device: 'J4' },
  });
  const shows = (signalGroupStatus: string) => run.report(J4, { readings: { signalGroupStatus } });

  it('raise an alarm by the controller’s own report, which stays until somebody has seen it', async () => {
    await run.asset(controller({ conflicts: '1-2' }));
    await shows('4B');
    expect(told(run.outputs)).toEqual([]);
    await shows('44');
    expect(newest('signal-conflict')).toMatchObject({ severity: 'critical', subject: J4, department: 'traffic' });
    await shows('B4');
    expect(told(run.outputs)).toEqual(['signal-conflict returned']);
  });

  it('are found in a report that comes late, and in nothing that a flow says', async () => {
    await run.asset(controller({ conflicts: '1-2' }));
    await run.reading(J4, 'signalGroupStatus', '44');
    expect(told(run.outputs)).toEqual([]);
    await shows('4B');
    const observedAt = toIso(run.now - 1_000);
    const report = { id: 'late', asset: J4, observedAt, points: {}, readings: { signalGroupStatus: '44' }, units: {} };
    await run.put({ kind: 'report', department: 'traffic', device: 'J4', report: { ...report, quality: 'good' } });
    expect(told(run.outputs)).toEqual(['signal-conflict unacknowledged']);
  });

  it('are said to be unwatched where the matrix cannot be read, and not judged where there is none', async () => {
    await run.asset(controller({}));
    await shows('44');
    expect(told(run.outputs)).toEqual([]);
    await run.asset(controller({ conflicts: 'north against east' }), 2);
    await shows('4B');
    expect(newest('signal-conflict').text).toContain('nobody watches its greens');
  });
});
