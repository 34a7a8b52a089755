import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { loadSecrets } from './secrets.ts';

it('makes every secret once, all different, readable by the owner only', async () => {
  const file = await secretsFile();
  const made = await loadSecrets(file, ['traffic', 'waste']);
  const all = [made.redisPassword, ...Object.values(made.linkTokens), ...Object.values(made.mqttPasswords)];
  expect(new Set(all).size).toBe(7);
  expect(all.every((secret) => /^[\w-]{32}$/.test(secret))).toBe(true);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await loadSecrets(file, ['traffic', 'waste'])).toEqual(made);
});

it('adds what a new department needs, and keeps what a department that is gone had', async () => {
  const file = await secretsFile();
  const before = await loadSecrets(file, ['traffic']);
  const after = await loadSecrets(file, ['parks']);
  expect(after.linkTokens).toEqual({ ...before.linkTokens, parks: expect.any(String) });
  expect(after.mqttPasswords).toEqual({ ...before.mqttPasswords, parks: expect.any(String) });
});

it.each(['not JSON', '{"version":2}'])('leaves a file alone that it cannot read: %s', async (text) => {
  const file = await secretsFile();
  await writeFile(file, text);
  await expect(loadSecrets(file, [])).rejects.toThrow(
    `${file}: cannot be read as Signalbox's secrets; restore it, or remove it`,
  );
  expect(await readFile(file, 'utf8')).toBe(text);
});

async function secretsFile(): Promise<string> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, 'secrets.json');
}
