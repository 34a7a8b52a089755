// Looks whether a Redis is new enough and keeps what it answers for, before anything is entrusted to it.
import type { Redis } from 'ioredis';

/** One reason not to use a Redis. */
export interface RedisProblem {
  /** Stable, for documentation. `redis-version` cannot be allowed; the others can, by SIGNALBOX_ALLOW_UNSAFE_REDIS. */
  readonly code: 'redis-version' | 'redis-setting' | 'redis-setting-unreadable';
  /** The setting's name in redis.conf, or `redis_version`. */
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

/** The log is trimmed by XTRIM MINID, which came with Redis 6.2 (https://redis.io/docs/latest/commands/xtrim/). */
const OLDEST = { major: 6, minor: 2 } as const;
const OLDEST_TEXT = `${OLDEST.major}.${OLDEST.minor}`;

/**
 * Why this version cannot be used, or undefined when it can, or when the text names no version.
 *
 * @param text `redis_version:7.0.15` as INFO writes it (Valkey too), or `v=7.0.15` as `redis-server --version` does
 */
export function versionProblem(text: string): RedisProblem | undefined {
  const [, version = '', major, minor] = /(?:redis_version:|\bv=)((\d+)\.(\d+)[.\d]*)/.exec(text) ?? [];
  if (version === '' || Number(major) > OLDEST.major) return undefined;
  if (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor) return undefined;
  return {
    code: 'redis-version',
    path: 'redis_version',
    message: `found Redis ${version}; needed is Redis ${OLDEST_TEXT} or newer, or Valkey (older ones cannot trim the log behind a checkpoint: XTRIM MINID). Install a newer one, or set REDIS_URL to one.`,
  };
}

/** The problems for which a Redis is refused: all, or, when unsafe settings were allowed, only those that cannot be. */
export const refusals = (problems: readonly RedisProblem[], allowUnsafe: boolean): RedisProblem[] =>
  problems.filter(({ code }) => !allowUnsafe || code === 'redis-version');

/**
 * The settings of a Redis that would lose commands, and a version that is too old, all at once; empty when it is fit. A Redis that does not let its
 * settings be read (CONFIG forbidden, as managed ones do) is a problem as well: nobody can vouch for it.
 *
 * @example const problems = await checkRedisDurability(redis);
 */
export async function checkRedisDurability(redis: Redis): Promise<RedisProblem[]> {
  const problems = [versionProblem(await readVersion(redis))].filter((each) => each !== undefined);
  for (const { name, value, loss } of REQUIRED) {
    const found = await readSetting(redis, name);
    if (found instanceof Error) return [...problems, unreadable(name, found)];
    if (found === value) continue;
    problems.push({
      code: 'redis-setting',
      path: name,
      message: `Redis has "${name} ${found}", so ${loss}. Set "${name} ${value}" (redis-cli CONFIG SET ${name} ${value}, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.`,
    });
  }
  return problems;
}

/** What the server says about itself; nothing when it may not be asked (managed ones are new enough). */
async function readVersion(redis: Redis): Promise<string> {
  try {
    return await redis.info('server');
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return '';
    throw error;
  }
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
