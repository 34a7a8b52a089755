// Runs a Lua script in Redis by its hash, and hands the script over when Redis does not know it yet.
import { createHash } from 'node:crypto';

import type { Redis } from 'ioredis';

/** One script. Atomic in Redis: nothing else runs while it does. */
export class LuaScript {
  readonly #source: string;
  readonly #sha: string;

  constructor(source: string) {
    this.#source = source;
    this.#sha = createHash('sha1').update(source).digest('hex');
  }

  /** Runs it; rejects with Redis's own error. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}

/** Lua for the head of a script: gives up when the epoch in KEYS[1] is newer than ARGV[1]. */
export const REFUSE_IF_DEPOSED = `
local newestEpoch = tonumber(redis.call('GET', KEYS[1]) or '0')
if newestEpoch > tonumber(ARGV[1]) then return redis.error_reply('DEPOSED ' .. newestEpoch) end
`;
