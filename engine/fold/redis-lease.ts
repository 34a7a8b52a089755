// The engine's lease in Redis: one holder at a time, and an epoch that only grows, also where Redis has forgotten it.
import type { Redis } from 'ioredis';

import { numbersAfter } from '../model/incarnation.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import type { Lease } from './ports.ts';

/** What `ACQUIRE` answers while another holds the lease, and where Redis has no epoch: it is new or was emptied. */
const TAKEN = 0;
const FORGOTTEN = -1;

/** Takes a free lease and counts the epoch up. KEYS: lease, epoch. ARGV: time to live in ms. */
const ACQUIRE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return ${TAKEN} end
if redis.call('EXISTS', KEYS[2]) == 0 then return ${FORGOTTEN} end
local epoch = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], epoch, 'PX', ARGV[1])
return epoch
`;

/** Prolongs, or takes back a lease that ran out while nobody else took it. KEYS: lease, epoch. ARGV: time to live in ms, own epoch. */
const RENEW = `
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
return 1
`;

/** Gives up the lease if it is one's own. KEYS: lease. ARGV: own epoch. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

/** How long a lease holds without being renewed, in milliseconds. Short, so that a standby takes over soon. */
export const LEASE_MS = 2_000;

/** The right to be the one engine of the box. */
export class RedisLease implements Lease {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;
  readonly #nextIncarnation: () => Promise<number>;

  /** @param nextIncarnation asked when Redis knows no epoch: a number that was never given before, wherever it is kept */
  constructor(redis: Redis, keys: RedisKeys, nextIncarnation: () => Promise<number>) {
    this.#redis = redis;
    this.#keys = keys;
    this.#nextIncarnation = nextIncarnation;
  }

  async acquire(): Promise<number | undefined> {
    let epoch = await this.#take();
    if (epoch === FORGOTTEN) {
      const before = numbersAfter(await this.#nextIncarnation());
      await this.#redis.set(this.#keys.epoch, before, 'NX');
      epoch = await this.#take();
    }
    return epoch > 0 ? epoch : undefined;
  }

  async renew(epoch: number): Promise<boolean> {
    return (await this.#redis.eval(RENEW, 2, this.#keys.lease, this.#keys.epoch, LEASE_MS, epoch)) === 1;
  }

  async release(epoch: number): Promise<void> {
    await this.#redis.eval(RELEASE, 1, this.#keys.lease, epoch);
  }

  async #take(): Promise<number> {
    return Number(await this.#redis.eval(ACQUIRE, 2, this.#keys.lease, this.#keys.epoch, LEASE_MS));
  }
}
