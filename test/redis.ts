// A real Redis for tests: the one of REDIS_URL, else a private server that ends with the test process.
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnGuarded } from '../server/launcher/lifeline.ts';
import { freePort } from '../server/launcher/ports.ts';
import { preparePrivateRedis } from '../server/launcher/private-redis.ts';
import { makeTempFolder } from './temp-folder.ts';

/** A running Redis that a test may use, and its end. */
export interface TestRedis {
  readonly url: string;
  /** Ends a private server and removes its data; leaves a given one alone. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Gives the Redis of REDIS_URL, else starts a private server with durable settings in a temporary folder. A given server
 * is shared: use key names of your own.
 */
export async function startTestRedis(): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  return startPrivateTestRedis();
}

/** Starts a private server in a temporary folder, whether or not REDIS_URL is set. */
export async function startPrivateTestRedis(): Promise<TestRedis> {
  const folder = await makeTempFolder('signalbox-redis-');
  const redis = await preparePrivateRedis({
    command: findRedisServer(),
    folder: folder.path,
    port: await freePort(),
    password: 'test',
  });
  const child = spawnGuarded(redis.command, redis.args, {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const ended = once(child, 'exit');
  await redis.ready(AbortSignal.timeout(10_000));
  return {
    url: redis.url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

/** The path of a Redis server: SIGNALBOX_REDIS_SERVER, the PATH, or the one that `npm test` provided. Throws when there is none. */
export function findRedisServer(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    process.env['SIGNALBOX_REDIS_SERVER'] ?? '',
    ...folders.flatMap((folder) => [join(folder, 'redis-server'), join(folder, 'valkey-server')]),
    join(import.meta.dirname, '../.signalbox/tools/redis-server'),
  ];
  const found = candidates.find((path) => path !== '' && isExecutable(path));
  if (found === undefined) throw new Error('no redis-server found: run the tests with `npm test`, which provides one');
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
