// The checkpoint in Redis: one hash of cells and the log id they include, written in one fenced transaction.
import type { Redis } from 'ioredis';

import { SignalboxError } from '../model/errors.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { BEFORE_ALL } from './log-id.ts';
import type { CheckpointStore } from './ports.ts';
import { cellsOf, type CheckpointChange } from './tables.ts';

/** Characters of text per command: making and sending these takes about a millisecond. */
const TEXT_AT_ONCE = 100_000;
/** How long commands are made before evaluation has its turn, in milliseconds; the last one may take longer. */
const TURN_MS = 4;

/** Keeps checkpoints in Redis. */
export class RedisCheckpointStore implements CheckpointStore {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;
  readonly #onTurn: (ms: number) => void;

  /**
   * @param redis a connection of its own: whatever else is sent on it would become part of a transaction
   * @param onTurn told how long evaluation stood still each time, in milliseconds
   */
  constructor(redis: Redis, keys: RedisKeys, onTurn: (ms: number) => void = () => undefined) {
    this.#redis = redis;
    this.#keys = keys;
    this.#onTurn = onTurn;
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
    const newest = await this.#redis.get(epochKey);
    // A Redis that was emptied under us must not get a part of the state as if it were the whole.
    if (newest === null || Number(newest) > epoch) {
      await this.#redis.unwatch();
      throw new SignalboxError('deposed', { epoch: newest ?? 'none' });
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

  async #queue(change: CheckpointChange): Promise<void> {
    const { checkpointAt } = this.#keys;
    const cells = cellsOf(change);
    for (let sent = this.#takeTurn(cells); sent.length > 0; sent = this.#takeTurn(cells)) await Promise.all(sent);
    await this.#redis.set(checkpointAt, change.lastId);
  }

  /** Makes and sends commands for a while; none when there are no cells left. */
  #takeTurn(cells: Iterator<[cell: string, text: string | undefined]>): Promise<unknown>[] {
    const begun = performance.now();
    const sent: Promise<unknown>[] = [];
    while (performance.now() - begun < TURN_MS) {
      const piece = nextPiece(cells);
      if (!piece) break;
      if (piece.set.length > 0) sent.push(this.#redis.hset(this.#keys.checkpoint, ...piece.set));
      if (piece.deleted.length > 0) sent.push(this.#redis.hdel(this.#keys.checkpoint, ...piece.deleted));
    }
    this.#onTurn(performance.now() - begun);
    return sent;
  }
}

/** Makes the texts of as many cells as fit into one piece; undefined when there are none left. */
function nextPiece(cells: Iterator<[cell: string, text: string | undefined]>): Piece | undefined {
  const piece: Piece = { set: [], deleted: [] };
  let length = 0;
  let next = cells.next();
  if (next.done === true) return undefined;
  while (next.done !== true) {
    const [cell, text] = next.value;
    if (text === undefined) piece.deleted.push(cell);
    else piece.set.push(cell, text);
    length += cell.length + (text?.length ?? 0);
    if (length >= TEXT_AT_ONCE) break;
    next = cells.next();
  }
  return piece;
}

/** Cells of one command: names and texts in turn, and the names of those that are no more. */
interface Piece {
  set: string[];
  deleted: string[];
}
