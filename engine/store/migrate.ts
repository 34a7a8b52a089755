// Brings a database to this program's schema: numbered SQL files, each applied once, all or none.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignalboxError } from '../model/errors.ts';
import type { Database } from './ports.ts';

const MIGRATIONS_FOLDER = join(import.meta.dirname, 'migrations');

/** One box's migrations at a time, whatever the number of processes: any constant that nobody else uses ("sgbx"). */
const ADVISORY_LOCK = 0x73_67_62_78;

/** A migration may rewrite a large table, and wait for another process that does: ten minutes. */
const MIGRATION_LIMIT_MS = 600_000;

/** A database whose schema can be changed. Statements without parameters may be several in one text. */
export interface MigratableDatabase extends Database {
  /** A transaction with a time limit of its own, in milliseconds, for each statement and for the whole. */
  longTransaction<Outcome>(work: (database: Database) => Promise<Outcome>, limitMs: number): Promise<Outcome>;
}

interface Migration {
  number: number;
  name: string;
  sql: string;
}

/**
 * Applies the migrations that the database lacks, in one transaction. Harmless when there are none.
 *
 * @returns the names of those applied, in their order
 * Throws `database-newer` when a newer program has migrated it: an older one could misread its rows.
 */
export async function migrate(database: MigratableDatabase): Promise<string[]> {
  const known = await readMigrations();
  return database.longTransaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1::int)', [ADVISORY_LOCK]);
    await transaction.query(
      'create table if not exists signalbox_migrations ' +
        '(number integer primary key, name text not null, applied_at timestamptz not null default now())',
    );
    const applied = await transaction.query<{ number: number }>('select number from signalbox_migrations');
    const done = new Set(applied.map(({ number }) => number));
    const found = Math.max(0, ...done);
    const newest = known.at(-1)?.number ?? 0;
    if (found > newest) throw new SignalboxError('database-newer', { found, known: newest });
    const missing = known.filter(({ number }) => !done.has(number));
    for (const { number, name, sql } of missing) {
      await transaction.query(sql);
      await transaction.query('insert into signalbox_migrations (number, name) values ($1, $2)', [number, name]);
    }
    return missing.map(({ name }) => name);
  }, MIGRATION_LIMIT_MS);
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((file) => /^\d{4}-.+\.sql$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file) => ({
      number: Number(file.slice(0, 4)),
      name: file,
      sql: await readFile(join(MIGRATIONS_FOLDER, file), 'utf8'),
    })),
  );
}
