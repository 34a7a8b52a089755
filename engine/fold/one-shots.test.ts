import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Message, Order } from '../model/one-shot.ts';
import { ruleSchema } from '../model/rule.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const OTHER = 'urn:ngsi-ld:WasteContainer:pier-4';
const bin = (id: string, department = 'waste') => ({ id, type: 'WasteContainer', title: id, department });
const collect = {
  id: 'waste/collect',
  title: 'Collect',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
  actions: [{ order: 'collection' }],
};
const tell = {
  ...collect,
  id: 'waste/tell',
  actions: [
    { notify: { to: 'duty', text: 'Full' } },
    { webhook: { url: 'https://crews.example/hook', body: { crew: 'north' } } },
  ],
};

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset(bin(BIN));
  await run.asset(bin(OTHER));
});
afterEach(() => expect(run.failures).toEqual([]));

const ordersIn = (outputs: readonly Output[]): Order[] =>
  outputs.flatMap((output) => (output.kind === 'order' ? [output.order] : []));
const messagesIn = (outputs: readonly Output[]): Message[] =>
  outputs.flatMap((output) => (output.kind === 'message' ? [output.message] : []));

/** Full, and empty again: one activation. */
async function round(asset = BIN): Promise<Output[]> {
  const outputs = [...(await run.reading(asset, 'fillingLevel', 0.9))];
  await run.pass(1);
  return [...outputs, ...(await run.reading(asset, 'fillingLevel', 0.1))];
}

function restart(): void {
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

const close = (orderId: string, roles: Record<string, ('operator' | 'viewer')[]>) =>
  run.put({
    kind: 'request',
    id: 'r',
    actor: { kind: 'person', id: 'ann', roles },
    department: 'waste',
    request: { do: 'close-order', orderId, reason: 'done by hand' },
  });

describe('an order', () => {
  it('is opened once however many rules ask for it, and is known after a restart', async () => {
    await run.rule(collect);
    await run.rule({ ...collect, id: 'waste/collect-too' });
    expect(ordersIn(await round())).toHaveLength(1);
    restart();
    expect(ordersIn(await round())).toEqual([]);
    expect(ordersIn(await round(OTHER))).toHaveLength(1);
  });

  it('is closed by a person who may, and not by one who may not', async () => {
    await run.rule(collect);
    const [order] = ordersIn(await round());
    expect(ordersIn(await close(order!.orderId, { waste: ['viewer'], traffic: ['operator'] }))).toEqual([]);
    expect(ordersIn(await close(order!.orderId, { waste: ['operator'] }))).toMatchObject([
      { state: 'closed', closedBy: 'person:ann', reason: 'done by hand' },
    ]);
    expect(ordersIn(await close(order!.orderId, { waste: ['operator'] }))).toEqual([]);
    expect(ordersIn(await round())).toHaveLength(1);
  });

  it('ends with its asset, and outlives its rule', async () => {
    await run.rule(collect);
    await round();
    await run.put({ kind: 'document', document: { of: 'rule', id: collect.id, version: 2, body: null } });
    const gone = await run.put({ kind: 'document', document: { of: 'asset', id: BIN, version: 2, body: null } });
    expect(ordersIn(gone)).toMatchObject([{ state: 'closed', closedBy: 'system', reason: 'the asset was removed' }]);
  });

  it('is not opened for another department’s asset', async () => {
    await run.asset(bin('urn:ngsi-ld:WasteContainer:park', 'parks'));
    await run.rule(collect);
    const outputs = await run.reading('urn:ngsi-ld:WasteContainer:park', 'fillingLevel', 0.9);
    expect(ordersIn(outputs)).toEqual([]);
    expect(decisionsIn(outputs)[0]?.refusals).toEqual([expect.stringContaining('only in its own department')]);
  });
});

describe('notifications and webhooks', () => {
  it('go out once at the start of each activation, under ids of their own', async () => {
    await run.rule(tell);
    const first = messagesIn(await round());
    await run.pass(60);
    const second = messagesIn(await round());
    expect(first.map(({ what }) => what)).toEqual(tell.actions);
    expect(new Set([...first, ...second].map(({ messageId }) => messageId)).size).toBe(4);
    expect(decisionsIn(run.outputs)[0]?.messages).toEqual(first.map(({ messageId }) => messageId));
  });

  it('wait for the end of the cooldown, for each asset by itself', async () => {
    await run.rule({ ...tell, cooldown: '10 min' });
    expect(messagesIn(await round())).toHaveLength(2);
    await run.pass(300);
    restart();
    expect(messagesIn(await round())).toEqual([]);
    expect(decisionsIn(run.outputs).at(-2)?.refusals).toEqual(['cooling down until 2026-11-22T10:10:00.000Z']);
    expect(messagesIn(await round(OTHER))).toHaveLength(2);
    await run.pass(300);
    expect(messagesIn(await round())).toHaveLength(2);
  });

  it('stop at so many rounds per hour, over all assets', async () => {
    await run.rule({ ...tell, maxPerHour: 2 });
    expect(messagesIn([...(await round()), ...(await round(OTHER))])).toHaveLength(4);
    restart();
    expect(messagesIn(await round())).toEqual([]);
    await run.pass(3_600);
    expect(messagesIn(await round())).toHaveLength(2);
  });
});

it.each([
  ['a cooldown without one-shot actions', { cooldown: '1 min', actions: [{ point: 'compaction', set: 'idle' }] }],
  ['a webhook without http', { actions: [{ webhook: { url: 'ftp://crews.example' } }] }],
  ['an order that is due at no time', { actions: [{ order: 'collection', dueBy: 'five' }] }],
])('refuses %s', (_what, change) => {
  expect(ruleSchema.safeParse({ ...collect, ...change }).success).toBe(false);
});
