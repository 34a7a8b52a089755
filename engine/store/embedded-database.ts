// The embedded default: PGlite in a thread of its own, one process per folder, healed when its thread dies.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { SignalboxError } from '../model/errors.ts';
import { acquireFileLock, FileLockedError, type FileLock } from './file-lock.ts';
import type { MigratableDatabase } from './migrate.ts';
import type { Database } from './ports.ts';
import { DATABASE_LIMITS, type DatabaseLimits } from './postgres-database.ts';
import { unavailable } from './sql-error.ts';
import { runTransaction, type Run } from './transaction.ts';
import { WorkerLink } from './worker-link.ts';

/**
 * A database in a folder. PGlite has one session, so queries and whole transactions take turns, in the order in which they
 * came.
 */
export class EmbeddedDatabase implements MigratableDatabase {
  readonly #folder: string;
  readonly #lock: FileLock;
  readonly #log: Logger;
  readonly #limits: DatabaseLimits;
  #link: Promise<WorkerLink> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /**
   * Opens `<folder>/database`, making it when missing.
   * Throws `folder-in-use` when any process, this one included, has it open, and `database-unavailable` when it cannot be
   * opened.
   */
  static async open(folder: string, log: Logger, limits: DatabaseLimits = DATABASE_LIMITS): Promise<EmbeddedDatabase> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const database = new EmbeddedDatabase(folder, lockFolder(folder), log, limits);
    try {
      await database.#alive();
    } catch (error) {
      await database.close();
      throw error;
    }
    log.warn(
      { folder: join(folder, 'database') },
      'the embedded database survives a crash but not a power cut (it does not fsync): set DATABASE_URL for PostgreSQL',
    );
    return database;
  }

  private constructor(folder: string, lock: FileLock, log: Logger, limits: DatabaseLimits) {
    this.#folder = folder;
    this.#lock = lock;
    this.#log = log;
    this.#limits = limits;
  }

  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.#inTurn(this.#limits.statementMs, (run) => run<Row>(sql, parameters));
  }

  transaction<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
    const { statementMs, transactionMs } = this.#limits;
    return this.#inTurn(statementMs, (run) => runTransaction(run, work, transactionMs));
  }

  longTransaction<Outcome>(work: (database: Database) => Promise<Outcome>, limitMs: number): Promise<Outcome> {
    return this.#inTurn(limitMs, (run) => runTransaction(run, work, limitMs));
  }

  /** Waits for what was asked before, closes and gives the folder free. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turn;
    const link = await this.#link?.catch(() => undefined);
    await link?.close();
    this.#lock.release();
  }

  #inTurn<Outcome>(statementMs: number, task: (run: Run) => Promise<Outcome>): Promise<Outcome> {
    if (this.#closing) return Promise.reject(unavailable('it was closed'));
    const mine = this.#turn.then(async () => {
      // One link for the whole task: a transaction must not go on in another thread's session.
      const link = await this.#alive();
      return task(<Row>(sql: string, parameters?: readonly unknown[]) => link.send<Row>(sql, parameters, statementMs));
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The running thread; a new one when the last has died. */
  #alive(): Promise<WorkerLink> {
    this.#link ??= WorkerLink.start({ dataFolder: join(this.#folder, 'database') }, (why) => {
      this.#link = undefined;
      if (!this.#closing) this.#log.error({ why: why.message }, 'the database thread ended; the next query starts it');
    });
    return this.#link;
  }
}

function lockFolder(folder: string): FileLock {
  try {
    return acquireFileLock(join(folder, 'database.lock.db'));
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw error;
    throw new SignalboxError('folder-in-use', { path: join(folder, 'database') }, { cause: error });
  }
}
