import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';

import { eventually } from '../../test/eventually.ts';
import { systemClock } from '../model/clock.ts';
import type { Message, MessageRecord } from '../model/one-shot.ts';
import { BullmqMessageQueue } from './message-queue.ts';
import { createMessageSender } from './message-sender.ts';
import { ownKeys } from './test-support/commands.ts';

const logger = pino({ enabled: false });

const message = (messageId: string, what: Message['what']): Message => ({
  messageId,
  what,
  asset: 'urn:ngsi-ld:WasteContainer:b',
  department: 'waste',
  rule: 'waste/collect',
  ruleVersion: 1,
  title: 'Collect',
  decisionId: 'd1',
  at: Date.UTC(2026, 10, 22, 10),
});

/** Another system that answers with these statuses, one after another, the last one for ever. */
async function receiver(...statuses: number[]) {
  const taken: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    taken.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(statuses[Math.min(taken.length, statuses.length) - 1] ?? 200, { location: '/elsewhere' }).end();
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { taken, origin: `http://127.0.0.1:${port}` };
}

function setUp(allowed: readonly string[]) {
  const { keys } = ownKeys();
  const queue = new BullmqMessageQueue({ redisUrl: inject('redisUrl'), keys, logger, firstPauseMs: 5 });
  onTestFinished(() => queue.close());
  const records: MessageRecord[] = [];
  const record = async (one: MessageRecord): Promise<void> => void records.push(one);
  queue.consume(createMessageSender({ allowed, record, clock: systemClock, logger }));
  return { queue, records };
}

it('writes a notification down', async () => {
  const { queue, records } = setUp([]);
  const said = message('waste/tell|a|v1|1-0|0', { notify: { to: 'duty', text: 'Full' } });
  await queue.enqueue([said]);
  await eventually(() => expect(records).toMatchObject([{ message: said, state: 'noted' }]));
});

it('posts a webhook once, however often its id comes, with what the rule says and who it is about', async () => {
  const { taken, origin } = await receiver(200);
  const { queue, records } = setUp([origin]);
  const call = message('a', { webhook: { url: `${origin}/hook?x=1`, body: { crew: 'north' } } });
  await queue.enqueue([call]);
  await queue.enqueue([call, message('b', call.what)]);
  await eventually(() => expect(records.map(({ state }) => state)).toEqual(['delivered', 'delivered']));
  expect(new Set(taken.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['a', 'b']));
  expect(taken).toHaveLength(2);
  expect(taken[0]?.body).toEqual({
    crew: 'north',
    signalbox: expect.objectContaining({ rule: 'waste/collect', department: 'waste', at: '2026-11-22T10:00:00.000Z' }),
  });
});

it('refuses a webhook whose origin is not on the list', async () => {
  const { taken, origin } = await receiver(200);
  const { queue, records } = setUp(['https://crews.example']);
  await queue.enqueue([message('a', { webhook: { url: `${origin}/hook` } })]);
  await eventually(() =>
    expect(records).toMatchObject([{ state: 'refused', detail: expect.stringContaining(origin) }]),
  );
  expect(taken).toEqual([]);
});

it('tries again while the other side is in trouble', async () => {
  const { taken, origin } = await receiver(503, 429, 200);
  const { queue, records } = setUp([origin]);
  await queue.enqueue([message('a', { webhook: { url: origin } })]);
  await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
  expect(taken).toHaveLength(3);
});

it.each([[404], [302]])('gives up at once when it answers %s', async (status) => {
  const { taken, origin } = await receiver(status);
  const { queue, records } = setUp([origin]);
  await queue.enqueue([message('a', { webhook: { url: origin } })]);
  await eventually(() => expect(records).toMatchObject([{ state: 'failed', detail: `it answered ${status}` }]));
  expect(taken).toHaveLength(1);
});

it('fails with the reason when the last try has failed', async () => {
  const { taken, origin } = await receiver(500);
  const { queue, records } = setUp([origin]);
  await queue.enqueue([message('a', { webhook: { url: origin } })]);
  await eventually(() => expect(records).toMatchObject([{ state: 'failed', detail: 'it answered 500' }]));
  expect(taken).toHaveLength(8);
});
