import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';

import { redisKeys } from '../model/redis-keys.ts';
import { RedisCheckpointStore } from './redis-checkpoint.ts';
import { RedisLease } from './redis-lease.ts';
import type { CheckpointChange } from './tables.ts';

let redis: Redis;
let own: Redis;
let store: RedisCheckpointStore;
let lease: RedisLease;
let incarnation: number;
let keys: ReturnType<typeof redisKeys>;
beforeEach(() => {
  redis = new Redis(inject('redisUrl'));
  keys = redisKeys(`test-${randomUUID()}`);
  own = new Redis(inject('redisUrl'));
  store = new RedisCheckpointStore(own, keys);
  incarnation = -1;
  lease = new RedisLease(redis, keys, () => Promise.resolve((incarnation += 1)));
});
afterEach(() => {
  redis.disconnect();
  own.disconnect();
});

/** Changed facts by name; undefined for one that is no more. */
function change(lastId: string, facts: Record<string, unknown>): CheckpointChange {
  const rows = Object.entries(facts);
  return { lastId, tables: [{ name: 'fact', size: rows.length, rows }] };
}

it('is empty at the very start', async () => {
  expect(await store.load()).toEqual({ lastId: '0-0', cells: new Map() });
});

it('adds each change to what was there', async () => {
  const epoch = (await lease.acquire()) ?? 0;
  await store.save(epoch, change('5-0', { a: 1, b: { x: 'é' } }));
  await store.save(epoch, change('6-0', { b: 3, a: undefined }));
  expect(await store.load()).toEqual({ lastId: '6-0', cells: new Map([['fact:b', '3']]) });
});

it('takes 20,000 cells at once', async () => {
  const cells = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`${index}`, {}]));
  await store.save((await lease.acquire()) ?? 0, change('5-0', cells));
  expect((await store.load()).cells.size).toBe(20_000);
});

it('refuses the write of a deposed engine, whole', async () => {
  const first = (await lease.acquire()) ?? 0;
  await store.save(first, change('5-0', { a: 'first' }));
  await redis.del(keys.lease);
  const second = (await lease.acquire()) ?? 0;
  expect(second).toBeGreaterThan(first);
  await expect(store.save(first, change('9-0', { a: 'late' }))).rejects.toMatchObject({ code: 'deposed' });
  expect(await store.load()).toEqual({ lastId: '5-0', cells: new Map([['fact:a', '"first"']]) });
});

it('gives the lease to one, keeps it while renewed, and hands it on when released', async () => {
  const epoch = (await lease.acquire()) ?? 0;
  expect(await lease.acquire()).toBeUndefined();
  expect(await lease.renew(epoch)).toBe(true);
  await lease.release(epoch);
  const next = (await lease.acquire()) ?? 0;
  expect(next).toBe(epoch + 1);
  expect(await lease.renew(epoch)).toBe(false);
  await lease.release(epoch);
  expect(await lease.renew(next)).toBe(true);
});

it('refuses when a newer engine takes over while the checkpoint is being written', async () => {
  const epoch = (await lease.acquire()) ?? 0;
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${index}`, {}]));
  const saving = store.save(epoch, change('5-0', many));
  await redis.incr(keys.epoch);
  await expect(saving).rejects.toMatchObject({ code: 'deposed' });
  expect(await store.load()).toEqual({ lastId: '0-0', cells: new Map() });
});

it('counts on above every earlier epoch when Redis was emptied, again and again', async () => {
  const epochs = [];
  for (let round = 0; round < 3; round += 1) {
    epochs.push(await lease.acquire());
    await redis.del(keys.lease, keys.epoch);
  }
  expect(epochs).toEqual([1, 1_000_000_001, 2_000_000_001]);
});

it('lets one of several engines take an emptied Redis, each incarnation used once', async () => {
  const others = Array.from({ length: 5 }, () => new RedisLease(redis, keys, async () => (incarnation += 1)));
  const epochs = await Promise.all(others.map((one) => one.acquire()));
  expect(epochs.filter((epoch) => epoch !== undefined)).toHaveLength(1);
});

it('takes no part of a state into a Redis that was emptied under it', async () => {
  const epoch = (await lease.acquire()) ?? 0;
  await store.save(epoch, change('5-0', { a: 1, b: 2 }));
  await redis.del(keys.lease, keys.epoch, keys.checkpoint, keys.checkpointAt);
  await expect(store.save(epoch, change('6-0', { b: 3 }))).rejects.toMatchObject({ code: 'deposed' });
  expect(await store.load()).toEqual({ lastId: '0-0', cells: new Map() });
});
