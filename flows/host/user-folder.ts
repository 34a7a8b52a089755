// Node-RED's user folder: the department's first flows, and the key of the credentials that its people enter.
import { randomBytes } from 'node:crypto';
import { constants, copyFile, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the flow file within the user folder. */
export const FLOW_FILE = 'flows.json';

/**
 * Makes the folder ready. What people have changed is never touched.
 *
 * @param firstFlows the file that is copied when there are no flows yet; nothing is copied when undefined
 * @returns the secret with which Node-RED encrypts credentials; made at the first start
 */
export async function prepareUserFolder(folder: string, firstFlows: string | undefined): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (firstFlows !== undefined)
    await unlessThere(copyFile(firstFlows, join(folder, FLOW_FILE), constants.COPYFILE_EXCL));
  const secretFile = join(folder, 'credential-secret');
  await unlessThere(writeNew(secretFile, randomBytes(32).toString('hex')));
  return (await readFile(secretFile, 'utf8')).trim();
}

/** Readable by the owner only; fails when the file exists. */
async function writeNew(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
}

async function unlessThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // It was there: exactly what must be kept.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
