// The box's own passwords and tokens: made once, kept in the data folder, readable by their owner only.
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { SignalboxError } from '../../engine/model/errors.ts';

const secretSchema = z.string().min(16);
const secretsSchema = z.strictObject({
  version: z.literal(1),
  /** The private Redis. */
  redisPassword: secretSchema,
  /** Department to the token of its flows runtime's link. */
  linkTokens: z.record(z.string(), secretSchema),
  /** Users of the embedded broker: `core`, `field` (simulated devices), and each department. */
  mqttPasswords: z.record(z.string(), secretSchema),
});

/** What the launcher keeps in `secrets.json`. */
export type Secrets = z.infer<typeof secretsSchema>;

/**
 * Reads the secrets of `file`, makes those that are missing (a new box, a new department), and keeps them.
 *
 * @throws SignalboxError `settings` when the file is not ours or damaged: new secrets would lock out what still knows the old
 */
export async function loadSecrets(file: string, departments: readonly string[]): Promise<Secrets> {
  const kept = await readSecrets(file);
  const secrets: Secrets = {
    version: 1,
    redisPassword: kept?.redisPassword ?? makeSecret(),
    linkTokens: completed(kept?.linkTokens, departments),
    mqttPasswords: completed(kept?.mqttPasswords, ['core', 'field', ...departments]),
  };
  const text = `${JSON.stringify(secrets, undefined, 2)}\n`;
  // Whole or not at all: a crash must not leave half a file.
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return secrets;
}

async function readSecrets(file: string): Promise<Secrets | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (error) {
    // The cause is left out of the text: it may repeat a secret.
    const problems = `${file}: cannot be read as Signalbox's secrets; restore it, or remove it to have new ones made`;
    throw new SignalboxError('settings', { problems }, { cause: error });
  }
}

function completed(kept: Readonly<Record<string, string>> = {}, names: readonly string[]): Record<string, string> {
  return { ...kept, ...Object.fromEntries(names.map((name) => [name, kept[name] ?? makeSecret()])) };
}

/** 192 bits, in letters that need no quoting anywhere. */
function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}
