// PostgreSQL through a small pool that answers or rejects in bounded time.
import { DatabaseError, Pool } from 'pg';
import type { Logger } from 'pino';
import type { MigratableDatabase } from './migrate.ts';
import type { Database } from './ports.ts';
import { SqlError, unavailable } from './sql-error.ts';
import { runTransaction, type Run } from './transaction.ts';

/** How long things may take, in milliseconds. */
export interface DatabaseLimits {
  /** Until a connection is there, waiting for a free one included. */
  connectMs: number;
  /** One statement. */
  statementMs: number;
  /** One transaction with all its work. */
  transactionMs: number;
}

/** The limits that programs run with. */
export const DATABASE_LIMITS: DatabaseLimits = { connectMs: 2_000, statementMs: 10_000, transactionMs: 15_000 };

/** Connections per process: enough for an API beside a recorder, few enough for many processes on one server. */
const POOL_SIZE = 6;

/** The server's own limit strikes first, so that it says what it stopped; ours is for a server that answers nothing. */
const GRACE_MS = 500;

/**
 * SQLSTATEs that speak of the connection or the server and not of the statement: classes 08 and 53, 57014 (statement
 * timeout), 57P01 to 57P05 (shut down, crashed, not yet started, idle), 25P03 (idle in a transaction).
 */
const UNAVAILABLE_STATES = /^(?:08|53|57014|57P|25P03)/;

/** A database on a PostgreSQL server. */
export class PostgresDatabase implements MigratableDatabase {
  readonly #pool: Pool;
  readonly #limits: DatabaseLimits;
  #closing: Promise<void> | undefined;

  /**
   * Opens nothing yet: the first query does.
   *
   * @param url `postgres://user:password@host:5432/name`; `?sslmode=verify-full` for TLS
   * @param log told of connections that broke while idle
   */
  constructor(url: string, log: Logger, limits: DatabaseLimits = DATABASE_LIMITS) {
    this.#limits = limits;
    this.#pool = new Pool({
      connectionString: url,
      max: POOL_SIZE,
      keepAlive: true,
      application_name: 'signalbox',
      connectionTimeoutMillis: limits.connectMs,
      statement_timeout: limits.statementMs,
      idle_in_transaction_session_timeout: limits.transactionMs + GRACE_MS,
    });
    // Without a listener the loss of an idle connection would end the process.
    this.#pool.on('error', (error) => log.warn({ why: describe(error) }, 'an idle database connection was lost'));
  }

  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.#withClient(this.#limits.statementMs, (run) => run<Row>(sql, parameters));
  }

  transaction<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
    const { statementMs, transactionMs } = this.#limits;
    return this.#withClient(statementMs, (run) => runTransaction(run, work, transactionMs));
  }

  longTransaction<Outcome>(work: (database: Database) => Promise<Outcome>, limitMs: number): Promise<Outcome> {
    const unlimited = async (database: Database): Promise<Outcome> => {
      await database.query(`set local statement_timeout = ${Math.round(limitMs)}`);
      return work(database);
    };
    return this.#withClient(limitMs, (run) => runTransaction(run, unlimited, limitMs));
  }

  /** Lets running queries end, then closes all connections. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #withClient<Outcome>(statementMs: number, work: (run: Run) => Promise<Outcome>): Promise<Outcome> {
    if (this.#closing) throw unavailable('it was closed');
    const client = await this.#connect();
    let broken = false;
    // A connection that breaks between two statements says so by this event only, and unheard it would end the process.
    const onError = (): void => {
      broken = true;
    };
    client.on('error', onError);
    try {
      return await work(async <Row>(sql: string, parameters?: readonly unknown[]) => {
        try {
          const limited = { text: sql, query_timeout: statementMs + GRACE_MS };
          return rowsOf(await client.query<Row>(parameters ? { ...limited, values: [...parameters] } : limited));
        } catch (error) {
          const known = translate(error);
          broken ||= !(known instanceof SqlError);
          throw known;
        }
      });
    } finally {
      // A connection that timed out or broke may still be busy with the old statement: it is not used again.
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #connect(): Promise<Connection> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw unavailable(describe(error), error);
    }
  }
}

/** The slice of a pooled client that is used; the asker knows the type of its rows. */
interface Connection {
  query<Row>(statement: Statement): Promise<Result<Row> | Result<Row>[]>;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
  release(destroy: boolean): void;
}

interface Statement {
  text: string;
  values?: unknown[];
  query_timeout: number;
}

interface Result<Row> {
  rows: Row[];
}

/** Several statements in one text answer with one result each; the last one's rows count. */
function rowsOf<Row>(result: Result<Row> | Result<Row>[]): Row[] {
  return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
}

function translate(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    const state = error.code ?? 'XX000';
    return UNAVAILABLE_STATES.test(state)
      ? unavailable(error.message, error)
      : new SqlError(error.message, state, error.constraint, { cause: error });
  }
  // A mistake in our own parameters is not the server's absence.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return unavailable(describe(error), error);
}

/** Node reports a host with several addresses as an AggregateError without a message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
