import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, decisionsIn, endsIn, FoldRun, START } from '../../test/fold-run.ts';

const J4 = 'urn:ngsi-ld:TrafficController:J4';
const EAST = 'urn:ngsi-ld:Approach:J4-east';
const LOOP = 'urn:ngsi-ld:Detector:J4-east-1';
const LAMP = 'urn:ngsi-ld:Streetlight:river-17';
const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';

const controller = {
  id: J4,
  type: 'TrafficController',
  title: 'J4',
  department: 'traffic',
  relations: { approach: [EAST] },
  points: { timePlan: {} },
  binding: { adapter: 'mqtt', device: 'J4' },
};
const approach = {
  id: EAST,
  type: 'Approach',
  title: 'J4 east',
  department: 'traffic',
  relations: { detectors: [LOOP] },
  attributes: { queueAbove: 0.4, reliefPlan: 3 },
};
const loop = {
  id: LOOP,
  type: 'Detector',
  title: 'Loop',
  department: 'traffic',
  reports: { occupancy: { every: '2 s' } },
};
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
  attributes: { pressAt: 0.7 },
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};
const relief = {
  id: 'traffic/queue-relief',
  title: 'Queue relief',
  scope: { type: 'TrafficController', each: 'approach' },
  conditions: {
    all: [
      {
        fact: 'occupancy',
        params: { of: 'approach/detectors', across: 'max', window: '6 s', aggregate: 'avg' },
        operator: 'greaterThan',
        value: { fact: 'attribute', params: { of: 'approach', name: 'queueAbove' } },
      },
    ],
  },
  for: '4 s',
  clear: {
    all: [{ fact: 'occupancy', params: { of: 'approach/detectors', across: 'max' }, operator: 'lessThan', value: 0.2 }],
  },
  clearFor: '4 s',
  actions: [{ point: 'timePlan', set: { attribute: 'approach.reliefPlan' }, maxDuration: '30 min' }],
};
const compact = {
  id: 'waste/compact',
  title: 'Press before it overflows',
  scope: { type: 'WasteContainer' },
  conditions: {
    all: [
      {
        fact: 'fillingLevel',
        operator: 'greaterThanInclusive',
        value: { fact: 'attribute', params: { name: 'pressAt' } },
      },
    ],
  },
  actions: [{ point: 'compaction', set: 'compacting', maxDuration: '1 min' }],
};

let run: FoldRun;
beforeEach(() => {
  run = new FoldRun();
});
afterEach(() => expect(run.failures).toEqual([]));

async function queueAtJ4(seconds: number, occupancy = 0.6): Promise<ReturnType<typeof commandsIn>> {
  const commands = [];
  for (let second = 0; second < seconds; second += 2) {
    commands.push(...commandsIn(await run.pass(2)), ...commandsIn(await run.reading(LOOP, 'occupancy', occupancy)));
  }
  return commands;
}

async function aCityWithJ4(): Promise<void> {
  for (const asset of [controller, approach, loop]) await run.asset(asset);
  await run.rule(relief);
}

