// Redis's memory as it runs full, step by step, and what the box must do at each.
import { Redis } from 'ioredis';

import type { Town } from './town.ts';
import { until } from './until.ts';

/** So much is taken at once, so that what the load itself needs hardly matters; bytes. */
const BALLAST_BYTES = 128_000_000;
const BALLAST_KEY = 'chaos-ballast';
/** The share of its limit that Redis uses: readings are refused from 0.6 on, flows' wishes from 0.8 on. */
const WITHOUT_READINGS = 0.7;
const WITHOUT_FLOWS = 0.87;
/** The box looks at the memory once a second. */
const NOTICE_MS = 3_000;

/** Fills, looks, empties. Resolves with what was wrong, in words. */
export async function fillMemory(town: Town): Promise<string[]> {
  const redis = new Redis(town.redis.url);
  const problems: string[] = [];
  const expectSoon = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    await until(what, isSo, NOTICE_MS).catch((error: Error) => problems.push(error.message));
  };
  try {
    const limit = await redis.config('GET', 'maxmemory');
    await redis.setrange(BALLAST_KEY, BALLAST_BYTES, 'x');
    await useShare(redis, WITHOUT_READINGS);
    await expectSoon('readings to be refused', async () => (await town.asker.sense(0)) === 'refused');
    const done = town.effects().effects.length;
    await expectSoon('commands to pass without readings', async () => town.effects().effects.length > done + 100);
    await useShare(redis, WITHOUT_FLOWS);
    await expectSoon('flows’ wishes to be refused', async () => (await town.askSpare()) === 'refused');
    await expectSoon('a person’s wish to pass', async () => (await town.askByHand()).status === 202);
    await redis.del(BALLAST_KEY);
    await redis.config('SET', 'maxmemory', limit[1] ?? '0');
    await expectSoon('readings to be taken again', async () => (await town.asker.sense(0)) === 'accepted');
  } finally {
    redis.disconnect();
  }
  return problems;
}

async function useShare(redis: Redis, share: number): Promise<void> {
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory', Math.round(used / share));
}
