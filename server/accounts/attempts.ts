// Slows down guessing: who fails often must wait, and only from where the failures came.
import { isIPv6 } from 'node:net';

import type { Clock } from '../../engine/model/clock.ts';

/** Failures that cost nothing: per account and address, and per address over all accounts. */
const FREE_PER_ACCOUNT = 5;
const FREE_PER_ADDRESS = 30;
/** The wait doubles with each further failure, up to this. */
const LONGEST_WAIT_SECONDS = 900;
/** Failures are forgotten after this time without another one. */
const FORGET_MS = 3_600_000;
/** The most keys remembered; the ones unused longest go first. */
const MOST_KEYS = 10_000;

interface Failures {
  count: number;
  lastAt: number;
}

/**
 * Counts failed sign-ins. An account is never locked as such: a correct sign-in from another address always passes,
 * so nobody can shut somebody else out.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Begins an attempt. It counts as failed until `succeeded` says otherwise, so that many at once gain nothing.
   *
   * @returns whole seconds to wait, or 0 when the attempt may be made (only then it counts)
   */
  begin(account: string, address: string): number {
    const wait = Math.max(
      this.#wait(pairKey(account, address), FREE_PER_ACCOUNT),
      this.#wait(network(address), FREE_PER_ADDRESS),
    );
    if (wait > 0) return wait;
    this.#count(pairKey(account, address));
    this.#count(network(address));
    return 0;
  }

  /** The attempt was good: its pair starts afresh, and it no longer counts against the address. */
  succeeded(account: string, address: string): void {
    this.#failures.delete(pairKey(account, address));
    const shared = this.#failures.get(network(address));
    if (shared) shared.count = Math.max(0, shared.count - 1);
  }

  #wait(key: string, free: number): number {
    const failures = this.#failures.get(key);
    if (!failures || failures.count < free) return 0;
    const now = this.#clock.now();
    if (now - failures.lastAt > FORGET_MS) {
      this.#failures.delete(key);
      return 0;
    }
    const waitSeconds = Math.min(2 ** Math.min(failures.count - free, 16), LONGEST_WAIT_SECONDS);
    return Math.max(0, Math.ceil((failures.lastAt + waitSeconds * 1_000 - now) / 1_000));
  }

  #count(key: string): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    // Deleting first moves the key to the end: a Map keeps the order of insertion.
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: this.#clock.now() });
    const oldest = this.#failures.keys().next().value;
    if (this.#failures.size > MOST_KEYS && oldest !== undefined) this.#failures.delete(oldest);
  }
}

const pairKey = (account: string, address: string): string => `${network(address)} ${account.slice(0, 128)}`;

/** One subscriber has a whole /64 of IPv6 addresses (RFC 6177), so they count as one. */
function network(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
