// Sessions of signed-in browsers: a random token in a cookie, its SHA-256 in the store.
import { createHash, randomBytes } from 'node:crypto';

import type { Clock } from '../../engine/model/clock.ts';
import type { Account, AccountStore } from '../../engine/index.ts';

/** A session ends after this time at the latest, in milliseconds: a long shift. */
export const SESSION_MS = 12 * 3_600_000;

/** Opens, finds and closes sessions. */
export class Sessions {
  readonly #store: AccountStore;
  readonly #clock: Clock;

  constructor(store: AccountStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Opens a session; the token (43 characters) is for the cookie and is kept nowhere else. */
  async open(account: string): Promise<{ token: string; expiresAt: number }> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = this.#clock.now() + SESSION_MS;
    await this.#store.openSession({ tokenHash: hashToken(token), account, expiresAt });
    return { token, expiresAt };
  }

  /** Whose session this is, or undefined when there is none or it is over. */
  async find(token: string): Promise<Account | undefined> {
    const found = await this.#store.findSession(hashToken(token), this.#clock.now());
    return found?.account;
  }

  /** Ends a session. Safe to call twice. */
  async close(token: string): Promise<void> {
    await this.#store.closeSession(hashToken(token));
  }
}

// The token has 256 bits of its own, so a fast hash without salt is enough.
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
