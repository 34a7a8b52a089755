// A folder of its own for one test, gone afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder and its removal. */
export interface TempFolder {
  readonly path: string;
  /** Removes the folder with all it holds. Safe to call twice. */
  remove(): Promise<void>;
}

/**
 * Makes an empty folder in the system's temporary folder.
 *
 * @example const folder = await makeTempFolder(); onTestFinished(() => folder.remove());
 */
export async function makeTempFolder(prefix = 'signalbox-test-'): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return {
    path,
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
