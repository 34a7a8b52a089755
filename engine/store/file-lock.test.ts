import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lineOf } from '../../test/processes.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { acquireFileLock, FileLockedError } from './file-lock.ts';

const HOLDER = join(import.meta.dirname, '../../test/fixtures/lock-holder.ts');

it('refuses a second holder in the same process until the first lets go', async () => {
  const path = await lockPath();
  const lock = acquireFileLock(path);
  expect(() => acquireFileLock(path)).toThrow(FileLockedError);
  lock.release();
  lock.release();
  acquireFileLock(path).release();
});

it("refuses another process's lock and names the file", async () => {
  const path = await lockPath();
  await holdElsewhere(path);
  expect(() => acquireFileLock(path)).toThrow(`${path} is locked by another process`);
});

it('is free at once after kill -9 of its holder', async () => {
  const path = await lockPath();
  const holder = await holdElsewhere(path);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(() => acquireFileLock(path).release()).not.toThrow();
});

it("throws the system's own error when the folder is missing", () => {
  expect(() => acquireFileLock('/nowhere/at/all.lock')).toThrow('unable to open database file');
});

async function lockPath(): Promise<string> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, 'test.lock.db');
}

async function holdElsewhere(path: string) {
  const holder = spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await lineOf(holder, /^locked$/);
  return holder;
}
