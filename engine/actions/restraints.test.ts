// Restraints at the wire: what stands in Redis is refused by the worker, whether an engine runs or not.
import { pino } from 'pino';
import { expect, inject, it, onTestFinished, vi } from 'vitest';

import { assetSchema, pointsOf } from '../model/asset.ts';
import type { LiveEvent } from '../model/live.ts';
import { splitPointKey } from '../model/names.ts';
import type { Restraint } from '../model/restraint.ts';
import { BullmqCommandQueue } from './bullmq-command-queue.ts';
import { CommandWorker } from './command-worker.ts';
import { RedisLedger } from './ledger.ts';
import { closeRedis, openRedis } from './redis-connections.ts';
import { RedisRestraintCheck, RedisRestraints } from './restraints.ts';
import { aCommand, MemoryLog, ownKeys } from './test-support/commands.ts';

const SOON = { timeout: 5_000, interval: 10 };
const logger = pino({ enabled: false });
const lamp = assetSchema.parse({
  id: 'urn:ngsi-ld:Streetlight:river-path-17',
  type: 'Streetlight',
  title: 'River path 17',
  department: 'lighting',
  zone: 'river-path',
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'cabinet-3' },
});
const documents = {
  asset: (id: string) => (id === lamp.id ? lamp : undefined),
  pointOf: ({ point }: { point: string }) => pointsOf(lamp)[splitPointKey(point).point],
};
const common = { by: 'ann', at: 1, reason: 'flood', endAsked: [] };
const standDown: Restraint = { id: '*/one', kind: 'stand-down', ...common, scope: { zone: 'river-path' } };
const outOfService: Restraint = { id: 'lighting/two', kind: 'out-of-service', ...common, asset: lamp.id };

function setUp() {
  const { keys } = ownKeys();
  const redisUrl = inject('redisUrl');
  const redis = openRedis(redisUrl, 'request', logger);
  onTestFinished(() => closeRedis(redis));
  const restraints = new RedisRestraints(redis, keys);
  const clock = { at: 0, now: () => clock.at, after: () => () => undefined };
  const check = new RedisRestraintCheck({ restraints, documents, clock });
  return { keys, redisUrl, redis, restraints, check, clock };
}

const level = (value: number, sequence = 1) => aCommand({ sequence, want: { value, rampSeconds: 0 } });

it('refuses all but the safe value, a release included, as long as a stand-down stands', async () => {
  const { restraints, check, clock } = setUp();
  expect(await check.whyRefused(level(0.3))).toBeUndefined();
  await restraints.put(standDown);
  clock.at += 250;
  expect(await check.whyRefused(level(0.3))).toBe('stood down (zone river-path) by ann: flood');
  expect(await check.whyRefused(aCommand({ want: { release: true } }))).toContain('stood down');
  expect(await check.whyRefused(level(1))).toBeUndefined();
  await restraints.remove(standDown.id);
  clock.at += 250;
  expect(await check.whyRefused(level(0.3))).toBeUndefined();
});

it('believes what it read for a quarter of a second, counted from when it began to read', async () => {
  const { restraints, check, clock } = setUp();
  const reads = vi.spyOn(restraints, 'list');
  await check.whyRefused(level(0.3));
  clock.at += 249;
  await check.whyRefused(level(0.3));
  expect(reads).toHaveBeenCalledTimes(1);
  clock.at += 1;
  await check.whyRefused(level(0.3));
  expect(reads).toHaveBeenCalledTimes(2);
  clock.at -= 10_000;
  await check.whyRefused(level(0.3));
  expect(reads).toHaveBeenCalledTimes(3);
});

it('cannot tell while Redis does not answer: then nothing passes, and nothing is remembered of it', async () => {
  const { restraints, check } = setUp();
  vi.spyOn(restraints, 'list').mockRejectedValueOnce(new Error('away'));
  await expect(check.whyRefused(level(0.3))).rejects.toThrow('away');
  expect(await check.whyRefused(level(0.3))).toBeUndefined();
});

it('tells pages at once, engine or not', async () => {
  const { restraints, redisUrl, keys } = setUp();
  const channel = openRedis(redisUrl, 'subscriber', logger);
  onTestFinished(() => closeRedis(channel));
  const heard: LiveEvent[] = [];
  channel.on('message', (_, text) => heard.push(...JSON.parse(text)));
  await channel.subscribe(keys.live);
  await restraints.put(outOfService);
  await restraints.remove(outOfService.id);
  const gone = { event: 'gone', data: { kind: 'restraint', key: outOfService.id } };
  await vi.waitFor(() => expect(heard).toEqual([{ event: 'restraint', data: outOfService }, gone]), SOON);
});

it('without an engine: a command that was queued before the press ends as refused, and a stop passes', async () => {
  const { keys, redisUrl, redis, restraints, check, clock } = setUp();
  const ledger = new RedisLedger(redis, keys);
  const queue = new BullmqCommandQueue({ redisUrl, keys, ledger, logger });
  onTestFinished(() => queue.close());
  const log = new MemoryLog();
  const sent: string[] = [];
  const sender = { send: async ({ commandId }: { commandId: string }) => void sent.push(commandId) };
  const interlocks = { mayMove: async () => ({ allowed: true }) as const };
  const worker = new CommandWorker({ queue, ledger, interlocks, restraints: check, documents, sender, log, logger });
  onTestFinished(() => worker.stop());
  await queue.enqueue([level(0.3)], 1);
  await restraints.put(outOfService);
  worker.start();
  await vi.waitFor(() => expect(log.statesOf(level(0.3).commandId)).toEqual(['refused']), SOON);
  expect(log.inputs).toMatchObject([{ detail: `out of service (${lamp.id}) by ann: flood` }]);
  clock.at += 250;
  await queue.enqueue([level(1, 2)], 1);
  await vi.waitFor(() => expect(sent).toEqual([level(1, 2).commandId]), SOON);
});
