// Signing in: a name and a password become a session, slowly for those who guess.
import { rm } from 'node:fs/promises';

import type { Account, AccountStore } from '../../engine/index.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { Attempts } from './attempts.ts';
import { verifyPassword } from './passwords.ts';
import type { Sessions } from './sessions.ts';

/** How many passwords are checked at once: each takes 19 MiB and one of Node's four pool threads. */
const CHECKS_AT_ONCE = 2;
/** How many may wait for that; more are told to come back. */
const CHECKS_WAITING = 64;

/** A hash nobody has the password of: unknown names take as long as known ones. */
const NOBODY = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** What somebody offers, and from where. */
export interface Credentials {
  name: string;
  password: string;
  /** IP address of the browser. */
  address: string;
}

/** Checks credentials and opens sessions. */
export class SignIn {
  readonly #accounts: AccountStore;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;
  readonly #firstSignInFile: string;
  #checking = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param parts `firstSignInFile`: the note with the generated password, removed once its account has signed in */
  constructor(parts: { accounts: AccountStore; sessions: Sessions; attempts: Attempts; firstSignInFile: string }) {
    this.#accounts = parts.accounts;
    this.#sessions = parts.sessions;
    this.#attempts = parts.attempts;
    this.#firstSignInFile = parts.firstSignInFile;
  }

  /**
   * @returns the account and a new session's token
   * @throws SignalboxError `wrong-credentials` (the same for an unknown name), `too-many-attempts` with `seconds`
   */
  async signIn(credentials: Credentials): Promise<{ account: Account; token: string }> {
    const account = await this.check(credentials);
    const { token } = await this.#sessions.open(account.name);
    if (account.name === FIRST_ACCOUNT) await rm(this.#firstSignInFile, { force: true });
    return { account, token };
  }

  /**
   * Whose credentials these are; no session is opened.
   *
   * @throws SignalboxError as `signIn`
   */
  async check({ name, password, address }: Credentials): Promise<Account> {
    if (this.#waiting.length >= CHECKS_WAITING) throw new SignalboxError('too-many-attempts', { seconds: 1 });
    const seconds = this.#attempts.begin(name, address);
    if (seconds > 0) throw new SignalboxError('too-many-attempts', { seconds });
    const account = await this.#accounts.find(name);
    const right = await this.#verify(password, account?.passwordHash ?? NOBODY);
    if (!account || !right) throw new SignalboxError('wrong-credentials');
    this.#attempts.succeeded(name, address);
    return account;
  }

  async #verify(password: string, hash: string): Promise<boolean> {
    if (this.#checking >= CHECKS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#checking += 1;
    try {
      return await verifyPassword(password, hash);
    } finally {
      const next = this.#waiting.shift();
      // The place goes to the next one directly, so that nobody slips in between.
      if (next) next();
      else this.#checking -= 1;
    }
  }
}

/** The account that exists from the first start on. */
export const FIRST_ACCOUNT = 'admin';
