// Lets clients in to the embedded broker: fixed passwords for the box's own programs, stored ones for devices.
import { createHash, timingSafeEqual } from 'node:crypto';

import type { Clock } from '../../model/clock.ts';
import { principalOf, type Principal } from './broker-rights.ts';

/** Is this the device's secret? Slow on purpose (argon2id), so its answers are remembered for a while. */
export type VerifyDevice = (department: string, device: string, secret: string) => Promise<boolean>;

/** How long a device's right secret is believed without asking again, and a wrong one refused; milliseconds. */
const RIGHT_FOR_MS = 5 * 60_000;
const WRONG_FOR_MS = 5_000;
const MOST_REMEMBERED = 20_000;

/** What the door needs. */
export interface BrokerDoorOptions {
  /** Password per fixed user: `core`, `field`, and each department. */
  passwords: Readonly<Record<string, string>>;
  verifyDevice: VerifyDevice;
  clock: Clock;
}

/** Knows who is who. */
export class BrokerDoor {
  readonly #options: BrokerDoorOptions;
  readonly #remembered = new Map<string, { answer: Promise<boolean>; until: number }>();

  constructor(options: BrokerDoorOptions) {
    this.#options = options;
  }

  /** Who this is, or undefined: unknown, a wrong password, or none at all. */
  async admit(username: string | undefined, password: Buffer | undefined): Promise<Principal | undefined> {
    if (username === undefined || password === undefined) return undefined;
    const who = principalOf(username);
    if (!who) return undefined;
    const { passwords } = this.#options;
    if (who.kind !== 'device') {
      const expected = Object.hasOwn(passwords, username) ? passwords[username] : undefined;
      return expected !== undefined && isSame(password, Buffer.from(expected)) ? who : undefined;
    }
    return (await this.#isRight(who, password)) ? who : undefined;
  }

  /** The same device with the same secret is asked about once, also when it connects many times at once. */
  #isRight({ department, device }: { department: string; device: string }, password: Buffer): Promise<boolean> {
    const now = this.#options.clock.now();
    const key = `${department}.${device} ${digest(password).toString('base64')}`;
    const known = this.#remembered.get(key);
    if (known && now < known.until) return known.answer;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    const answer = this.#options.verifyDevice(department, device, password.toString('utf8'));
    const entry = { answer, until: now + RIGHT_FOR_MS };
    this.#remembered.set(key, entry);
    void answer
      .then((isRight) => {
        if (!isRight) entry.until = now + WRONG_FOR_MS;
        return isRight;
      })
      .catch(() => this.#remembered.delete(key));
    return answer;
  }
}

const digest = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();

/** Compares digests, so that neither content nor length shows in the time it takes. */
const isSame = (left: Buffer, right: Buffer): boolean => timingSafeEqual(digest(left), digest(right));
