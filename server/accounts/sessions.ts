// Sessions of signed-in browsers: a random token in a cookie, its SHA-256 in the store.
import { randomBytes } from 'node:crypto';

import type { Clock } from '../../engine/model/clock.ts';
import type { Account, AccountStore } from '../../engine/index.ts';
import { hashSecret } from './secrets.ts';

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
    const confirmedAt = this.#clock.now();
    const expiresAt = confirmedAt + SESSION_MS;
    await this.#store.openSession({ tokenHash: hashSecret(token), account, expiresAt, confirmedAt });
    return { token, expiresAt };
  }

  /** Whose session this is, or undefined when there is none or it is over. */
  async find(token: string): Promise<{ account: Account; confirmedAt: number } | undefined> {
    const found = await this.#store.findSession(hashSecret(token), this.#clock.now());
    return found && { account: found.account, confirmedAt: found.session.confirmedAt };
  }

  /** The password was given again just now. */
  async confirm(token: string): Promise<void> {
    await this.#store.confirmSession(hashSecret(token), this.#clock.now());
  }

  /** Ends a session. Safe to call twice. */
  async close(token: string): Promise<void> {
    await this.#store.closeSession(hashSecret(token));
  }
}
