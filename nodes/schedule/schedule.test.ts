import { expect, it } from 'vitest';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import { eventually } from '../../test/eventually.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import schedule, { configSchema, passes } from './schedule.ts';

useNodeRed();

const runOf = (more: Partial<ScheduleRun> = {}): ScheduleRun => ({
  runId: 'waste/sweep@2026-11-26T04:00:00.000Z',
  schedule: 'waste/sweep',
  version: 1,
  department: 'waste',
  title: 'Sweep',
  name: 'sweep',
  due: Date.parse('2026-11-26T04:00:00Z'),
  notes: [],
  late: false,
  ...more,
});

it('sends one message for each event, once, and tells the core that it has it', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(schedule, { type: 'schedule' }, link);
  server.tell({ type: 'run', run: runOf() });
  server.tell({ type: 'run', run: runOf() });
  server.tell({ type: 'run', run: runOf({ runId: 'waste/sweep@2026-11-27T04:00:00.000Z', late: true }) });
  await eventually(() => expect(server.taken).toHaveLength(3));
  expect(node.outputs[0]).toMatchObject([
    { topic: 'sweep', payload: runOf() },
    { topic: 'sweep', payload: { late: true } },
  ]);
  await eventually(() =>
    expect(node.statuses.at(-1)).toEqual({ fill: 'yellow', shape: 'dot', text: 'schedule.status.late' }),
  );
});

it('hears nothing any more when it is deleted, and the event waits for another node', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(schedule, { type: 'schedule' }, link);
  await node.remove();
  server.tell({ type: 'run', run: runOf() });
  const heard = new Promise<void>((resolve) => link.onCommand(() => resolve()));
  server.tell({ type: 'command', commandId: 'c', point: 'urn:ngsi-ld:Streetlight:a#level', state: 'sent', at: 1 });
  await heard;
  expect(node.outputs[0]).toEqual([]);
  expect(server.taken).toEqual([]);
});

it.each([
  [{}, true],
  [{ schedule: 'waste/sweep' }, true],
  [{ schedule: 'waste/other' }, false],
  [{ event: 'sweep' }, true],
  [{ event: 'other' }, false],
])('the form %j lets the event through: %s', (form, isThrough) => {
  expect(passes(configSchema.parse(form), runOf())).toBe(isThrough);
});
