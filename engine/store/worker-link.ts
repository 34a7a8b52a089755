// One life of the embedded database's thread, seen from the main thread: requests, answers, its end.
import { Worker } from 'node:worker_threads';
import { systemClock } from '../model/clock.ts';
import { SqlError, unavailable } from './sql-error.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSettings } from './worker-protocol.ts';

interface Pending {
  /** The asker knows the type of its rows, as with every SQL library; a method's parameter may be narrower. */
  resolve(rows: unknown[]): void;
  reject(error: unknown): void;
}

/** A running thread with an open database. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #death: Error | undefined;

  /**
   * Starts the thread and waits until its database is open. Rejects with `database-unavailable` when it cannot be opened.
   *
   * @param onDeath called once when the thread has ended, asked or not
   */
  static async start(settings: WorkerSettings, onDeath: (why: Error) => void): Promise<WorkerLink> {
    const link = new WorkerLink(settings, onDeath);
    await new Promise<unknown[]>((resolve, reject) => link.#pending.set(0, { resolve, reject }));
    return link;
  }

  private constructor(settings: WorkerSettings, onDeath: (why: Error) => void) {
    // Flags of the main thread (loaders, inspectors) are not for this one: Node runs the .ts file as it is.
    this.#worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), {
      workerData: settings,
      execArgv: [],
      name: 'database',
    });
    let cause: unknown;
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle(answer));
    this.#worker.on('error', (error) => {
      cause = error;
    });
    this.#worker.on('exit', (code) => {
      const why = cause instanceof Error ? cause.message : `its thread ended with code ${code}`;
      this.#death = unavailable(why, cause);
      for (const pending of this.#pending.values()) pending.reject(this.#death);
      this.#pending.clear();
      onDeath(this.#death);
    });
  }

  /** Runs one statement. After `limitMs` milliseconds the thread is ended: PGlite cannot be interrupted otherwise. */
  async send<Row>(sql: string, parameters: readonly unknown[] | undefined, limitMs: number): Promise<Row[]> {
    const cancel = systemClock.after(limitMs, () => void this.#worker.terminate());
    try {
      return await this.#request<Row>({ sql, ...(parameters ? { parameters } : {}) });
    } finally {
      cancel();
    }
  }

  /** Closes the database and ends the thread. Safe to call twice. */
  async close(): Promise<void> {
    await this.#request(undefined).catch(() => undefined);
    await this.#worker.terminate();
  }

  #request<Row>(statement: WorkerRequest['statement']): Promise<Row[]> {
    if (this.#death) return Promise.reject(this.#death);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Row[]>((resolve, reject) => {
      // Parameters that cannot be cloned throw here and reject this request only.
      this.#worker.postMessage({ id, ...(statement ? { statement } : {}) } satisfies WorkerRequest, []);
      this.#pending.set(id, { resolve: (rows: Row[]) => resolve(rows), reject });
    });
  }

  #settle(answer: WorkerAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('rows' in answer) pending?.resolve(answer.rows);
    else {
      const { message, sqlState, constraint } = answer.error;
      pending?.reject(sqlState === undefined ? unavailable(message) : new SqlError(message, sqlState, constraint));
    }
  }
}