describe('a rule over time', () => {
  it('counts its "for" before it asks for the plan, and names the readings behind its decision', async () => {
    await aCityWithJ4();
    await run.reading(LOOP, 'occupancy', 0.6, { id: 'first' });
    expect(commandsIn(run.outputs)).toEqual([]);
    const [command] = await queueAtJ4(4);
    expect(command).toMatchObject({ point: `${J4}#timePlan`, sequence: 1, want: { value: 3 }, slot: 12, device: 'J4' });
    const [decision] = decisionsIn(run.outputs);
    expect(decision).toMatchObject({ kind: 'started', asset: J4, related: EAST, at: START + 4_000 });
    expect(decision?.trace[1]).toMatchObject({ path: '/conditions/all/0', outcome: true, found: 0.6, wanted: 0.4 });
    expect(decision?.trace[1]?.readings).toEqual(['r1/occupancy']);
    expect(command?.cause.decisionId).toBe(decision?.decisionId);
  });

  it('forgets the count when the conditions fail once in between', async () => {
    await aCityWithJ4();
    await run.reading(LOOP, 'occupancy', 0.6);
    await run.pass(3);
    await run.reading(LOOP, 'occupancy', 0);
    expect(commandsIn(await run.pass(1))).toEqual([]);
  });

  it('does not start on a silent detector, and releases the plan when the detector falls silent', async () => {
    await aCityWithJ4();
    const [command] = await queueAtJ4(8);
    await run.sent(command!);
    await run.report(J4, { points: { timePlan: { value: 3, cause: 'command', commandId: command!.commandId } } });
    const outputs = await run.pass(10);
    expect(decisionsIn(outputs)[0]).toMatchObject({ kind: 'ended', reason: 'a fact became unknown' });
    expect(commandsIn(outputs)[0]).toMatchObject({ sequence: 2, want: { release: true } });
  });

  it('clears with hysteresis and gives the point back once', async () => {
    await aCityWithJ4();
    const [command] = await queueAtJ4(8);
    await run.sent(command!);
    await run.report(J4, { points: { timePlan: { value: 3, cause: 'command', commandId: command!.commandId } } });
    expect(await queueAtJ4(8, 0.3)).toEqual([]);
    const releases = await queueAtJ4(12, 0.1);
    expect(releases.map((one) => one.want)).toEqual([{ release: true }]);
    await run.sent(releases[0]!);
    await run.report(J4, { points: { timePlan: { value: 1, cause: 'programme', commandId: releases[0]!.commandId } } });
    expect(endsIn(run.outputs)).toEqual({ [`${J4}#timePlan:1`]: 'verified', [`${J4}#timePlan:2`]: 'verified' });
    expect(commandsIn(await run.pass(3_600))).toEqual([]);
  });
});

describe('a command', () => {
  it('is verified by the device only when its report agrees, not by its word', async () => {
    await aCityWithJ4();
    const [command] = await queueAtJ4(8);
    await run.sent(command!);
    const { commandId } = command!;
    const at = new Date(run.now).toISOString();
    await run.put({
      kind: 'ack',
      department: 'traffic',
      device: 'J4',
      ack: { commandId, asset: J4, point: 'timePlan', sequence: 1, at, result: 'accepted', repeated: false },
    });
    expect(endsIn(run.outputs)[commandId]).toBe('accepted');
    await run.report(J4, { points: { timePlan: { value: 3, cause: 'command', commandId } } });
    expect(endsIn(run.outputs)[commandId]).toBe('verified');
  });

  it('whose answer and report overtake the worker’s own word still has every step', async () => {
    await aCityWithJ4();
    const [command] = await queueAtJ4(8);
    const { commandId } = command!;
    await run.report(J4, { points: { timePlan: { value: 3, cause: 'command', commandId } } });
    await run.sent(command!);
    const records = run.outputs.flatMap((output) => (output.kind === 'command-record' ? [output.record] : []));
    expect(records.at(-1)?.steps.map((step) => step.state)).toEqual(['queued', 'sent', 'verified']);
  });

  it('ends unverified when nothing proves it in time, and is tried again: soon at first, then slowly', async () => {
    await run.asset(lamp);
    await run.put(claimBy('ann', { point: `${LAMP}#level`, value: 0.5 }));
    for (let round = 0; round < 10; round += 1) {
      for (const command of commandsIn(run.outputs).slice(-1)) await run.sent(command);
      await run.pass(60);
    }
    expect(Object.values(endsIn(run.outputs))).toEqual(Array.from({ length: 5 }, () => 'unverified'));
    const issuedAt = commandsIn(run.outputs).map((command) => Math.round((command.issuedAt - START) / 1_000));
    expect(issuedAt).toEqual([0, 15, 80, 150, 490]);
  });

  it('of a lamp that lies is unverified: the meter says 0 W', async () => {
    await run.asset(lamp);
    await run.put(claimBy('ann', { point: `${LAMP}#level`, value: 0.5 }));
    const [command] = commandsIn(run.outputs);
    await run.sent(command!);
    await run.report(LAMP, {
      points: { level: { value: 0.5, cause: 'command', commandId: command!.commandId } },
      readings: { activePower: 0 },
    });
    const outputs = await run.pass(11);
    const [record] = outputs.flatMap((output) => (output.kind === 'command-record' ? [output.record] : []));
    expect(record?.steps.at(-1)).toMatchObject({
      state: 'unverified',
      detail: 'activePower reads 0 W, expected about 30',
    });
  });

  it('of a lamp whose meter agrees is verified by the instrument', async () => {
    await run.asset(lamp);
    await run.put(claimBy('ann', { point: `${LAMP}#level`, value: 0.5 }));
    const [command] = commandsIn(run.outputs);
    await run.sent(command!);
    const points = { level: { value: 0.5, cause: 'command', commandId: command!.commandId } };
    const outputs = await run.report(LAMP, { points, readings: { activePower: 29 } });
    const [record] = outputs.flatMap((output) => (output.kind === 'command-record' ? [output.record] : []));
    expect(record?.steps.at(-1)).toMatchObject({ state: 'verified', proof: 'instrument' });
  });

  it('that no worker took in time expires, and the wish is decided anew', async () => {
    await aCityWithJ4();
    await queueAtJ4(8);
    const outputs = [];
    for (let step = 0; step < 10; step += 1) {
      outputs.push(...(await run.pass(2)), ...(await run.reading(LOOP, 'occupancy', 0.6)));
    }
    expect(endsIn(outputs)[`${J4}#timePlan:1`]).toBe('expired');
    expect(commandsIn(outputs)[0]).toMatchObject({ sequence: 2, want: { value: 3 } });
  });

  it('is not issued where the device is there already', async () => {
    await run.asset(lamp);
    await run.report(LAMP, { points: { level: { value: 0.5, cause: 'programme' } } });
    await run.put(claimBy('ann', { point: `${LAMP}#level`, value: 0.5 }));
    expect(commandsIn(run.outputs)).toEqual([]);
    const [command] = commandsIn(await run.report(LAMP, { points: { level: { value: 0.2, cause: 'programme' } } }));
    expect(command).toMatchObject({ want: { value: 0.5 } });
  });

  it('renews the device’s lease while the claim lives, and not beyond', async () => {
    run = new FoldRun({ leaseMs: 60_000 });
    await run.asset(bin);
    await run.asset({ ...lamp, department: 'waste' });
    await run.rule({ ...compact, actions: [{ point: 'level', of: LAMP, set: 0.5 }] });
    await run.reading(BIN, 'fillingLevel', 0.9);
    const [first] = commandsIn(run.outputs);
    await run.sent(first!);
    const points = { level: { value: 0.5, cause: 'command', commandId: first!.commandId } };
    await run.report(LAMP, { points, readings: { activePower: 30 } });
    const [second] = commandsIn(await run.pass(31));
    expect(second).toMatchObject({ sequence: 2, want: { value: 0.5 } });
    expect(second!.leaseUntil! - first!.leaseUntil!).toBe(30_000);
  });
});

