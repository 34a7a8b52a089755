import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';

import { MemoryLog } from '../../test/memory-log.ts';
import { startPrivateTestRedis } from '../../test/redis.ts';
import { redisKeys } from '../model/redis-keys.ts';
import { testInputLog } from './input-log.testsuite.ts';
import { RedisLog } from './redis-log.ts';

const connect = (url: string): Redis => new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });

async function openLog(url: string): Promise<{ log: RedisLog; redis: Redis; key: string }> {
  const [redis, reader] = [connect(url), connect(url)];
  await Promise.all([redis, reader].map((one) => new Promise((resolve) => void one.once('ready', resolve))));
  const key = redisKeys(`test-${randomUUID()}`).log;
  return { log: new RedisLog({ redis, reader, key }), redis, key };
}

testInputLog('the log in Redis', async () => (await openLog(inject('redisUrl'))).log);
testInputLog('the log in memory', () => Promise.resolve(new MemoryLog()));

const reading = {
  kind: 'readings' as const,
  readings: [
    {
      id: 'r',
      asset: 'urn:ngsi-ld:Detector:x',
      property: 'occupancy',
      value: 0.5,
      observedAt: 1,
      receivedAt: 1,
      quality: 'good' as const,
      source: 'flow:traffic',
    },
  ],
};

const claim = (kind: 'flow' | 'person') => ({
  kind: 'request' as const,
  id: 'r',
  actor: { kind, id: 'lighting', roles: {} },
  department: 'lighting',
  request: {
    do: 'claim' as const,
    point: 'urn:ngsi-ld:Streetlight:x#level',
    effect: 'set' as const,
    value: 1,
    slot: 13,
    rampSeconds: 0,
    leaseSeconds: 60,
    key: '',
    reason: 'r',
  },
});
const release = {
  ...claim('flow'),
  request: { do: 'release' as const, point: claim('flow').request.point, key: '', reason: 'r' },
};

/** A log in a Redis of its own that uses this share of its memory. */
async function openFull(share: number): Promise<RedisLog> {
  const server = await startPrivateTestRedis();
  const { log, redis } = await openLog(server.url);
  onTestFinished(async () => {
    await log.close();
    await server.stop();
  });
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory', Math.round(used / share));
  return log;
}

it('refuses readings at 60 % of Redis’s memory, and still takes what devices, workers, people and flows say', async () => {
  const log = await openFull(0.7);
  await expect(log.append([reading])).rejects.toMatchObject({ code: 'log-full' });
  const others = [
    { kind: 'progress' as const, commandId: 'c', state: 'sent' as const },
    claim('flow'),
    claim('person'),
  ];
  await expect(log.append(others)).resolves.toHaveLength(3);
});

it('refuses flows’ wishes too at 80 %, and still takes what they give back and what people and workers say', async () => {
  const log = await openFull(0.87);
  await expect(log.append([claim('flow')])).rejects.toMatchObject({ code: 'log-full' });
  const others = [{ kind: 'progress' as const, commandId: 'c', state: 'sent' as const }, release, claim('person')];
  await expect(log.append(others)).resolves.toHaveLength(3);
});

it('says within its time limit that Redis is away, instead of waiting', async () => {
  const server = await startPrivateTestRedis();
  const { log } = await openLog(server.url);
  await server.stop();
  await expect(log.append([{ kind: 'tick' }])).rejects.toMatchObject({ code: 'log-unavailable' });
  await log.close();
});

it('takes an entry that cannot be read for a tick, and says so', async () => {
  const { log, redis, key } = await openLog(inject('redisUrl'));
  await log.close();
  const [writer, reader] = [connect(inject('redisUrl')), connect(inject('redisUrl'))];
  await Promise.all([writer, reader].map((one) => new Promise((resolve) => void one.once('ready', resolve))));
  const unreadable: string[] = [];
  const again = new RedisLog({ redis: writer, reader, key, onUnreadable: (error) => unreadable.push(error.code) });
  await writer.xadd(key, '*', 'i', '{broken');
  await again.append([{ kind: 'tick' }]);
  expect((await again.read('0-0', 10, 1)).map((entry) => entry.input.kind)).toEqual(['tick', 'tick']);
  expect(unreadable).toEqual(['log-entry']);
  expect(redis.status).toBe('end');
  await again.close();
});
