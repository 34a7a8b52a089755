import { beforeEach, describe, expect, it } from 'vitest';

import { FoldRun } from '../../test/fold-run.ts';
import { alarmState } from '../model/alarm.ts';
import { toIso } from '../model/clock.ts';
import type { Message } from '../model/one-shot.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const CABINET = 'urn:ngsi-ld:StreetlightControlCabinet:quay';
const lamp = (n: number, more: object = {}) => ({
  id: `urn:ngsi-ld:Streetlight:quay-${n}`,
  type: 'Streetlight',
  title: `Quay ${n}`,
  department: 'lighting',
  parent: CABINET,
  reports: { activePower: { every: '1 min' } },
  ...more,
});
const desk = { name: 'Desk', mail: 'desk@city.example' };
const head = { name: 'Head', mail: 'head@city.example' };
const duty = {
  id: 'lighting/duty',
  title: 'Duty',
  levels: [{ contacts: [desk] }, { after: '15 min', contacts: [head] }],
  repeatEvery: '1 h',
};

let run: FoldRun;
let cells: Map<string, string>;
beforeEach(async () => {
  cells = new Map();
  run = new FoldRun();
  await run.asset({ ...lamp(0), id: CABINET, type: 'StreetlightControlCabinet', title: 'Quay', parent: undefined });
  await run.duty(duty);
});

const messagesIn = (outputs: readonly Output[]): Message[] =>
  outputs.flatMap((output) => (output.kind === 'message' ? [output.message] : []));
const told = (outputs: readonly Output[]): (string | undefined)[] => messagesIn(outputs).map(({ via }) => via?.name);
const openAlarms = (): string[] => [
  ...new Set(run.outputs.flatMap((output) => (output.kind === 'alarm' ? [output.alarm.alarmId] : []))),
];
const acknowledge = (alarms: string[]) =>
  run.put({
    kind: 'request',
    id: 'r',
    actor: { kind: 'person', id: 'ann', roles: { lighting: ['operator'] } },
    department: 'lighting',
    request: { do: 'acknowledge-alarms', alarms },
  });
const minutes = (n: number) => run.pass(n * 60);

/** These lamps are heard once and then never again; three minutes later that is noticed. */
async function fallSilent(...lamps: ReturnType<typeof lamp>[]): Promise<void> {
  for (const one of lamps) await run.asset(one);
  for (const { id } of lamps) await run.reading(id, 'activePower', 40);
  await minutes(3);
}

