// Thins out what was read, property by property, and forgets sessions that have expired; a little at a time.
import type { Logger } from 'pino';
import { toIso, type Clock } from '../model/clock.ts';
import { DEFAULT_KEEP, type Keep } from '../model/history.ts';
import { createKeepTable } from './keep-table.ts';
import type { Database } from './ports.ts';
import { propertiesIn, THIN_OUT } from './thin-out.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Rows per statement: it takes tens of milliseconds, and others get their turn between two. */
const CHUNK_ROWS = 2_000;

const EXPIRED_SESSIONS = `with gone as (
    delete from sessions where token_hash in (select token_hash from sessions where expires_at < $1 limit $2)
    returning 1
  ) select count(*)::int as gone from gone`;

/** What one sweep did. */
export interface Swept {
  /** Readings that became part of a sample. */
  readings: number;
  /** Five-minute samples that became part of an hourly one. */
  fiveMinute: number;
  /** Hourly samples that are no more. */
  hourly: number;
  sessions: number;
}

/** Keeps the record plane from growing without end, at start and every hour. Any number of processes may do it at once. */
export class Retention {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #default: Keep;
  readonly #chunkRows: number;
  readonly #isEmbedded: boolean;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  /**
   * @param options.keep what holds for properties that the table `retention` does not name; default `DEFAULT_KEEP`
   * @param options.chunkRows rows per statement, 1 or more; default 2,000
   * @param options.isEmbedded true for PGlite: nobody but us gives the room of deleted rows back; default false
   */
  constructor(options: {
    database: Database;
    clock: Clock;
    log: Logger;
    keep?: Keep;
    chunkRows?: number;
    isEmbedded?: boolean;
  }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#default = options.keep ?? DEFAULT_KEEP;
    this.#chunkRows = options.chunkRows ?? CHUNK_ROWS;
    this.#isEmbedded = options.isEmbedded ?? false;
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

  /** Does all that is due at this moment. A sweep that was cut off is carried on by the next: nothing is lost or counted twice. */
  async sweep(): Promise<Swept> {
    const now = this.#clock.now();
    const own = await createKeepTable(this.#database, this.#clock).all();
    const swept: Swept = { readings: 0, fiveMinute: 0, hourly: 0, sessions: 0 };
    for (const property of await this.#properties('readings')) {
      const { rawDays } = own.get(property) ?? this.#default;
      swept.readings += await this.#repeat(THIN_OUT.raw, [property, toIso(now - rawDays * DAY_MS)]);
      await this.#reclaim('readings');
    }
    for (const property of await this.#properties('samples')) {
      const { fiveMinuteDays, hourlyDays } = own.get(property) ?? this.#default;
      swept.fiveMinute += await this.#repeat(THIN_OUT.fiveMinute, [property, toIso(now - fiveMinuteDays * DAY_MS)]);
      swept.hourly += await this.#repeat(THIN_OUT.hourly, [property, toIso(now - hourlyDays * DAY_MS)]);
    }
    await this.#reclaim('samples, sessions, commands, decisions');
    swept.sessions = await this.#repeat(EXPIRED_SESSIONS, [toIso(now)]);
    return swept;
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#running = this.#sweepAndLog();
    });
  }

  async #sweepAndLog(): Promise<void> {
    try {
      const swept = await this.sweep();
      if (Object.values(swept).some((count) => count > 0)) this.#log.info(swept, 'old records were thinned out');
    } catch (error) {
      this.#log.warn({ err: error }, 'old records could not be thinned out; the next try is in an hour');
    }
    if (this.#state === 'started') this.#schedule(HOUR_MS);
  }

  /**
   * PGlite has no autovacuum (measured: a table from which everything is deleted grows on with the next rows). Also
   * commands are rewritten with every step. Where nothing died it costs next to nothing.
   */
  async #reclaim(tables: string): Promise<void> {
    if (this.#isEmbedded && this.#state !== 'stopped') await this.#database.query(`vacuum (analyze) ${tables}`);
  }

  async #properties(table: 'readings' | 'samples'): Promise<string[]> {
    const rows = await this.#database.query<{ property: string }>(propertiesIn(table));
    return rows.map(({ property }) => property);
  }

  /** Chunk by chunk until there is nothing left to do, or the retention is stopped. Returns how many rows it was. */
  async #repeat(statement: string, parameters: readonly unknown[]): Promise<number> {
    let total = 0;
    while (this.#state !== 'stopped') {
      const [row] = await this.#database.query<{ gone: number }>(statement, [...parameters, this.#chunkRows]);
      const gone = row?.gone ?? 0;
      total += gone;
      if (gone < this.#chunkRows) break;
    }
    return total;
  }
}
