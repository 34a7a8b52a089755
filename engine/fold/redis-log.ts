// The input log as one Redis stream: ordered, on disk before anybody is told so, trimmed behind the checkpoint.
import type { Redis } from 'ioredis';
import { z } from 'zod';

import { SignalboxError } from '../model/errors.ts';
import { importanceOf, type Input, type LogEntry } from '../model/input.ts';
import { readInput, writeInput } from './input-text.ts';
import { millisecondsOf } from './log-id.ts';
import type { InputLog } from './ports.ts';

/** Two connections: a read that waits would hold up everything behind it on the same one. */
export interface RedisLogParts {
  /** For appending and trimming; made with `enableOfflineQueue: false`, so that it fails instead of waiting. */
  redis: Redis;
  /** For reading, which waits. */
  reader: Redis;
  /** The stream's key. */
  key: string;
  /** An append that takes longer has failed; default 2000 ms. */
  timeoutMs?: number;
  /** Told of an entry that cannot be read; it counts as a tick. Default: throws `log-entry`. */
  onUnreadable?: (error: SignalboxError) => void;
  /** Share of Redis's memory limit above which readings are refused; default 0.6. */
  fullAt?: number;
  /** Share above which flows' claims are refused as well; default 0.8. */
  veryFullAt?: number;
}

/** How long a look at Redis's memory stays good, in milliseconds. */
const MEMORY_LOOK_MS = 1_000;

/** Field of a stream entry that holds the input as JSON. */
const FIELD = 'i';

/** Appends texts in order. KEYS: the stream. ARGV: the texts. One command of many texts costs the sender a third of many commands. */
const APPEND = `
local ids = {}
for at, text in ipairs(ARGV) do ids[at] = redis.call('XADD', KEYS[1], '*', '${FIELD}', text) end
return ids
`;

const IDS = z.array(z.array(z.string()));

/** Texts per command: Redis does nothing else meanwhile, for a few milliseconds. */
const TEXTS_AT_ONCE = 250;

/** A log on a Redis stream. Entry ids carry Redis's own clock. */
export class RedisLog implements InputLog {
  readonly #parts: Required<RedisLogParts>;
  #memoryLookedAt = Number.NEGATIVE_INFINITY;
  /** The share of Redis's memory that was in use at the last look. */
  #usedShare = 0;

  constructor(parts: RedisLogParts) {
    this.#parts = { timeoutMs: 2_000, fullAt: 0.6, veryFullAt: 0.8, onUnreadable: raise, ...parts };
  }

  async append(inputs: readonly Input[]): Promise<string[]> {
    if (inputs.length === 0) return [];
    await this.#refuseWhenFull(inputs);
    const { redis, key } = this.#parts;
    const texts = inputs.map(writeInput);
    const answers: Promise<unknown>[] = [];
    for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE)
      answers.push(redis.eval(APPEND, 1, key, ...texts.slice(from, from + TEXTS_AT_ONCE)));
    return IDS.parse(await this.#inTime(Promise.all(answers))).flat();
  }

  async read(afterId: string, count: number, blockMs: number): Promise<LogEntry[]> {
    const { reader, key } = this.#parts;
    // BLOCK 0 would wait for ever.
    const found = await reader.xread(
      'COUNT',
      count,
      'BLOCK',
      Math.max(1, Math.round(blockMs)),
      'STREAMS',
      key,
      afterId,
    );
    return streamEntries(found).map(([id, fields]) => ({
      id,
      at: millisecondsOf(id),
      input: this.#decode(id, fields),
    }));
  }

  async trim(id: string): Promise<void> {
    const { redis, key } = this.#parts;
    // MINID keeps the entry itself, which costs one entry and needs no arithmetic on ids.
    await redis.xtrim(key, 'MINID', id);
  }

  async now(): Promise<number> {
    const [seconds, microseconds] = await this.#parts.redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  close(): Promise<void> {
    this.#parts.reader.disconnect();
    this.#parts.redis.disconnect();
    return Promise.resolve();
  }

  #decode(id: string, fields: readonly string[]): Input {
    try {
      return readInput(fields[1] ?? '');
    } catch (error) {
      const why = error instanceof Error ? error.message : 'not JSON';
      this.#parts.onUnreadable(new SignalboxError('log-entry', { id, why }, { cause: error }));
      return { kind: 'tick' };
    }
  }

  /** Readings are refused first, then flows' claims: reports, acknowledgements, people and stops always have room. */
  async #refuseWhenFull(inputs: readonly Input[]): Promise<void> {
    const { fullAt, veryFullAt } = this.#parts;
    const importance = Math.min(...inputs.map(importanceOf));
    if (importance > 1) return;
    const now = performance.now();
    if (now - this.#memoryLookedAt > MEMORY_LOOK_MS) {
      this.#memoryLookedAt = now;
      this.#usedShare = usedShare(await this.#inTime(this.#parts.redis.info('memory')));
    }
    if (this.#usedShare > (importance === 0 ? fullAt : veryFullAt)) throw new SignalboxError('log-full');
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new SignalboxError('log-unavailable', { why: `no answer within ${this.#parts.timeoutMs} ms` })),
        this.#parts.timeoutMs,
      );
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      if (error instanceof SignalboxError) throw error;
      throw new SignalboxError(
        'log-unavailable',
        { why: error instanceof Error ? error.message : 'unknown' },
        { cause: error },
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

type StreamEntry = [id: string, fields: string[]];

/** ioredis answers in RESP2's or RESP3's shape, by protocol version: a list of pairs, or a map as an object. */
function streamEntries(found: unknown): StreamEntry[] {
  if (found === null || found === undefined) return [];
  const streams = Array.isArray(found) ? found.map((pair: [string, StreamEntry[]]) => pair[1]) : Object.values(found);
  const entries: StreamEntry[] = streams.flat();
  return entries;
}

function raise(error: SignalboxError): never {
  throw error;
}

/** Used memory as a share of the limit; 0 without a limit. */
function usedShare(info: string): number {
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = field('maxmemory');
  return limit === 0 ? 0 : field('used_memory') / limit;
}
