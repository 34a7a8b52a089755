// Forgets readings that are older than the city keeps them, and sessions that have expired, a little at a time.
import type { Logger } from 'pino';
import { toIso, type Clock } from '../model/clock.ts';
import type { Database } from './ports.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Readings are kept for 30 days unless told otherwise. */
const DEFAULT_DAYS = 30;
/** Rows per statement: it takes tens of milliseconds, and others get their turn between two. */
const CHUNK_ROWS = 5_000;

/** What is deleted: rows per statement limited by `$2`, older than `$1`. */
const EXPIRED = {
  readings: `with gone as (
      delete from readings where id in (select id from readings where received_at < $1 order by received_at limit $2)
      returning 1
    ) select count(*)::int as count from gone`,
  sessions: `with gone as (
      delete from sessions where token_hash in (select token_hash from sessions where expires_at < $1 limit $2)
      returning 1
    ) select count(*)::int as count from gone`,
} as const;

/** Deletes old rows, at start and every hour. */
export class Retention {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #keepMs: number;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  /** @param options.days how long readings are kept, counted from their receipt; 1 or more, default 30 */
  constructor(options: { database: Database; clock: Clock; log: Logger; days?: number }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#keepMs = (options.days ?? DEFAULT_DAYS) * DAY_MS;
  }

  /** Sweeps now and every hour from then on. Safe to call twice. */
  start(): void {
    if (this.#state === 'started') return;
    this.#state = 'started';
    this.#schedule(0);
  }

  /** Ends after the chunk at hand. Safe to call twice. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancel?.();
    await this.#running;
  }

  /** Deletes all that is too old at this moment; returns how many readings and sessions. */
  async sweep(): Promise<{ readings: number; sessions: number }> {
    const now = this.#clock.now();
    return {
      readings: await this.#deleteBefore('readings', now - this.#keepMs),
      sessions: await this.#deleteBefore('sessions', now),
    };
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#running = this.#sweepAndLog();
    });
  }

  async #sweepAndLog(): Promise<void> {
    try {
      const deleted = await this.sweep();
      if (deleted.readings + deleted.sessions > 0) this.#log.info(deleted, 'old records were deleted');
    } catch (error) {
      this.#log.warn({ err: error }, 'old records could not be deleted; the next try is in an hour');
    }
    if (this.#state === 'started') this.#schedule(HOUR_MS);
  }

  async #deleteBefore(table: keyof typeof EXPIRED, instant: number): Promise<number> {
    let total = 0;
    for (;;) {
      const [row] = await this.#database.query<{ count: number }>(EXPIRED[table], [toIso(instant), CHUNK_ROWS]);
      const count = row?.count ?? 0;
      total += count;
      if (count < CHUNK_ROWS || this.#state === 'stopped') return total;
    }
  }
}
