// What devices, flows and people at the cabinet may and may not bring about.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, decisionsIn, endsIn, FoldRun } from '../../test/fold-run.ts';
import type { Command } from '../model/command.ts';
import { reportSchema } from '../model/field.ts';
import type { Output } from './ports.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-17';
const LEVEL = `${LAMP}#level`;
const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';

const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp 17',
  department: 'lighting',
  attributes: { watts: 60 },
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'river-cabinet' },
};
const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset(lamp);
});
afterEach(() => expect(run.failures).toEqual([]));

const claim = (value: number, name = 'ann') => ({
  kind: 'request' as const,
  id: 'req',
  actor: { kind: 'person' as const, id: name, roles: {} },
  department: 'lighting',
  request: {
    do: 'claim' as const,
    point: LEVEL,
    effect: 'set' as const,
    value,
    slot: 8,
    rampSeconds: 0,
    leaseSeconds: 7_200,
    key: '',
    reason: 'a test',
  },
});

const lastCommand = (): Command => commandsIn(run.outputs).at(-1)!;
const factsOf = (outputs: readonly Output[]) =>
  outputs.flatMap((output) => (output.kind === 'interlock-facts' ? [output.facts] : []));

const doorReport = (door: string, at: number, id: string) =>
  run.put({
    kind: 'report',
    department: 'waste',
    device: 'pier-3',
    report: reportSchema.parse({ id, asset: BIN, observedAt: new Date(at).toISOString(), readings: { door } }),
  });

describe('a fact for interlocks', () => {
  beforeEach(() => run.asset(bin));

  it('is never replaced by an older or a repeated report', async () => {
    await doorReport('closed', run.now - 5_000, 'first');
    await doorReport('open', run.now, 'second');
    const late = await doorReport('closed', run.now - 2_000, 'late');
    const again = await doorReport('closed', run.now - 5_000, 'first');
    expect(factsOf([...late, ...again])).toEqual([]);
  });

  it('is unknown after a report of the far future, until the next one', async () => {
    const outputs = await doorReport('closed', run.now + 6 * 60_000, 'future');
    expect(factsOf(outputs)).toEqual([{ door: { value: 'closed', observedAt: run.now, staleAt: run.now } }]);
    expect(run.fold.counts.future).toBe(1);
    expect(factsOf(await doorReport('open', run.now, 'now'))[0]).toMatchObject({ door: { value: 'open' } });
  });
});

describe('a proof', () => {
  it('by a meter comes from the device’s own report, never from a flow', async () => {
    await run.put(claim(0.5));
    const command = lastCommand();
    await run.sent(command);
    await run.report(LAMP, {
      points: { level: { value: 0.5, cause: 'command', commandId: command.commandId } },
      readings: { activePower: 0 },
    });
    const outputs = await run.reading(LAMP, 'activePower', 30);
    expect(endsIn(outputs)).toEqual({});
    expect(endsIn(await run.pass(11))).toMatchObject({ [command.commandId]: 'unverified' });
  });
});

async function failFourTimes(): Promise<void> {
  await run.put(claim(0.5));
  for (let round = 0; round < 4; round += 1) {
    await run.put({
      kind: 'progress',
      commandId: lastCommand().commandId,
      state: 'refused',
      detail: 'the door is open',
    });
    await run.pass(45);
  }
  expect(commandsIn(run.outputs)).toHaveLength(4);
}

describe('a wish that could not be carried out', () => {
  it('is tried again slowly as long as the claim lives', async () => {
    await failFourTimes();
    expect(commandsIn(await run.pass(300))).toHaveLength(1);
  });

  it('is tried again at once when what refused it has changed', async () => {
    await run.report(LAMP, { readings: { lampFailure: true } });
    await failFourTimes();
    expect(commandsIn(await run.report(LAMP, { readings: { lampFailure: false } }))).toHaveLength(1);
  });

  it('is tried again at once when its device is back', async () => {
    await failFourTimes();
    const at = new Date(run.now).toISOString();
    const online = { kind: 'status' as const, department: 'lighting', device: 'river-cabinet' };
    expect(commandsIn(await run.put({ ...online, status: { state: 'online', at } }))).toHaveLength(1);
  });

  it('is tried again at once when the device reports something new', async () => {
    await failFourTimes();
    const outputs = await run.report(LAMP, { points: { level: { value: 0.2, cause: 'programme' } } });
    expect(commandsIn(outputs)).toHaveLength(1);
  });
});

