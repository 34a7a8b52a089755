import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { pino } from 'pino';
import { expect, inject, it, onTestFinished, vi } from 'vitest';

import type { LiveEvent } from '../model/live.ts';
import { RedisLiveSource } from './live-source.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';
import { ownKeys } from './test-support/commands.ts';

const logger = pino({ enabled: false });
const fact = {
  asset: 'urn:ngsi-ld:Streetlight:a',
  property: 'activePower',
  value: 1,
  observedAt: 1,
  state: 'known',
  source: 'adapter:mqtt',
};

async function setUp() {
  const { keys } = ownKeys();
  const redis = openRedis(inject('redisUrl'), 'request', logger);
  onTestFinished(() => closeRedis(redis));
  const way = await cuttableWayTo(inject('redisUrl'));
  const source = new RedisLiveSource({ redisUrl: way.url, keys, logger });
  onTestFinished(() => source.stop());
  await source.start();
  await source.start();
  return { keys, redis, source, cut: way.cut };
}

it('tells each listener until it ends', async () => {
  const { keys, redis, source } = await setUp();
  const first: LiveEvent[] = [];
  const second: LiveEvent[] = [];
  const endFirst = source.subscribe((events) => first.push(...events));
  source.subscribe((events) => second.push(...events));
  const publish = () =>
    withinLimit(redis, () => redis.publish(keys.live, JSON.stringify([{ event: 'fact', data: fact }])));
  await publish();
  await vi.waitFor(() => expect([first.length, second.length]).toEqual([1, 1]));
  endFirst();
  endFirst();
  await publish();
  await vi.waitFor(() => expect(second).toHaveLength(2));
  expect(first).toHaveLength(1);
});

it('tells the whole city once after the connection was lost', async () => {
  const { keys, redis, source, cut } = await setUp();
  const events: LiveEvent[] = [];
  source.subscribe((batch) => events.push(...batch));
  // Missed: it was stored, and nobody was told.
  await withinLimit(redis, () => redis.hset(keys.mirror('fact'), 'a#activePower', JSON.stringify(fact)));
  cut();
  await vi.waitFor(() => expect(events).toEqual([{ event: 'fact', data: fact }]), { timeout: 5_000 });
});

/** The same Redis through a port of its own, whose connections can be cut. */
async function cuttableWayTo(url: string): Promise<{ url: string; cut: () => void }> {
  const target = new URL(url);
  const { hostname, port } = target;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  target.port = String(typeof address === 'object' ? address?.port : '');
  return { url: target.href, cut };
}
