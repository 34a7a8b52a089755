// The checkpoint in Redis: one hash of cells and the log id they include, written in one fenced transaction.
import type { Redis } from 'ioredis';

import { SignalboxError } from '../model/errors.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { BEFORE_ALL } from './log-id.ts';
import type { CheckpointChange, CheckpointStore } from './ports.ts';
import { cellText } from './tables.ts';

/** Cells per command: making and sending these takes about a millisecond, and evaluation goes on in between. */
const CELLS_AT_ONCE = 250;

/** Keeps checkpoints in Redis. */
export class RedisCheckpointStore implements CheckpointStore {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;
  readonly #onPiece: (ms: number) => void;

  /**
   * @param redis a connection of its own: whatever else is sent on it would become part of a transaction
   * @param onPiece told how long each uninterrupted piece of the writing took, in milliseconds
   */
  constructor(redis: Redis, keys: RedisKeys, onPiece: (ms: number) => void = () => undefined) {
    this.#redis = redis;
    this.#keys = keys;
    this.#onPiece = onPiece;
  }

  async load(): Promise<{ lastId: string; cells: Map<string, string> }> {
    const [cells, lastId] = await Promise.all([
      this.#redis.hgetall(this.#keys.checkpoint),
      this.#redis.get(this.#keys.checkpointAt),
    ]);
    return { lastId: lastId ?? BEFORE_ALL, cells: new Map(Object.entries(cells)) };
  }

  /** WATCH makes the epoch part of the transaction: if it changes before EXEC, nothing is written. */
  async save(epoch: number, change: CheckpointChange): Promise<void> {
    const { epoch: epochKey } = this.#keys;
    await this.#redis.watch(epochKey);
    const newest = Number((await this.#redis.get(epochKey)) ?? 0);
    if (newest > epoch) {
      await this.#redis.unwatch();
      throw new SignalboxError('deposed', { epoch: newest });
    }
    await this.#redis.multi({ pipeline: false });
    try {
      await this.#queue(change);
    } catch (error) {
      await this.#redis.discard();
      throw error;
    }
    if ((await this.#redis.exec()) === null) throw new SignalboxError('deposed', { epoch: 'newer' });
  }

  async #queue({ lastId, set, deleted }: CheckpointChange): Promise<void> {
    const { checkpoint, checkpointAt } = this.#keys;
    for (const cells of slices(set)) {
      const begun = performance.now();
      const sent = this.#redis.hset(checkpoint, ...cells.flatMap(([cell, row]) => [cell, cellText(row)]));
      this.#onPiece(performance.now() - begun);
      await sent;
    }
    for (const cells of slices(deleted)) await this.#redis.hdel(checkpoint, ...cells);
    await this.#redis.set(checkpointAt, lastId);
  }
}

function* slices<T>(all: Iterable<T>): Generator<T[]> {
  let slice: T[] = [];
  for (const one of all) {
    slice.push(one);
    if (slice.length < CELLS_AT_ONCE) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