it('counts every command once as issued and once as ended or in flight', async () => {
  await failFourTimes();
  await run.pass(400);
  const { issued, inFlight, ...ends } = run.fold.commandCounts;
  expect(issued).toBeGreaterThan(4);
  expect(Object.values(ends).reduce((sum, count) => sum + count, inFlight)).toBe(issued);
});

describe('a hand at the cabinet', () => {
  it('wins over an operator who was there before, and nothing is sent', async () => {
    await run.put(claim(0.5));
    await run.sent(lastCommand());
    const points = { level: { value: 0.5, cause: 'command', commandId: lastCommand().commandId } };
    await run.report(LAMP, { points, readings: { activePower: 30 } });
    const outputs = [
      ...(await run.report(LAMP, { points: { level: { value: 1, cause: 'local' } } })),
      ...(await run.pass(60)),
    ];
    expect(commandsIn(outputs)).toEqual([]);
  });
});

describe('an asset that is removed and comes back', () => {
  it('goes on with its sequence: no command has the id of an earlier one', async () => {
    await run.put(claim(0.5));
    await run.put({ kind: 'document', document: { of: 'asset', id: LAMP, version: 2, body: null } });
    await run.asset(lamp, 3);
    await run.put(claim(0.7));
    expect(commandsIn(run.outputs).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});

describe('a rule', () => {
  const quiet = {
    id: 'waste/press',
    title: 'Press',
    scope: { type: 'WasteContainer' },
    conditions: { all: [{ fact: 'fillingLevel', operator: 'greaterThan', value: 0.5 }] },
    for: '1 min',
    actions: [{ point: 'compaction', set: 'compacting' }],
  };

  it('whose count was broken off is no longer shown as counting', async () => {
    await run.asset(bin);
    await run.rule(quiet);
    await run.reading(BIN, 'fillingLevel', 0.9);
    await run.pass(5);
    const outputs = await run.reading(BIN, 'fillingLevel', 0.1);
    expect(outputs).toContainEqual({
      kind: 'live',
      event: { event: 'gone', data: { kind: 'activation', key: `waste/press|${BIN}|` } },
    });
  });

  it('claims nothing of another department', async () => {
    await run.asset(bin);
    await run.rule({ ...quiet, for: '1 s', actions: [{ point: 'level', of: LAMP, set: 0.3 }] });
    await run.reading(BIN, 'fillingLevel', 0.9);
    const outputs = await run.pass(2);
    expect(commandsIn(outputs)).toEqual([]);
    expect(decisionsIn(outputs)[0]?.refusals).toEqual([
      'rule waste/press may claim only in its own department, not in lighting',
    ]);
  });

  it('that is edited while it is active claims what it says now', async () => {
    await run.asset(bin);
    const now = { ...quiet, for: '1 s' };
    await run.rule(now);
    await run.reading(BIN, 'fillingLevel', 0.9);
    await run.pass(2);
    const outputs = await run.rule({ ...now, actions: [{ point: 'compaction', set: 'compacting', slot: 10 }] }, 2);
    const [point] = outputs.flatMap((output) =>
      output.kind === 'live' && output.event.event === 'point' ? [output.event.data] : [],
    );
    expect(point?.arbitration.winner?.slot).toBe(10);
  });
});

describe('readings of reports', () => {
  it('of two devices that number alike are two readings', async () => {
    await run.asset(bin);
    const report = { id: '1', observedAt: new Date(run.now).toISOString() };
    const ids = [];
    for (const [asset, readings] of [
      [LAMP, { activePower: 3 }],
      [BIN, { door: 'open' }],
    ] as const) {
      const outputs = await run.put({
        kind: 'report',
        department: 'waste',
        device: 'x',
        report: reportSchema.parse({ ...report, asset, readings }),
      });
      ids.push(...outputs.flatMap((output) => (output.kind === 'reading' ? [output.reading.id] : [])));
    }
    expect(new Set(ids).size).toBe(2);
  });
});
