import { once } from 'node:events';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';

import { pino } from 'pino';
import { expect, inject, it, onTestFinished, vi } from 'vitest';

import { spawnGuarded } from '../../server/launcher/lifeline.ts';
import { freePort } from '../../server/launcher/ports.ts';
import { preparePrivateRedis } from '../../server/launcher/private-redis.ts';
import { findRedisServer } from '../../test/redis.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { BullmqCommandQueue, commandIdOf, jobIdOf } from './bullmq-command-queue.ts';
import { describeCommandQueue } from './command-queue.testsuite.ts';
import { RedisLedger } from './ledger.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';
import { aCommand, ownKeys } from './test-support/commands.ts';

const logger = pino({ enabled: false });

function makeQueue(redisUrl: string, { keys } = ownKeys()): BullmqCommandQueue {
  const redis = openRedis(redisUrl, 'request', logger);
  onTestFinished(() => closeRedis(redis));
  return new BullmqCommandQueue({ redisUrl, keys, ledger: new RedisLedger(redis, keys), logger });
}

describeCommandQueue('on BullMQ', async (epoch) => {
  const box = ownKeys();
  const redis = openRedis(inject('redisUrl'), 'request', logger);
  await withinLimit(redis, () => redis.set(box.keys.epoch, epoch));
  closeRedis(redis);
  return makeQueue(inject('redisUrl'), box);
});

it('makes job ids that BullMQ takes and that can be read back', () => {
  const { commandId } = aCommand({ point: 'urn:ngsi-ld:WasteContainer:50%:a#level' });
  expect(jobIdOf(commandId)).not.toContain(':');
  expect(commandIdOf(jobIdOf(commandId))).toBe(commandId);
});

it('says within 2 s that Redis is away, and keeps what it took over the death of Redis', async () => {
  const folder = await makeTempFolder('signalbox-redis-');
  onTestFinished(() => folder.remove());
  const port = await freePort();
  const first = await startRedisIn(folder.path, port);
  const queue = makeQueue(first.url);
  onTestFinished(() => queue.close());
  const taken: string[] = [];
  await queue.enqueue([aCommand()], 1);
  await first.kill();
  await expectRefusedWithin2s(() => queue.enqueue([aCommand({ sequence: 2 })], 1));
  const second = await startRedisIn(folder.path, port);
  onTestFinished(() => second.kill());
  await queue.enqueue([aCommand({ sequence: 3 })], 1);
  queue.consume(async ({ command }) => void taken.push(command.commandId), { concurrency: 1 });
  await vi.waitFor(() => expect(taken).toHaveLength(2), { timeout: 5_000 });
  expect(taken).toEqual([aCommand().commandId, aCommand({ sequence: 3 }).commandId]);
});

it('says within 2 s that Redis hangs', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const queue = makeQueue(`redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  onTestFinished(() => queue.close());
  await expectRefusedWithin2s(() => queue.enqueue([aCommand()], 1));
  await expectRefusedWithin2s(() => queue.counts());
});

async function expectRefusedWithin2s(work: () => Promise<unknown>): Promise<void> {
  const from = performance.now();
  await expect(work()).rejects.toMatchObject({ code: 'queue-unavailable', status: 503 });
  expect(performance.now() - from).toBeLessThan(2_000);
}

async function startRedisIn(folder: string, port: number): Promise<{ url: string; kill: () => Promise<void> }> {
  const redis = await preparePrivateRedis({ command: findRedisServer(), folder, port, password: 'test' });
  const child = spawnGuarded(redis.command, redis.args, { env: { PATH: process.env['PATH'] ?? '' } });
  const ended = once(child, 'exit');
  await redis.ready(AbortSignal.timeout(10_000));
  return {
    url: redis.url,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
