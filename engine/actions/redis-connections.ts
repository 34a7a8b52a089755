// How this folder speaks to Redis: connections by use, and a time limit so that no caller ever hangs.
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

import { systemClock, type Clock } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';

/**
 * What a connection is for. `request`: commands that fail fast while Redis is away. `worker`: BullMQ's own, which waits
 * for Redis to come back. `subscriber`: listens to a channel and does nothing else.
 */
export type RedisUse = 'request' | 'worker' | 'subscriber';

/** An API must answer within 2 s that Redis is away; this leaves it a little for the answer itself. Milliseconds. */
export const REDIS_LIMIT_MS = 1_800;
const LONGEST_RECONNECT_PAUSE_MS = 500;

const OPTIONS = {
  // Not queued while offline and not sent again after a reconnect: the caller has long been told that it failed.
  request: { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
} satisfies Record<RedisUse, RedisOptions>;

/**
 * Opens a connection that keeps reconnecting until it is closed. Never throws for a Redis that is away.
 *
 * @param url `redis://…`
 * @param logger gets one line when the connection is lost and one when it is back
 */
export function openRedis(url: string, use: RedisUse, logger: Logger): Redis {
  const redis = new Redis(url, {
    ...OPTIONS[use],
    connectTimeout: REDIS_LIMIT_MS,
    retryStrategy: (tries: number) => Math.min(tries * 50, LONGEST_RECONNECT_PAUSE_MS),
  });
  let isAway = false;
  redis.on('error', (error: Error) => {
    if (!isAway) logger.warn({ use, why: error.message }, 'redis is away');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) logger.info({ use }, 'redis is back');
    isAway = false;
  });
  return redis;
}

/** Ends a connection made by `openRedis`, waiting for nothing. Safe to call twice. */
export function closeRedis(redis: Redis): void {
  redis.disconnect();
}

/**
 * Does `work` once the connection is ready, both within `REDIS_LIMIT_MS`.
 *
 * Rejects with `queue-unavailable` when Redis does not answer in time (what was sent may still take effect), with
 * `deposed` when a script found a newer epoch.
 */
export async function withinLimit<T>(redis: Redis, work: () => Promise<T>, clock: Clock = systemClock): Promise<T> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(REDIS_LIMIT_MS, () => reject(new Error(`no answer within ${REDIS_LIMIT_MS} ms`)));
  });
  try {
    return await Promise.race([whenReady(redis).then(work), late]);
  } catch (error) {
    throw inOurWords(error);
  } finally {
    cancel?.();
  }
}

function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      redis.off('ready', onReady);
      redis.off('end', onEnd);
      done();
    };
    const onReady = settle(resolve);
    const onEnd = settle(() => reject(new Error('the connection was closed')));
    redis.on('ready', onReady);
    redis.on('end', onEnd);
    if (redis.status === 'end') onEnd();
  });
}

/** What `redis.error_reply('DEPOSED <epoch>')` becomes. */
const DEPOSED = /\bDEPOSED (\d+)/;

function inOurWords(error: unknown): SignalboxError {
  if (error instanceof SignalboxError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const epoch = DEPOSED.exec(why)?.[1];
  if (epoch !== undefined) return new SignalboxError('deposed', { epoch: Number(epoch) }, { cause: error });
  return new SignalboxError('queue-unavailable', { why }, { cause: error });
}
