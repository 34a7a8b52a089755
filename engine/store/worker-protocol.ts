// What the main thread and the thread of the embedded database say to each other.

/** One statement, or the end. Answered in order. */
export interface WorkerRequest {
  id: number;
  /** Absent: close the database. */
  statement?: { sql: string; parameters?: readonly unknown[] };
}

/** The answer to one request; `id` 0 says that the database is open. */
export type WorkerAnswer = { id: number; rows: unknown[] } | { id: number; error: WorkerError };

/** An error as it crosses the threads: structured clones of errors lose their own fields. */
export interface WorkerError {
  message: string;
  /** Absent: not the statement's fault. */
  sqlState?: string;
  constraint?: string;
}

/** What the thread is started with. */
export interface WorkerSettings {
  /** The folder of the database; made when missing, its parent must exist. */
  dataFolder: string;
}
