// A lock on a file that only one process can hold, and that the kernel releases however its holder dies.
import { DatabaseSync } from 'node:sqlite';

/** A lock that is held. */
export interface FileLock {
  /** Lets the next one have it. Safe to call twice. */
  release(): void;
}

/** Somebody else holds the lock. */
export class FileLockedError extends Error {
  override readonly name = 'FileLockedError';
}

/**
 * Takes the lock `path` (a file that is made when missing and stays), or throws {@link FileLockedError} at once when any
 * process holds it, this one included. SQLite's exclusive lock is used because Node has no flock of its own, and a file
 * with a process id in it would survive `kill -9`. Not for network file systems.
 *
 * @example const lock = acquireFileLock(".signalbox/launcher.lock.db");
 */
export function acquireFileLock(path: string): FileLock {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new FileLockedError(`${path} is locked by another process`, { cause: error });
    throw error;
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

/** SQLITE_BUSY (5), and its extended codes in the higher bits. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}
