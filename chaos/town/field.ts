// What every subject stands in: Redis, the field bus, the devices, and lines that can be cut.
import { join } from 'node:path';

import { readEffects } from '../device/effects-file.ts';
import type { Effect } from '../judge.ts';
import { TownBroker } from './broker.ts';
import { Program } from './programs.ts';
import { Proxy } from './proxy.ts';
import { TownRedis } from './redis.ts';
import type { TownOptions } from './subject.ts';

/** The surroundings of a subject. */
export interface Field {
  redis: TownRedis;
  /** As the subject is told to reach it. */
  redisUrl: string;
  broker: TownBroker;
  /** For the core, as the subject is told. */
  brokerUrl: string;
  proxies: Proxy[];
  /** What the devices did, in order, and what they held off. */
  effects(): { effects: Effect[]; heldOff: Record<string, number> };
  stop(): Promise<void>;
}

/** Where the preloaded clock is. */
const CLOCK = join(import.meta.dirname, 'clock-ahead.mjs');

/**
 * Starts everything around a subject.
 *
 * @param options.redisSettings lines that differ from the box's own Redis
 * @param options.isPlain devices without any contract
 */
export async function startField(
  options: TownOptions & { redisSettings?: readonly string[]; isPlain?: boolean },
): Promise<Field> {
  const { folder, isTraced, redisSettings = [], isPlain = false, manners } = options;
  const [redis, broker] = await Promise.all([
    TownRedis.prepare({ folder, isTraced, settings: redisSettings }),
    TownBroker.prepare(folder, options.broker),
  ]);
  await Promise.all([redis.start(), broker.start()]);
  const file = join(folder, 'effects.jsonl');
  const devices = new Program({
    name: 'devices',
    command: process.execPath,
    args: [
      join(import.meta.dirname, '../device/main.ts'),
      JSON.stringify({ url: broker.fieldUrl, file, isPlain, manners }),
    ],
    env: {},
    logFile: join(folder, 'devices.log'),
  });
  await devices.startAndSay('ready');
  const proxies = options.hasProxies ? [new Proxy(redis.port), new Proxy(broker.port)] : [];
  await Promise.all(proxies.map((line) => line.start()));
  return {
    redis,
    redisUrl: redis.urlThrough(proxies[0]?.port ?? redis.port),
    broker,
    brokerUrl: broker.coreUrl(proxies[1]?.port ?? broker.port),
    proxies,
    effects: () => readEffects(file),
    async stop() {
      await Promise.all(proxies.map((line) => line.stop()));
      await Promise.all([devices.kill(), broker.kill(), redis.kill()]);
    },
  };
}

/** `worker-1`, `worker-2`, …; the bare word for one alone. */
export const namesOf = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (count === 1 ? kind : `${kind}-${index + 1}`));

/** What the first worker's environment has besides, so that its clock is ahead. */
export function clockOf(index: number, { workerClockAheadMs }: TownOptions): Record<string, string> {
  if (index > 0 || workerClockAheadMs === 0) return {};
  return { NODE_OPTIONS: `--import ${CLOCK}`, CHAOS_CLOCK_AHEAD_MS: String(workerClockAheadMs) };
}