const claimBy = (name: string, wish: { point: string; value: number | string }) => ({
  kind: 'request' as const,
  id: 'req-1',
  actor: { kind: 'person' as const, id: name, roles: {} },
  department: 'lighting',
  request: {
    do: 'claim' as const,
    effect: 'set' as const,
    slot: 8,
    rampSeconds: 0,
    leaseSeconds: 3_600,
    key: '',
    reason: 'a test',
    ...wish,
  },
});

describe('an override', () => {
  const point = `${LAMP}#level`;

  it('is ended by its operator, or by another who names the owner, and by no flow', async () => {
    await run.asset(lamp);
    const bobs = claimBy('bob', { point, value: 0.5 });
    const release = { do: 'release' as const, point, key: '', reason: 'over' };
    await run.put(bobs);
    await run.put({ ...bobs, actor: { ...bobs.actor, id: 'ann' }, request: release });
    const flow = { kind: 'flow' as const, id: 'lighting', roles: {} };
    await run.put({ ...bobs, actor: flow, request: { ...release, owner: 'bob' } });
    expect(commandsIn(run.outputs)).toHaveLength(1);
    await run.put({ ...bobs, actor: { ...bobs.actor, id: 'ann' }, request: { ...release, owner: 'bob' } });
    const [told, released, ...more] = commandsIn(run.outputs);
    expect([told?.want, released?.want, more]).toMatchObject([{ value: 0.5 }, { release: true }, []]);
  });
});

