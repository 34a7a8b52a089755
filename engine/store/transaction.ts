// Transactions on one connection: begin, work, commit or roll back; nested ones are savepoints.
import { systemClock } from '../model/clock.ts';
import type { Database } from './ports.ts';
import { unavailable } from './sql-error.ts';

/** Sends one statement over one connection and answers its rows. */
export type Run = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/**
 * Runs `work` in one transaction over the connection behind `run`. It is rolled back when `work` rejects, when one of its
 * statements failed (PostgreSQL would turn such a commit into a silent rollback), and after `limitMs` milliseconds with
 * `database-unavailable`: a transaction that waits for something else would hold everybody up.
 */
export async function runTransaction<Outcome>(
  run: Run,
  work: (database: Database) => Promise<Outcome>,
  limitMs: number,
): Promise<Outcome> {
  await run('begin');
  const scope = new TransactionScope(run);
  try {
    const outcome = await withinLimit(scope.perform(work), limitMs);
    await run('commit');
    return outcome;
  } catch (error) {
    // Why the rollback fails does not matter: the first error says more, and a broken connection rolls back by itself.
    await run('rollback').catch(() => undefined);
    throw error;
  } finally {
    scope.end();
  }
}

async function withinLimit<Outcome>(working: Promise<Outcome>, limitMs: number): Promise<Outcome> {
  let cancel: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    cancel = systemClock.after(limitMs, () => reject(unavailable(`a transaction took longer than ${limitMs} ms`)));
  });
  try {
    return await Promise.race([working, limit]);
  } finally {
    cancel?.();
  }
}

/** The database as the work of one transaction sees it. */
class TransactionScope implements Database {
  readonly #run: Run;
  #open = true;
  #failure: unknown;
  #savepoints = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  async perform<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
    const outcome = await work(this);
    this.#open = false;
    if (this.#failure !== undefined) throw this.#failure;
    return outcome;
  }

  async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    this.#requireOpen();
    try {
      return await this.#run<Row>(sql, parameters);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  async transaction<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
    this.#requireOpen();
    this.#savepoints += 1;
    const savepoint = `nested_${this.#savepoints}`;
    await this.query(`savepoint ${savepoint}`);
    const scope = new TransactionScope(this.#run);
    try {
      const outcome = await scope.perform(work);
      await this.query(`release savepoint ${savepoint}`);
      return outcome;
    } catch (error) {
      await this.query(`rollback to savepoint ${savepoint}`);
      throw error;
    } finally {
      scope.end();
    }
  }

  /** A transaction ends with its work; there is nothing of its own to close. */
  async close(): Promise<void> {
    this.end();
  }

  end(): void {
    this.#open = false;
  }

  #requireOpen(): void {
    if (!this.#open) throw new Error('this transaction has ended; use the database itself');
  }
}
