// At each start: an administrator exists, and whoever runs the machine can learn or set the password.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AccountStore, AuditLog } from '../../engine/index.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { generatePassword, hashPassword, verifyPassword } from './passwords.ts';
import { FIRST_ACCOUNT } from './sign-in.ts';

/** What the first account is made of. */
export interface FirstAccountParts {
  accounts: AccountStore;
  audit: AuditLog;
  clock: Clock;
  dataFolder: string;
  /** SIGNALBOX_ADMIN_PASSWORD; without it one is generated for a new account, and an existing one keeps its own. */
  password?: string | undefined;
}

/** Both roles, so that somebody may edit interlocks from the beginning; whoever runs the city may give `safety` to another. */
const ADMINISTRATOR = { '*': ['administrator' as const, 'safety' as const] };

/** Where the generated password is noted until it has been used: `name: admin` and `password: …`, one per line. */
export const firstSignInFile = (dataFolder: string): string => join(dataFolder, 'first-sign-in.txt');

/**
 * Creates the account `admin` with the roles administrator and safety in `*` when there is no account at all; a generated password
 * is written to `firstSignInFile`, readable by its owner only. A given password becomes that of `admin` at every start,
 * so that a lost one can be replaced by whoever runs the machine; sessions stay open, and the book says that it was set.
 *
 * @returns what was done
 */
export async function ensureFirstAccount(parts: FirstAccountParts): Promise<'created' | 'password-set' | 'unchanged'> {
  const { accounts, dataFolder } = parts;
  if ((await accounts.count()) > 0) return setPassword(parts);
  const password = parts.password ?? generatePassword();
  const passwordHash = await hashPassword(password);
  // The note comes first: an account whose password nobody knows could not be repaired.
  if (parts.password === undefined) await note(firstSignInFile(dataFolder), password);
  await accounts.save({ name: FIRST_ACCOUNT, passwordHash, roles: ADMINISTRATOR });
  const saved = await accounts.find(FIRST_ACCOUNT);
  if (saved?.passwordHash === passwordHash) return 'created';
  // Another gateway on the same database was first; then its note is the right one.
  await rm(firstSignInFile(dataFolder), { force: true });
  return 'unchanged';
}

/** Makes the given password the account's, unless it is that already. */
async function setPassword(parts: FirstAccountParts): Promise<'password-set' | 'unchanged'> {
  const { accounts, audit, clock, dataFolder, password } = parts;
  if (password === undefined) return 'unchanged';
  const account = await accounts.find(FIRST_ACCOUNT);
  if (account && (await verifyPassword(password, account.passwordHash))) return 'unchanged';
  const passwordHash = await hashPassword(password);
  // The book comes first: no password is changed that it does not show.
  await audit.append({
    at: clock.now(),
    actor: 'system:start',
    department: '*',
    verb: 'set-password',
    subject: FIRST_ACCOUNT,
    detail: { from: 'SIGNALBOX_ADMIN_PASSWORD' },
  });
  await accounts.save({ name: FIRST_ACCOUNT, passwordHash, roles: account?.roles ?? ADMINISTRATOR });
  // What a note says about the password is no longer so.
  await rm(firstSignInFile(dataFolder), { force: true });
  return 'password-set';
}

async function note(path: string, password: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, `name: ${FIRST_ACCOUNT}\npassword: ${password}\n`, { mode: 0o600, flag: 'wx' });
}
