// The right to be the one process that listens to devices, kept in Redis.
import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';

/** Held by one process at a time. */
export interface ListenerLease {
  /** Takes it when it is free; true when it is ours now. */
  acquire(): Promise<boolean>;
  /** Prolongs it; false when another holds it. */
  renew(): Promise<boolean>;
  /** Gives it up, if it is ours. */
  release(): Promise<void>;
}

/** How long the lease holds without being renewed, in milliseconds: a dead listener is replaced within 5 s. */
export const LISTENER_LEASE_MS = 3_000;

const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** The lease under one key in Redis. Rejects while Redis is away. */
export class RedisListenerLease implements ListenerLease {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #token = randomUUID();

  /**
   * @param redis a connection that fails rather than waits while Redis is away; the caller closes it
   * @param key `RedisKeys.listener(<adapter>)`
   */
  constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  async acquire(): Promise<boolean> {
    return (await this.#redis.set(this.#key, this.#token, 'PX', LISTENER_LEASE_MS, 'NX')) === 'OK';
  }

  async renew(): Promise<boolean> {
    return (await this.#redis.eval(RENEW, 1, this.#key, this.#token, LISTENER_LEASE_MS)) === 1;
  }

  async release(): Promise<void> {
    await this.#redis.eval(RELEASE, 1, this.#key, this.#token);
  }
}
