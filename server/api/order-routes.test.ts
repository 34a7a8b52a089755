import { expect, it } from 'vitest';

import type { Message, Order } from '../../engine/model/one-shot.ts';
import { startGateway } from '../../test/gateway-run.ts';

const order = (n: number, more: Partial<Order> = {}): Order => ({
  orderId: `waste/collect|urn:ngsi-ld:WasteContainer:b|v1|${n}|0`,
  kind: 'collection',
  asset: 'urn:ngsi-ld:WasteContainer:b',
  department: 'waste',
  rule: 'waste/collect',
  ruleVersion: 1,
  title: 'Collect',
  decisionId: `d${n}`,
  state: 'open',
  openedAt: n,
  ...more,
});
const nothing = { decisions: [], commands: [], readings: [] };
const closeOf = ({ orderId }: Order): string => `/api/orders/${encodeURIComponent(orderId)}/close`;

it('lists orders, the newest first, only the open ones if asked, only to those who may read them', async () => {
  const run = await startGateway();
  const closed = order(1, { state: 'closed', closedAt: 5 });
  await run.records.record({ ...nothing, orders: [closed, order(2), order(3)] });
  const ann = await run.cookieOf('ann', { waste: ['viewer'] });
  expect((await run.call(ann, 'GET', '/api/orders')).body).toEqual({ orders: [order(3), order(2), closed] });
  expect((await run.call(ann, 'GET', '/api/orders?state=open&limit=1')).body).toEqual({ orders: [order(3)], next: 3 });
  expect((await run.call(ann, 'GET', '/api/orders?state=late')).status).toBe(422);
  const bob = await run.cookieOf('bob', { traffic: ['operator'] });
  expect((await run.call(bob, 'GET', '/api/orders')).body).toEqual({ orders: [] });
});

it('closes an order by hand: into the book and the log, for an operator with a reason', async () => {
  const run = await startGateway();
  await run.records.record({ ...nothing, orders: [order(1)] });
  const ann = await run.cookieOf('ann', { waste: ['operator'] });
  const bob = await run.cookieOf('bob', { waste: ['viewer'] });
  const body = { reason: 'collected by hand' };
  expect((await run.call(bob, 'POST', closeOf(order(1)), { body })).status).toBe(403);
  expect((await run.call(ann, 'POST', closeOf(order(1)), { body: { reason: ' ' } })).status).toBe(422);
  expect((await run.call(ann, 'POST', closeOf(order(9)), { body })).status).toBe(404);
  expect(run.log.entries).toEqual([]);
  expect((await run.call(ann, 'POST', closeOf(order(1)), { body })).status).toBe(202);
  expect(await run.log.next('request')).toMatchObject({
    actor: { kind: 'person', id: 'ann' },
    department: 'waste',
    request: { do: 'close-order', orderId: order(1).orderId, ...body },
  });
  expect(run.audit.entries).toMatchObject([{ actor: 'person:ann', verb: 'close-order', subject: order(1).orderId }]);
});

it('lists what was said, to those who may read it', async () => {
  const run = await startGateway();
  const { asset, department, rule, ruleVersion, title, decisionId } = order(1);
  const what = { notify: { to: 'duty', text: 'Full' } };
  const message: Message = { messageId: 'm1', what, asset, department, rule, ruleVersion, title, decisionId, at: 1 };
  await run.records.record({ ...nothing, messages: [{ message, state: 'noted', at: 2 }] });
  const ann = await run.cookieOf('ann', { waste: ['viewer'] });
  expect((await run.call(ann, 'GET', '/api/messages')).body).toEqual({
    messages: [{ message, state: 'noted', at: 2 }],
  });
});