function restart(): void {
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

describe('a storm', () => {
  it('of 1,000 lamps on one cabinet is one message, which says so in one line', async () => {
    const lamps = Array.from({ length: 1_000 }, (_, n) => lamp(n + 1));
    await fallSilent(...lamps);
    const outputs = await minutes(1);
    expect(told(outputs)).toEqual(['Desk']);
    const [message] = messagesIn(outputs);
    expect(message).toMatchObject({
      title: 'MEDIUM asset-silent: 1000 times at Quay (1000 alarms)',
      department: 'lighting',
      via: desk,
    });
    expect(message?.alarms).toHaveLength(50);
    expect('notify' in message!.what && message!.what.notify.text.split('\n')).toHaveLength(2);
  });

  it('that goes on is told of again only after a while, unless it gets worse', async () => {
    await run.duty({ ...duty, levels: [{ contacts: [desk] }] }, 2);
    await fallSilent(lamp(1));
    expect(told(await minutes(1))).toEqual(['Desk']);
    await fallSilent(lamp(2));
    expect(told(await minutes(5))).toEqual([]);
    expect(told(await minutes(5))).toEqual(['Desk']);
    await run.asset(lamp(3, { points: { level: {} }, binding: { adapter: 'mqtt', device: 'gw' } }));
    await run.put({
      kind: 'status',
      department: 'lighting',
      device: 'gw',
      status: { state: 'offline', at: toIso(run.now) },
    });
    expect(told(await minutes(2))).toEqual(['Desk']);
  });

  it('in several streets is one message with a line for each', async () => {
    await run.asset(lamp(9, { parent: undefined, title: 'Lone lamp' }));
    await run.reading(lamp(9).id, 'activePower', 40);
    await fallSilent(lamp(1), lamp(2));
    const [message] = messagesIn(await minutes(1));
    expect(message?.title).toContain('(3 alarms)');
    expect('notify' in message!.what && message!.what.notify.text).toMatch(/2 times at Quay[^]*Lone lamp/);
  });
});

describe('an alarm', () => {
  it('is told at once to the first level, then to the next, then again to all, until somebody acknowledges it', async () => {
    await fallSilent(lamp(1));
    expect(told(await minutes(1))).toEqual(['Desk']);
    expect(told(await minutes(14))).toEqual([]);
    expect(told(await minutes(1))).toEqual(['Head']);
    expect(told(await minutes(59))).toEqual([]);
    expect(told(await minutes(1))).toEqual(['Desk', 'Head']);
    await acknowledge(openAlarms());
    expect(told(await minutes(600))).toEqual([]);
  });

  it('says itself who was told of it, when, and in which message', async () => {
    await fallSilent(lamp(1));
    await minutes(16);
    const alarm = run.outputs.flatMap((output) => (output.kind === 'alarm' ? [output.alarm] : [])).at(-1);
    const sent = messagesIn(run.outputs);
    expect(alarm?.steps.filter(({ what }) => what === 'told')).toEqual([
      { what: 'told', at: sent[0]?.at, to: 'Desk', message: sent[0]?.messageId },
      { what: 'told', at: (sent[0]?.at ?? 0) + 15 * 60_000, to: 'Head', message: sent[1]?.messageId },
    ]);
  });

  it('is not told when it was over before anybody could have been told', async () => {
    await fallSilent(lamp(1));
    await run.reading(lamp(1).id, 'activePower', 41);
    expect(told(await minutes(2))).toEqual([]);
  });

  it('goes on being told after a restart, and nothing is told twice', async () => {
    await fallSilent(lamp(1));
    restart();
    expect(told(await minutes(1))).toEqual(['Desk']);
    restart();
    expect(told(await minutes(14))).toEqual([]);
    expect(told(await minutes(1))).toEqual(['Head']);
    const ids = messagesIn(run.outputs).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is told anew when it comes back from the shelf', async () => {
    await fallSilent(lamp(1));
    await minutes(1);
    await run.put({
      kind: 'request',
      id: 'r',
      actor: { kind: 'person', id: 'ann', roles: { lighting: ['operator'] } },
      department: 'lighting',
      request: { do: 'shelve-alarm', alarm: openAlarms()[0]!, seconds: 3_600, reason: 'works' },
    });
    expect(told(await minutes(59))).toEqual([]);
    expect(told(await minutes(3))).toEqual(['Desk']);
  });

  it('is told to the department’s own lists alone, and only if it is bad enough for them', async () => {
    await run.duty({ ...duty, id: 'waste/duty', levels: [{ contacts: [{ ...desk, name: 'Waste' }] }] });
    await run.duty({ ...duty, id: 'lighting/boss', from: 'high', levels: [{ contacts: [{ ...desk, name: 'Boss' }] }] });
    await run.duty({ ...duty, id: 'lighting/rules', kinds: ['rule-parked'], levels: [{ contacts: [head] }] });
    await fallSilent(lamp(1));
    expect(told(await minutes(2))).toEqual(['Desk']);
  });

  it('that is open is told to a list that is new, and no more to one that was removed', async () => {
    await fallSilent(lamp(1));
    await minutes(1);
    await run.duty({ ...duty, id: 'lighting/night', levels: [{ contacts: [{ ...desk, name: 'Night' }] }] });
    await run.put({ kind: 'document', document: { of: 'duty', id: duty.id, version: 2, body: null } });
    expect(told(await minutes(1))).toEqual(['Night']);
    expect(told(await minutes(20))).toEqual([]);
  });

  it('that is a consequence of another is told only once that one is over', async () => {
    const bound = { binding: { adapter: 'mqtt', device: 'gw' } };
    const status = (state: 'online' | 'offline') =>
      run.put({ kind: 'status', department: 'lighting', device: 'gw', status: { state, at: toIso(run.now) } });
    await run.asset(lamp(1, bound));
    await status('offline');
    await fallSilent(lamp(1, bound));
    await minutes(1);
    expect(messagesIn(run.outputs).map(({ title }) => title)).toEqual(['MEDIUM device-offline: lighting/gw']);
    await status('online');
    const outputs = await minutes(15);
    expect(messagesIn(outputs).map(({ title }) => title)).toContain('MEDIUM asset-silent: Quay 1');
  });
});

const at = (from: string, to: string) => ({ when: { between: [from, to] } });

describe('a gateway that dies', () => {
  it('with 800 bins behind it is one alarm and one message, and they speak for themselves once it is back', async () => {
    const bins = Array.from({ length: 800 }, (_, n) => ({
      ...lamp(n + 1, { binding: { adapter: 'mqtt', device: `bin-${n}` } }),
      id: `urn:ngsi-ld:WasteContainer:bin-${n}`,
      type: 'WasteContainer',
      reports: { fillingLevel: { every: '1 min' } },
    }));
    const gateway = { ...lamp(0), id: CABINET, type: 'StreetlightControlCabinet', title: 'Quay', parent: undefined };
    await run.asset({ ...gateway, binding: { adapter: 'mqtt', device: 'gw' } }, 2);
    for (const bin of bins) await run.asset(bin);
    for (const { id } of bins) await run.reading(id, 'fillingLevel', 0.4);
    const status = (state: 'online' | 'offline') =>
      run.put({ kind: 'status', department: 'lighting', device: 'gw', status: { state, at: toIso(run.now) } });
    await status('offline');
    await minutes(10);
    expect(messagesIn(run.outputs).map(({ title }) => title)).toEqual(['MEDIUM device-offline: lighting/gw']);
    const newest = new Map(
      run.outputs.flatMap((one) => (one.kind === 'alarm' ? [[one.alarm.alarmId, one.alarm]] : [])),
    );
    const states = [...newest.values()].map(alarmState);
    expect(states.filter((state) => state === 'suppressed')).toHaveLength(800);
    expect(states.filter((state) => state === 'unacknowledged')).toHaveLength(1);
    for (const { id } of bins.slice(0, 790)) await run.reading(id, 'fillingLevel', 0.5);
    await status('online');
    const outputs = await minutes(15);
    expect(messagesIn(outputs).map(({ title }) => title)).toContain(
      'MEDIUM asset-silent: 10 times at Quay (10 alarms)',
    );
  });
});

describe('hours', () => {
  it('decide who is told; where nobody of a level is on duty, the next one is, and at last everybody', async () => {
    const [day, night] = [
      { ...desk, name: 'Day', ...at('06:00', '09:00') },
      { ...desk, name: 'Night', ...at('09:00', '06:00') },
    ];
    await run.duty({ ...duty, levels: [{ contacts: [day, night] }] }, 2);
    await fallSilent(lamp(1));
    expect(told(await minutes(1))).toEqual(['Night']);
    await run.duty({ ...duty, levels: [{ contacts: [day] }, { after: '5 min', contacts: [head] }] }, 3);
    await fallSilent(lamp(2));
    expect(told(await minutes(11))).toContain('Head');
    await run.duty({ ...duty, id: 'lighting/off', levels: [{ contacts: [day] }] });
    expect(told(await minutes(1))).toContain('Day');
  });
});

const rule = (to: string) => ({
  id: `lighting/tell-${to.replaceAll(/[^a-z]/g, '')}`,
  title: 'Tell',
  scope: { type: 'Streetlight' },
  conditions: { fact: 'activePower', operator: 'greaterThan', value: 30 },
  actions: [{ notify: { to, text: 'Too much' } }],
});

describe('a rule’s notification', () => {
  it('goes to everybody of the duty list who is on duty now, each in a message of their own', async () => {
    await run.duty(
      {
        ...duty,
        levels: [
          { contacts: [desk, { ...head, when: { between: ['00:00', '01:00'] } }] },
          { after: '5 min', contacts: [head] },
        ],
      },
      2,
    );
    await run.duty({ ...duty, id: 'waste/duty' });
    await run.asset(lamp(1));
    for (const to of ['duty', 'lighting/duty', 'waste/duty', 'nobody', 'ann@city.example']) await run.rule(rule(to));
    const messages = messagesIn(await run.reading(lamp(1).id, 'activePower', 40));
    expect(messages.map(({ what, via }) => ['notify' in what && what.notify.to, via?.name])).toEqual([
      ['ann@city.example', undefined],
      ['duty', 'Desk'],
      ['lighting/duty', 'Desk'],
      ['nobody', undefined],
      ['waste/duty', undefined],
    ]);
  });
});
