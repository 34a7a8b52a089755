// Wear budgets as the fold keeps them: what waits, what overtakes, and what the wire's own word changes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, FoldRun, START } from '../../test/fold-run.ts';
import type { Command, CommandRecord } from '../model/command.ts';
import type { PointView } from '../model/live.ts';
import type { Value } from '../model/value.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:pier-3';
const KEY = `${LAMP}#level`;

const lamp = (wear: object) => ({
  id: LAMP,
  type: 'Streetlight',
  title: 'Pier 3',
  department: 'lighting',
  points: { level: { wear } },
  binding: { adapter: 'mqtt', device: 'pier' },
});

let run: FoldRun;
beforeEach(() => {
  run = new FoldRun();
});
afterEach(() => expect(run.failures).toEqual([]));

const want = (value: Value) =>
  run.put({
    kind: 'request',
    id: 'req',
    actor: { kind: 'person', id: 'ann', roles: {} },
    department: 'lighting',
    request: {
      do: 'claim',
      point: KEY,
      effect: 'set',
      value,
      slot: 8,
      rampSeconds: 0,
      leaseSeconds: 86_400,
      key: '',
      reason: 'a test',
    },
  });
const view = (): PointView | undefined =>
  run.outputs
    .flatMap((output) => (output.kind === 'live' && output.event.event === 'point' ? [output.event.data] : []))
    .findLast(({ point }) => point === KEY);
const told = (): Value[] =>
  commandsIn(run.outputs).map((command) => ('value' in command.want ? command.want.value : 'release'));
const newest = (): Command => commandsIn(run.outputs).at(-1)!;
const record = (): CommandRecord =>
  run.outputs
    .flatMap((output) => (output.kind === 'command-record' ? [output.record] : []))
    .findLast(({ command }) => command.commandId === newest().commandId)!;

/** Wants it, and the device does it where it was told. */
async function change(value: Value): Promise<void> {
  const before = told().length;
  await want(value);
  if (told().length > before) await obey();
}
async function obey(): Promise<void> {
  const { want: asked, commandId } = newest();
  await run.sent(newest());
  const value = 'value' in asked ? asked.value : 0;
  await run.report(LAMP, {
    points: { level: { value, cause: 'command', commandId } },
    readings: { activePower: 1 },
  });
}

describe('time between changes', () => {
  beforeEach(() => run.asset(lamp({ between: '60 s' })));

  it('lets the newest wanted value wait, says since when, until when and why, and sends it then', async () => {
    await change(0.3);
    await run.pass(10);
    await want(0.4);
    await run.pass(5);
    await want(0.5);
    expect(told()).toEqual([0.3]);
    expect(view()?.waits).toEqual({
      since: START + 15_000,
      until: START + 60_000,
      why: 'wear budget: 60 s between changes',
    });
    await run.pass(46);
    expect(told()).toEqual([0.3, 0.5]);
    expect(view()?.waits).toBeUndefined();
    expect(record().steps[0]).toMatchObject({
      state: 'queued',
      detail: expect.stringMatching(/^waited 4[56] s: wear budget/),
    });
  });

  it('never holds up the safe value, and lets nothing out after it any sooner', async () => {
    await change(0.3);
    await run.pass(10);
    await change(1);
    expect(told()).toEqual([0.3, 1]);
    await want(0.5);
    expect(view()?.waits?.until).toBe(START + 70_000);
    await run.pass(61);
    expect(told()).toEqual([0.3, 1, 0.5]);
  });

  it('counts from when the device was told, not from when that was decided', async () => {
    await want(0.3);
    await run.pass(8);
    await obey();
    await want(0.5);
    expect(view()?.waits?.until).toBe(START + 68_000);
  });

  it('does not count what never left the box', async () => {
    await want(0.3);
    await run.put({ kind: 'progress', commandId: newest().commandId, state: 'refused', detail: 'the door is open' });
    await want(0.5);
    expect(told()).toEqual([0.3, 0.5]);
  });

  it('does not forget what waits when the device does as it likes meanwhile', async () => {
    await change(0.3);
    await want(0.5);
    await run.report(LAMP, { points: { level: { value: 0.2, cause: 'programme' } } });
    await run.pass(61);
    expect(told().at(-1)).toBe(0.5);
  });
});

it.each([
  [{ perHour: 2 }, 'wear budget: 2 changes per hour', 3_600],
  [{ perDay: 2 }, 'wear budget: 2 changes per day', 86_400],
])('%j: the third change waits until the first has left the span', async (wear, why, span) => {
  await run.asset(lamp(wear));
  await change(0.2);
  await run.pass(60);
  await change(0.3);
  await run.pass(60);
  await want(0.4);
  expect(view()?.waits).toMatchObject({ why, until: START + span * 1_000 });
  await run.pass(span - 130);
  expect(told()).toEqual([0.2, 0.3]);
  await want(0.5);
  await run.pass(11);
  expect(told()).toEqual([0.2, 0.3, 0.5]);
});

describe('the wire’s own budget', () => {
  const UNTIL = START + 40_000;
  const refuse = () =>
    run.put({
      kind: 'progress',
      commandId: newest().commandId,
      state: 'refused',
      detail: 'wear budget: 60 s between changes',
      until: UNTIL,
    });
  beforeEach(() => run.asset(lamp({ between: '60 s' })));

  it('makes the newest wanted value wait until then, and the command’s steps say so', async () => {
    await want(0.3);
    await refuse();
    expect(record().steps.at(-1)).toMatchObject({ state: 'refused', until: UNTIL });
    expect(view()?.waits).toEqual({ since: START, until: UNTIL, why: 'wear budget: 60 s between changes' });
    await want(0.6);
    await run.pass(39);
    expect(told()).toEqual([0.3]);
    await run.pass(2);
    expect(told()).toEqual([0.3, 0.6]);
  });

  it('holds up no stop', async () => {
    await want(0.3);
    await refuse();
    await want(1);
    expect(told()).toEqual([0.3, 1]);
  });
});
