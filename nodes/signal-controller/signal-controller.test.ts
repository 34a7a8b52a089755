import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import type { CommandState } from '../../engine/model/command.ts';
import { linkedCore, runNode, sharedText, useNodeRed } from '../../test/palette.ts';
import signalController from './signal-controller.ts';

useNodeRed();

const J4 = 'urn:ngsi-ld:TrafficController:J4';
const J5 = 'urn:ngsi-ld:TrafficController:J5';
const POINT = `${J4}#timePlan`;
const CONFIG = { type: 'signal-controller', assets: [J4], lease: '5 min', reason: '' };
const step = (state: CommandState, more: object = {}) =>
  ({
    type: 'command',
    commandId: `${POINT}:1`,
    point: POINT,
    state,
    at: Date.parse('2026-11-22T14:02:11Z'),
    value: 3,
    key: 'tested-node',
    owner: 'traffic',
    ...more,
  }) as const;

it('turns a message into a claim in the flows’ slot, with the form’s lease and its own key', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(node.completed).toBe(1));
  expect(server.requests).toEqual([
    {
      do: 'claim',
      point: POINT,
      effect: 'set',
      value: 3,
      slot: 13,
      rampSeconds: 0,
      leaseSeconds: 300,
      key: 'tested-node',
      reason: sharedText('reason'),
    },
  ]);
});

it('claims the point of every asset in its form', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, { ...CONFIG, assets: [J4, J5], reason: 'match day' }, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(server.claims.size).toBe(2));
  expect([...server.claims.values()].map(({ point, reason }) => [point, reason])).toEqual([
    [`${J4}#timePlan`, 'match day'],
    [`${J5}#timePlan`, 'match day'],
  ]);
});

it('sends one message for each step of its own commands, and nothing of others', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  server.tell(step('queued'));
  server.tell(step('sent', { key: 'another-node' }));
  server.tell(step('sent', { point: `${J5}#timePlan` }));
  server.tell(step('verified', { detail: 'the controller reports plan 3' }));
  await eventually(() => expect(node.outputs[0]).toHaveLength(2));
  expect(node.outputs[0]?.map(({ topic, payload }) => ({ topic, payload }))).toEqual([
    {
      topic: POINT,
      payload: {
        commandId: `${POINT}:1`,
        asset: J4,
        point: 'timePlan',
        value: 3,
        state: 'queued',
        at: '2026-11-22T14:02:11.000Z',
      },
    },
    {
      topic: POINT,
      payload: {
        commandId: `${POINT}:1`,
        asset: J4,
        point: 'timePlan',
        value: 3,
        state: 'verified',
        at: '2026-11-22T14:02:11.000Z',
        detail: 'the controller reports plan 3',
      },
    },
  ]);
});

it('shows what was reported last, and never green before it is verified', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(node.completed).toBe(1));
  for (const state of ['queued', 'sent', 'accepted'] as const) server.tell(step(state));
  await eventually(() => expect(node.outputs[0]).toHaveLength(3));
  expect(node.statuses.map(({ fill }) => fill)).not.toContain('green');
  server.tell(step('verified'));
  await eventually(() =>
    expect(node.statuses.at(-1)).toEqual({ fill: 'green', shape: 'dot', text: sharedText('status.command') }),
  );
});

it('gives its points back on request', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(server.claims.size).toBe(1));
  node.receive({ payload: { release: true } });
  await eventually(() => expect(server.claims.size).toBe(0));
});

it('releases what it holds when it is deleted', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, { ...CONFIG, assets: [J4, J5] }, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(server.claims.size).toBe(2));
  await node.remove();
  await eventually(() => expect(server.claims.size).toBe(0));
});

it('releases nothing when it holds nothing', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  await node.remove();
  expect(server.requests).toEqual([]);
});

it('raises an error that names what is wrong and what is allowed, and asks for nothing', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(signalController, CONFIG, link);
  node.receive({ payload: 'three' });
  await eventually(() =>
    expect(node.errors).toEqual(['InputError: found "three"; allowed is a whole number from 1 to 255']),
  );
  expect([server.requests, node.completed]).toEqual([[], 0]);
});

it('raises the core’s own reasons as an error when it refuses', async () => {
  const { link } = await linkedCore({ catalogue: { department: 'traffic', assets: [] } });
  const node = await runNode(signalController, CONFIG, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(node.errors).toEqual([`InputError: /point: found "${POINT}"; not ours`]));
});

it.each([
  [{ assets: [] }, '/assets: at least one asset is needed; found []'],
  [
    { assets: [J4], lease: '2 days' },
    '/lease: allowed is a duration such as "10 min", from 1 s to 1 day; found "2 days"',
  ],
])('refuses to work with the form %j and says why', async (wrong, reason) => {
  const { link } = await linkedCore();
  const node = await runNode(signalController, { ...CONFIG, ...wrong }, link);
  node.receive({ payload: 3 });
  await eventually(() => expect(node.errors).toEqual([`InputError: ${reason}`]));
});
