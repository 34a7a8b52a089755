// Writes decisions, commands and readings in batches: at once when idle, and while one batch is written the next gathers.
import type { Logger } from 'pino';
import type { CommandRecord } from '../model/command.ts';
import type { Database, Recorder } from './ports.ts';
import { MOST_COMMANDS, recordCommands } from './record-commands.ts';
import {
  ALARMS,
  COMMANDS,
  DECISIONS,
  HALTS,
  MESSAGES,
  ORDERS,
  POINT_CHANGES,
  READINGS,
  type RecordTable,
} from './record-rows.ts';
import { isBadData, isUnavailable, unavailable } from './sql-error.ts';
import { toStorableJson } from './sql-text.ts';

type Batch = Parameters<Recorder['record']>[0];

/** Rows per statement: more gain little and hold up readers of the embedded database. */
const LARGEST_STATEMENT = 500;
/** Records per group of batches that are written, and answered, together. */
const LARGEST_GROUP = 2_000;
/** Records that may wait: some seconds of a large city. */
const MOST_WAITING = 50_000;

interface Waiting {
  batch: Batch;
  size: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** The recorder of one process. */
export class BatchRecorder implements Recorder {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #mostWaiting: number;
  #waiting: Waiting[] = [];
  #waitingSize = 0;
  #writing: Promise<void> | undefined;
  #stopped = false;

  /**
   * @param options.log told of records that the database can never take
   * @param options.mostWaiting records that may wait to be written; default 50,000
   */
  constructor(options: { database: Database; log: Logger; mostWaiting?: number }) {
    this.#database = options.database;
    this.#log = options.log;
    this.#mostWaiting = options.mostWaiting ?? MOST_WAITING;
  }

  /**
   * Resolves when the batch is durable. Rejects with `database-unavailable` when the database is gone, when too many
   * records wait already, or after `stop()`; giving the batch again is harmless. A record whose values no database can
   * hold is logged and left out, so that it cannot keep the others from being written.
   */
  record(batch: Batch): Promise<void> {
    const size = sizeOf(batch);
    if (size === 0) return Promise.resolve();
    if (this.#stopped) return Promise.reject(unavailable('the recorder was stopped'));
    if (this.#waitingSize > 0 && this.#waitingSize + size > this.#mostWaiting)
      return Promise.reject(unavailable(`${this.#waitingSize} records are waiting to be written`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, size, resolve, reject });
      this.#waitingSize += size;
      this.#writing ??= this.#writeAll();
    });
  }

  /** Writes what waits and takes no more. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // One turn of the microtask queue: batches given in one go are written as one.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#write(group.map(({ batch }) => batch));
        for (const { resolve } of group) resolve();
      } catch (error) {
        // The others would each wait for the same time limit: all are told at once.
        const failed = isUnavailable(error) ? [...group, ...this.#takeAll()] : group;
        for (const { reject } of failed) reject(error);
      }
    }
    this.#writing = undefined;
  }

  #takeGroup(): Waiting[] {
    let size = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      size += waiting.size;
      return index > 0 && size > LARGEST_GROUP;
    });
    return this.#took(this.#waiting.splice(0, end === -1 ? this.#waiting.length : end));
  }

  #takeAll(): Waiting[] {
    return this.#took(this.#waiting.splice(0));
  }

  #took(taken: Waiting[]): Waiting[] {
    this.#waitingSize -= taken.reduce((sum, { size }) => sum + size, 0);
    return taken;
  }

  async #write(batches: readonly Batch[]): Promise<void> {
    // Readings first: whoever finds a decision or a command also finds what it was made of.
    await this.#writeTable(
      READINGS,
      batches.flatMap(({ readings }) => readings),
    );
    await this.#writeTable(
      DECISIONS,
      batches.flatMap(({ decisions }) => decisions),
    );
    await this.#writeTable(
      POINT_CHANGES,
      batches.flatMap(({ pointChanges = [] }) => pointChanges),
    );
    const commands = longestOfEach(batches.flatMap(({ commands: some }) => some));
    for (let start = 0; start < commands.length; start += MOST_COMMANDS)
      await this.#writeRows(COMMANDS, commands.slice(start, start + MOST_COMMANDS), recordCommands);
    await this.#writeTable(
      ORDERS,
      lastOfEach(
        ORDERS,
        batches.flatMap(({ orders = [] }) => orders),
      ),
    );
    await this.#writeTable(
      MESSAGES,
      lastOfEach(
        MESSAGES,
        batches.flatMap(({ messages = [] }) => messages),
      ),
    );
    await this.#writeTable(
      HALTS,
      lastOfEach(
        HALTS,
        batches.flatMap(({ halts = [] }) => halts),
      ),
    );
    await this.#writeTable(
      ALARMS,
      lastOfEach(
        ALARMS,
        batches.flatMap(({ alarms = [] }) => alarms).toSorted((left, right) => left.revision - right.revision),
      ),
    );
  }

  async #writeTable<RecordType>(table: RecordTable<RecordType>, records: readonly RecordType[]): Promise<void> {
    for (let start = 0; start < records.length; start += LARGEST_STATEMENT)
      await this.#writeRows(table, records.slice(start, start + LARGEST_STATEMENT), (database, rows) =>
        database.query(table.upsert, [toStorableJson(rows.map((record) => table.toRow(record)))]),
      );
  }

  /** Halves what cannot be stored until the culprit stands alone. */
  async #writeRows<RecordType>(
    table: RecordTable<RecordType>,
    records: readonly RecordType[],
    write: (database: Database, records: readonly RecordType[]) => Promise<unknown>,
  ): Promise<void> {
    try {
      await write(this.#database, records);
    } catch (error) {
      // A RangeError: an instant outside of JavaScript's calendar.
      if (!isBadData(error) && !(error instanceof RangeError)) throw error;
      const [first] = records;
      if (records.length === 1 && first !== undefined) {
        const why = error instanceof Error ? error.message : String(error);
        this.#log.error(
          { table: table.name, key: table.keyOf(first), why },
          'a record cannot be stored and is left out',
        );
        return;
      }
      const middle = Math.ceil(records.length / 2);
      await this.#writeRows(table, records.slice(0, middle), write);
      await this.#writeRows(table, records.slice(middle), write);
    }
  }
}

const sizeOf = (batch: Batch): number =>
  Object.values(batch).reduce((sum: number, list: readonly unknown[] | undefined) => sum + (list?.length ?? 0), 0);

/** One statement may not change one row twice: of each the last one that came. */
const lastOfEach = <Kind>(table: RecordTable<Kind>, records: readonly Kind[]): Kind[] => [
  ...new Map(records.map((record) => [table.keyOf(record), record])).values(),
];

/** One statement may not change one row twice: of each command the record with the most steps. */
function longestOfEach(records: readonly CommandRecord[]): CommandRecord[] {
  const longest = new Map<string, CommandRecord>();
  for (const record of records) {
    const known = longest.get(record.command.commandId);
    if (!known || record.steps.length > known.steps.length) longest.set(record.command.commandId, record);
  }
  return [...longest.values()];
}
