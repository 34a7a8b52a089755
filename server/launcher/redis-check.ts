// Looks whether a given Redis keeps what it answers for, before anything is entrusted to it.
import type { Redis } from 'ioredis';

/** One reason not to use a Redis. */
export interface RedisProblem {
  /** Stable, for documentation: `redis-setting` or `redis-setting-unreadable`. */
  readonly code: 'redis-setting' | 'redis-setting-unreadable';
  /** The setting's name in redis.conf. */
  readonly path: string;
  /** What was found, what is needed, and what to do. */
  readonly message: string;
}

/** What each setting must be, and what is lost otherwise. */
const REQUIRED: readonly { name: string; value: string; loss: string }[] = [
  { name: 'appendonly', value: 'yes', loss: 'a restart of Redis would lose commands' },
  { name: 'appendfsync', value: 'always', loss: 'a power cut would lose commands that were already acknowledged' },
  { name: 'maxmemory-policy', value: 'noeviction', loss: 'a full Redis would throw commands away' },
];

/**
 * The settings of a Redis that would lose commands, all at once; empty when it is fit. A Redis that does not let its
 * settings be read (CONFIG forbidden, as managed ones do) is a problem as well: nobody can vouch for it.
 *
 * @example const problems = await checkRedisDurability(redis);
 */
export async function checkRedisDurability(redis: Redis): Promise<RedisProblem[]> {
  const problems: RedisProblem[] = [];
  for (const { name, value, loss } of REQUIRED) {
    const found = await readSetting(redis, name);
    if (found instanceof Error) return [unreadable(name, found)];
    if (found === value) continue;
    problems.push({
      code: 'redis-setting',
      path: name,
      message: `Redis has "${name} ${found}", so ${loss}. Set "${name} ${value}" (redis-cli CONFIG SET ${name} ${value}, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.`,
    });
  }
  return problems;
}

/** The value, or the server's own refusal. Lost connections are thrown. */
async function readSetting(redis: Redis, name: string): Promise<string | Error> {
  try {
    // RESP2 answers a list, RESP3 may answer a map.
    const answer: unknown = await redis.config('GET', name);
    const words = Array.isArray(answer) ? answer : Object.entries(answer ?? {}).flat();
    const value: unknown = words[words.indexOf(name) + 1];
    return typeof value === 'string' ? value : new Error('it knows no such setting');
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return error;
    throw error;
  }
}

function unreadable(name: string, reason: Error): RedisProblem {
  return {
    code: 'redis-setting-unreadable',
    path: name,
    message: `Redis does not tell its setting ${name} (${reason.message}), so nobody knows whether it would lose commands. Allow CONFIG GET for this user, or, when you know that it has "appendonly yes", "appendfsync always" and "maxmemory-policy noeviction", say so with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.`,
  };
}
