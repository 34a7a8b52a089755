// The thread in which PGlite runs, so that a long scan never holds up the rest of the process.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { WorkerAnswer, WorkerError, WorkerRequest, WorkerSettings } from './worker-protocol.ts';

const { dataFolder }: WorkerSettings = workerData;
const port = parentPort;
if (!port) throw new Error('this file is started as a worker thread');

const answer = (message: WorkerAnswer): void => port.postMessage(message);

if (!existsSync(dataFolder)) await createDatabase(dataFolder);
const database = await PGlite.create(dataFolder);
port.on('message', (request: WorkerRequest) => void handle(request));
answer({ id: 0, rows: [] });

/** Fills a folder beside it and renames it: a first start that is killed half-way leaves nothing that cannot be opened. */
async function createDatabase(folder: string): Promise<void> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const fresh = await PGlite.create(unfinished);
  await fresh.close();
  await rename(unfinished, folder);
}

async function handle({ id, statement }: WorkerRequest): Promise<void> {
  try {
    if (!statement) {
      await database.close();
      answer({ id, rows: [] });
      port?.close();
      return;
    }
    answer({ id, rows: await run(statement.sql, statement.parameters) });
  } catch (error) {
    answer({ id, error: toWorkerError(error) });
    // A trap inside WebAssembly leaves the database in an undefined state: this thread ends, the main one starts another.
    if (error instanceof Error && (error.name === 'RuntimeError' || error.name === 'ExitStatus')) throw error;
  }
}

/** Without parameters the text may hold several statements, as in PostgreSQL's simple protocol. */
async function run(sql: string, parameters?: readonly unknown[]): Promise<unknown[]> {
  if (parameters && parameters.length > 0) return (await database.query(sql, [...parameters])).rows;
  return (await database.exec(sql)).at(-1)?.rows ?? [];
}

function toWorkerError(error: unknown): WorkerError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  return {
    message: error.message,
    ...(typeof code === 'string' ? { sqlState: code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
  };
}
