// Opens the record plane's database: PostgreSQL where a URL is given, else PGlite in the data folder.
import type { Logger } from 'pino';
import { sealWaiting } from './audit.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { migrate, type MigratableDatabase } from './migrate.ts';
import type { Database } from './ports.ts';
import { PostgresDatabase } from './postgres-database.ts';

/**
 * Opens the database and brings its schema up to date.
 *
 * @param options.url a PostgreSQL server, `postgres://user:password@host:5432/name`, TLS by `?sslmode=verify-full`; without
 *   it the embedded database is used
 * @param options.folder the data folder; the embedded database lives in `<folder>/database`
 * Throws `database-unavailable` (within about 2 s), `folder-in-use`, `database-newer`.
 * @example const database = await openDatabase({ folder: '.signalbox', log });
 */
export async function openDatabase(options: { url?: string; folder: string; log: Logger }): Promise<Database> {
  const { url, folder, log } = options;
  const database: MigratableDatabase =
    url === undefined ? await EmbeddedDatabase.open(folder, log) : new PostgresDatabase(url, log);
  try {
    const applied = await migrate(database);
    if (applied.length > 0) log.info({ applied }, 'the database was migrated');
    await sealWaiting(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