describe('a momentary action', () => {
  it('is asked for once, though the device ends it by itself while the wish stands', async () => {
    await run.asset(bin);
    await run.rule(compact);
    await run.reading(BIN, 'fillingLevel', 0.9);
    const [command] = commandsIn(run.outputs);
    await run.sent(command!);
    await run.report(BIN, {
      points: { compaction: { value: 'compacting', cause: 'command', commandId: command!.commandId } },
    });
    await run.pass(8);
    await run.report(BIN, { points: { compaction: { value: 'idle', cause: 'programme' } } });
    await run.pass(100);
    expect(commandsIn(run.outputs)).toHaveLength(1);
  });

  it('is asked for again when the conditions begin anew', async () => {
    await run.asset(bin);
    await run.rule(compact);
    for (const round of [1, 2]) {
      await run.reading(BIN, 'fillingLevel', 0.9);
      const command = commandsIn(run.outputs).at(-1);
      expect(command?.sequence).toBe(round);
      await run.sent(command!);
      await run.report(BIN, {
        points: { compaction: { value: 'compacting', cause: 'command', commandId: command!.commandId } },
      });
      await run.pass(8);
      await run.report(BIN, { points: { compaction: { value: 'idle', cause: 'programme' } } });
      await run.reading(BIN, 'fillingLevel', 0.3);
      await run.pass(8);
    }
  });
});

describe('a hand at the cabinet', () => {
  it('holds the point for half an hour: nothing below it is sent', async () => {
    await aCityWithJ4();
    await run.report(J4, { points: { timePlan: { value: 7, cause: 'local' } } });
    expect(await queueAtJ4(1_700)).toEqual([]);
    const [command] = await queueAtJ4(120);
    expect(command).toMatchObject({ want: { value: 3 } });
  });

  it('lets go when the device says so', async () => {
    await aCityWithJ4();
    await run.report(J4, { points: { timePlan: { value: 7, cause: 'local' } } });
    await queueAtJ4(10);
    await run.report(J4, { points: { timePlan: { value: 1, cause: 'programme' } } });
    expect(commandsIn(run.outputs)[0]).toMatchObject({ want: { value: 3 } });
  });
});

describe('documents', () => {
  it('cover an asset that is added later at once', async () => {
    await run.rule(compact);
    await run.asset(bin);
    await run.reading(BIN, 'fillingLevel', 0.9);
    expect(commandsIn(run.outputs)).toHaveLength(1);
  });

  it('end the claims of a rule that is removed', async () => {
    await run.asset(bin);
    await run.rule({
      ...compact,
      conditions: { all: [{ fact: 'fillingLevel', operator: 'greaterThan', value: 0.5 }] },
    });
    await run.reading(BIN, 'fillingLevel', 0.9);
    const outputs = await run.put({
      kind: 'document',
      document: { of: 'rule', id: 'waste/compact', version: 2, body: null },
    });
    expect(decisionsIn(outputs)).toMatchObject([{ kind: 'ended', rule: 'waste/compact' }]);
    expect(endsIn(outputs)).toMatchObject({ [`${BIN}#compaction:1`]: 'superseded' });
  });

  it('older than the one in force change nothing', async () => {
    await run.asset(bin, 5);
    await run.asset({ ...bin, title: 'Old' }, 4);
    expect(run.fold.versions().get(`asset ${BIN}`)).toBe(5);
  });
});

describe('readings', () => {
  it('count once when the same one comes five times', async () => {
    await run.asset(bin);
    for (let times = 0; times < 5; times += 1) await run.reading(BIN, 'fillingLevel', 0.5, { id: 'same' });
    expect(run.fold.counts).toMatchObject({ taken: 1, repeated: 4 });
  });

  it('of an asset that does not exist are counted and change nothing', async () => {
    await run.reading('urn:ngsi-ld:WasteContainer:nowhere', 'fillingLevel', 0.5);
    expect(run.fold.counts).toMatchObject({ taken: 0, unknownAsset: 1 });
  });
});

describe('an examination', () => {
  it('shows an instance as it stands and moves nothing', async () => {
    await aCityWithJ4();
    await run.reading(LOOP, 'occupancy', 0.6);
    run.fold.drain();
    const found = await run.fold.examine(`traffic/queue-relief|${J4}|${EAST}`);
    expect(found).toMatchObject({
      activation: { phase: 'pending', since: START },
      conditions: { outcome: true },
      clear: { outcome: false },
      judged: true,
    });
    expect(run.fold.drain().tables).toEqual([]);
    expect(await run.fold.examine('traffic/queue-relief|nobody|')).toBeUndefined();
  });
});
