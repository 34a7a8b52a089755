// Restraints as Redis keeps them: set by the gateway and the engine, asked by every worker right before the wire, engine or not.
import type { Redis } from 'ioredis';

import { RestraintIndex, whyRestrained } from '../control/restraints.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import type { LiveEvent } from '../model/live.ts';
import { splitPointKey } from '../model/names.ts';
import { restraintSchema, type Restraint } from '../model/restraint.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import type { Documents } from './interlock-check.ts';
import { withinLimit } from './redis-connections.ts';

/** Asked right before a command leaves the box. */
export interface RestraintCheck {
  /** Why it may not leave, in words for a person. Rejects when it cannot tell for now. */
  whyRefused(command: Command): Promise<string | undefined>;
}

/** What was read this long ago is still believed, in milliseconds: a stand-down holds at the wire at the latest then. */
const BELIEVED_MS = 250;

/** The restraints of a box in Redis. Every call rejects with `queue-unavailable` when Redis is away. */
export class RedisRestraints {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;

  /** @param redis a connection opened for `request`; the caller closes it */
  constructor(redis: Redis, keys: RedisKeys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /** Those that stand, the oldest first. */
  async list(): Promise<Restraint[]> {
    const texts = await withinLimit(this.#redis, () => this.#redis.hvals(this.#keys.restraints));
    const restraints = texts.map((text) => restraintSchema.parse(JSON.parse(text)));
    return restraints.toSorted((left, right) => left.at - right.at);
  }

  /** Sets one, or replaces the one of the same id; it holds at the wire from a quarter of a second later. */
  async put(restraint: Restraint): Promise<void> {
    await this.#write(['hset', this.#keys.restraints, restraint.id, JSON.stringify(restraint)], {
      event: 'restraint',
      data: restraint,
    });
  }

  /** Ends one; unknown ones are fine. */
  async remove(id: string): Promise<void> {
    await this.#write(['hdel', this.#keys.restraints, id], { event: 'gone', data: { kind: 'restraint', key: id } });
  }

  /** Pages learn of it at once, also while no engine runs. */
  async #write(write: string[], event: LiveEvent): Promise<void> {
    const publish = ['publish', this.#keys.live, JSON.stringify([event])];
    const answers = await withinLimit(this.#redis, () => this.#redis.multi([write, publish]).exec());
    const failure = answers?.find(([error]) => error)?.[0];
    if (!answers || failure) throw new SignalboxError('queue-unavailable', { why: failure?.message ?? 'not written' });
  }
}

/** Looks at what stands in Redis, at most four times a second. */
export class RedisRestraintCheck implements RestraintCheck {
  readonly #restraints: Pick<RedisRestraints, 'list'>;
  readonly #documents: Pick<Documents, 'asset' | 'pointOf'>;
  readonly #clock: Clock;
  #read: { begunAt: number; index: Promise<RestraintIndex> } | undefined;

  constructor(parts: {
    restraints: Pick<RedisRestraints, 'list'>;
    documents: Pick<Documents, 'asset' | 'pointOf'>;
    clock?: Clock;
  }) {
    this.#restraints = parts.restraints;
    this.#documents = parts.documents;
    this.#clock = parts.clock ?? systemClock;
  }

  async whyRefused(command: Command): Promise<string | undefined> {
    const index = await this.#index();
    const asset = this.#documents.asset(splitPointKey(command.point).asset);
    const point = this.#documents.pointOf(command);
    if (!asset || !point) throw new SignalboxError('not-found', { what: `point ${command.point}` });
    return whyRestrained(index, command.want, { asset, point, find: (id) => this.#documents.asset(id) });
  }

  /** By when the reading began: what was set after that it may not have seen. */
  #index(): Promise<RestraintIndex> {
    const now = this.#clock.now();
    const age = this.#read === undefined ? Infinity : now - this.#read.begunAt;
    if (this.#read && age >= 0 && age < BELIEVED_MS) return this.#read.index;
    const read = { begunAt: now, index: this.#readAll() };
    this.#read = read;
    read.index.catch(() => {
      if (this.#read === read) this.#read = undefined;
    });
    return read.index;
  }

  async #readAll(): Promise<RestraintIndex> {
    const index = new RestraintIndex();
    for (const restraint of await this.#restraints.list()) index.put(restraint);
    return index;
  }
}
