// The checkpoint in Redis: one hash of cells and the log id they include, written in one fenced transaction.
import type { Redis } from 'ioredis';

import { SignalboxError } from '../model/errors.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { BEFORE_ALL } from './log-id.ts';
import type { CheckpointChange, CheckpointStore } from './ports.ts';

/**
 * Writes the change unless a newer epoch exists. A script runs whole or not at all, which makes it the transaction.
 * KEYS: epoch, checkpoint, checkpoint-at. ARGV: own epoch, last id, number of cells to set, cells and texts, cells to delete.
 * Redis's Lua unpacks at most some 8,000 values at once, hence the loop.
 */
const SAVE = `
local newest = tonumber(redis.call('GET', KEYS[1]) or '0')
if newest > tonumber(ARGV[1]) then return newest end
local sets = tonumber(ARGV[3])
for i = 4, 3 + 2 * sets, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
for i = 4 + 2 * sets, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
redis.call('SET', KEYS[3], ARGV[2])
return 0
`;

/** Keeps checkpoints in Redis. */
export class RedisCheckpointStore implements CheckpointStore {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;

  constructor(redis: Redis, keys: RedisKeys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async load(): Promise<{ lastId: string; cells: Map<string, string> }> {
    const [cells, lastId] = await Promise.all([
      this.#redis.hgetall(this.#keys.checkpoint),
      this.#redis.get(this.#keys.checkpointAt),
    ]);
    return { lastId: lastId ?? BEFORE_ALL, cells: new Map(Object.entries(cells)) };
  }

  async save(epoch: number, change: CheckpointChange): Promise<void> {
    const { epoch: epochKey, checkpoint, checkpointAt } = this.#keys;
    const cells = [...change.set].flat();
    const newer = await this.#redis.eval(
      SAVE,
      3,
      epochKey,
      checkpoint,
      checkpointAt,
      epoch,
      change.lastId,
      change.set.size,
      ...cells,
      ...change.deleted,
    );
    if (newer !== 0) throw new SignalboxError('deposed', { epoch: newer });
  }
}
