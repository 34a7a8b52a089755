import { beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-17';
const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp 17',
  department: 'lighting',
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'river-cabinet' },
};
/** On because it is dark, off because it is on. */
const restless = {
  id: 'lighting/restless',
  title: 'Restless',
  scope: { type: 'Streetlight' },
  conditions: { fact: 'activePower', operator: 'lessThan', value: 10 },
  actions: [{ point: 'level', set: 1 }],
};

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset(lamp);
  await run.rule(restless);
});

/** The lamp does as it is told, and says so: its power follows its level. */
async function obey(times: number, pauseSeconds: number): Promise<void> {
  let outputs: Output[] = await run.report(LAMP, { readings: { activePower: 0 } });
  for (let time = 0; time < times; time += 1) {
    const command = commandsIn(outputs).at(-1);
    if (!command) return;
    await run.sent(command);
    outputs = await run.pass(pauseSeconds);
    const isOn = 'value' in command.want;
    const level = { value: isOn ? 1 : 0, cause: isOn ? 'command' : 'programme', commandId: command.commandId };
    outputs = [
      ...outputs,
      ...(await run.report(LAMP, { points: { level }, readings: { activePower: isOn ? 60 : 0 } })),
    ];
  }
}

const starts = () => decisionsIn(run.outputs).filter(({ kind }) => kind === 'started').length;

it('a rule that starts again and again through its own effect is parked, and the alarm shows the loop', async () => {
  await obey(40, 1);
  // The first was none of its own doing.
  expect(starts()).toBe(6);
  const halts = run.outputs.flatMap((output) =>
    output.kind === 'live' && output.event.event === 'halt' ? [output.event.data] : [],
  );
  expect(halts).toMatchObject([
    { rule: restless.id, parked: { why: expect.stringContaining('through its own effect') } },
  ]);
  expect(halts[0]?.parked?.why).toContain(`${restless.id} → ${LAMP}#level → ${restless.id}`);
});

it('one that does so slowly is not', async () => {
  await obey(40, 10);
  expect(starts()).toBe(21);
});

it('two rules that move each other are found by the one that comes round first', async () => {
  const other = { ...lamp, id: 'urn:ngsi-ld:Streetlight:river-18' };
  await run.asset({ ...lamp, relations: { other: [other.id] } }, 2);
  await run.asset({ ...other, relations: { other: [LAMP] } });
  await run.rule(
    { ...restless, scope: { type: 'Streetlight', ids: [LAMP] }, actions: [{ ...restless.actions[0], of: 'other' }] },
    2,
  );
  await run.rule({
    ...restless,
    id: 'lighting/follows',
    scope: { type: 'Streetlight', ids: [other.id] },
    conditions: { fact: 'activePower', operator: 'greaterThan', value: 10 },
    actions: [{ ...restless.actions[0], of: 'other' }],
  });
  let outputs: Output[] = await run.report(LAMP, { readings: { activePower: 0 } });
  for (let time = 0; time < 60; time += 1) {
    const [command] = commandsIn(outputs);
    if (!command) break;
    await run.sent(command);
    outputs = await run.pass(0.5);
    const isOn = 'value' in command.want;
    const level = { value: isOn ? 1 : 0, cause: isOn ? 'command' : 'programme', commandId: command.commandId };
    const asset = command.point.slice(0, command.point.indexOf('#'));
    const report = await run.report(asset, { points: { level }, readings: { activePower: isOn ? 60 : 0 } });
    outputs = [...outputs, ...report];
  }
  const halts = run.outputs.flatMap((output) =>
    output.kind === 'live' && output.event.event === 'halt' ? [output.event.data] : [],
  );
  expect(halts[0]?.parked?.why).toContain('lighting/follows');
  expect(halts[0]?.parked?.why).toContain('lighting/restless');
});

const halts = () =>
  run.outputs.flatMap((output) => (output.kind === 'live' && output.event.event === 'halt' ? [output.event.data] : []));
function restart(): void {
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

const whileOther = (id: string, other: string, value: string) => ({
  ...restless,
  id,
  conditions: { fact: 'activation', params: { name: other }, operator: 'equal', value },
  actions: [{ notify: { to: 'duty', text: id } }],
});
const [FIRST, SECOND] = ['lighting/first', 'lighting/second'];

describe('rules that read each other’s activation and never come to rest', () => {
  it('are found where they turn one after the other', async () => {
    await run.rule({ ...whileOther(FIRST, SECOND, 'none'), for: '1 s' });
    await run.rule({ ...whileOther(SECOND, FIRST, 'active'), for: '1 s' });
    await run.pass(60);
    expect(halts()).toMatchObject([{ parked: { why: expect.stringContaining(FIRST) } }]);
    expect(halts()[0]?.parked?.why).toContain(SECOND);
    const turned = starts();
    await run.pass(60);
    expect(starts()).toBe(turned);
  });

  it('are found where they turn within one entry, also after a restart', async () => {
    await run.rule(whileOther(FIRST, SECOND, 'none'));
    await run.rule(whileOther(SECOND, FIRST, 'active'));
    restart();
    for (let time = 0; time < 3; time += 1) {
      await run.pass(1);
      await run.report(LAMP, { readings: { activePower: 20 + time } });
      await run.asset(lamp, 2 + time);
    }
    expect(halts()).toMatchObject([{ parked: { why: expect.stringContaining('through its own effect') } }]);
  });

  it('and one that reads its own', async () => {
    await run.rule({ ...whileOther(FIRST, FIRST, 'none') });
    for (let version = 2; version < 5; version += 1) await run.asset(lamp, version);
    expect(halts()).toMatchObject([{ rule: FIRST, parked: { why: expect.stringContaining(`${FIRST} → ${FIRST}`) } }]);
  });
});

it('a rule that follows another one, however often that starts, is left alone', async () => {
  await run.rule({ ...restless, id: FIRST, actions: [{ notify: { to: 'duty', text: 'low' } }] });
  await run.rule(whileOther(SECOND, FIRST, 'active'));
  for (let time = 0; time < 20; time += 1) {
    await run.report(LAMP, { readings: { activePower: time % 2 === 0 ? 0 : 60 } });
    await run.pass(1);
  }
  expect(decisionsIn(run.outputs).filter(({ kind, rule }) => kind === 'started' && rule === SECOND)).toHaveLength(10);
  expect(halts()).toEqual([]);
});
