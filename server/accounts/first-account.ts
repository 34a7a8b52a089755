// The first start: an administrator exists, and somebody at the machine can learn the password.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AccountStore } from '../../engine/index.ts';
import { generatePassword, hashPassword } from './passwords.ts';
import { FIRST_ACCOUNT } from './sign-in.ts';

/** Where the generated password is noted until it has been used: `name: admin` and `password: …`, one per line. */
export const firstSignInFile = (dataFolder: string): string => join(dataFolder, 'first-sign-in.txt');

/**
 * Creates the account `admin` with the role administrator in `*` when there is no account at all.
 *
 * @param options `password`: given by the operator; without it one is generated and written to `firstSignInFile`, readable by its owner only
 * @returns true when the account was created
 */
export async function ensureFirstAccount(options: {
  accounts: AccountStore;
  dataFolder: string;
  password?: string | undefined;
}): Promise<boolean> {
  const { accounts, dataFolder } = options;
  if ((await accounts.count()) > 0) return false;
  const password = options.password ?? generatePassword();
  const passwordHash = await hashPassword(password);
  // The note comes first: an account whose password nobody knows could not be repaired.
  if (options.password === undefined) await note(firstSignInFile(dataFolder), password);
  await accounts.save({ name: FIRST_ACCOUNT, passwordHash, roles: { '*': ['administrator'] } });
  const saved = await accounts.find(FIRST_ACCOUNT);
  // Another gateway on the same database may have been first; then its note is the right one.
  if (saved?.passwordHash !== passwordHash) await rm(firstSignInFile(dataFolder), { force: true });
  return saved?.passwordHash === passwordHash;
}

async function note(path: string, password: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, `name: ${FIRST_ACCOUNT}\npassword: ${password}\n`, { mode: 0o600, flag: 'wx' });
}
