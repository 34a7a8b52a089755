// The last question before the wire: do the interlocks allow this command, on the facts that adapters observed?
import type { Redis } from 'ioredis';

import { whyAlone } from '../control/two-people.ts';
import { whyForbidden, type EvaluateInterlock } from '../control/interlocks.ts';
import type { InterlockFact } from '../fold/ports.ts';
import type { Asset } from '../model/asset.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import type { Interlock } from '../model/interlock.ts';
import { splitPointKey, type PointKey } from '../model/names.ts';
import { isSafeWant, type Point } from '../model/points.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { withinLimit } from './redis-connections.ts';

/** Yes, or the reason why not, for a person. */
export type Passage = { allowed: true } | { allowed: false; reason: string };

/** Asked right before a command leaves the box. */
export interface InterlockCheck {
  /** Rejects when it cannot tell for now: Redis is away, or the asset is not (yet) known here. */
  mayMove(command: Command): Promise<Passage>;
}

/** The documents that the check works by, in memory; whoever implements it keeps them fresh. */
export interface Documents {
  asset(id: string): Asset | undefined;
  /** The whole declaration of the command's point; undefined when the asset or its point is not known here. */
  pointOf(command: Command): Point | undefined;
  /** Every interlock that stands for this point. */
  interlocksFor(point: PointKey): readonly Interlock[];
}

/** What adapters observed of an asset last, and the instant of the answer on the same clock (milliseconds since the epoch). */
export interface ObservedNow {
  facts: Readonly<Record<string, InterlockFact>>;
  now: number;
}

/** What the check needs. */
export interface FactInterlockCheckOptions {
  /** Rejects when it cannot tell for now. */
  facts: (asset: string) => Promise<ObservedNow>;
  documents: Documents;
  evaluate: EvaluateInterlock;
}

/** Checks interlocks on what adapters observed last. Only true allows: unknown and stale facts refuse. */
export class FactInterlockCheck implements InterlockCheck {
  readonly #options: FactInterlockCheckOptions;

  constructor(options: FactInterlockCheckOptions) {
    this.#options = options;
  }

  async mayMove(command: Command): Promise<Passage> {
    const { documents, evaluate } = this.#options;
    const { asset: id, point: name } = splitPointKey(command.point);
    const asset = documents.asset(id);
    const point = documents.pointOf(command);
    if (!asset || !point) throw new SignalboxError('not-found', { what: `point ${name} of ${id}` });
    const alone = whyAlone(command, point);
    if (alone !== undefined) return { allowed: false, reason: alone };
    const interlocks = documents.interlocksFor(command.point);
    const { want } = command;
    if (interlocks.length === 0 || 'release' in want || isSafeWant(want, point)) return { allowed: true };
    const { facts, now } = await this.#options.facts(id);
    const reason = whyForbidden(interlocks, { asset, point, want, facts, now, evaluate });
    return reason === undefined ? { allowed: true } : { allowed: false, reason };
  }
}

/** Reads them in Redis, with Redis's time. The connection was opened for `request`; the caller closes it. */
export const interlockFactsIn =
  (redis: Redis, keys: RedisKeys) =>
  async (asset: string): Promise<ObservedNow> => {
    const [stored, time] = await withinLimit(redis, () =>
      Promise.all([redis.hgetall(keys.interlockFacts(asset)), redis.time()]),
    );
    const facts = Object.entries(stored).map(([property, text]): [string, InterlockFact] => [
      property,
      JSON.parse(text),
    ]);
    return {
      facts: Object.fromEntries(facts),
      now: Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000),
    };
  };

/** The Redis command that stores what an adapter observed; the output sink sends it before any command. */
export function writeInterlockFacts(
  keys: RedisKeys,
  asset: string,
  facts: Readonly<Record<string, InterlockFact>>,
): (string | number)[] {
  const fields = Object.entries(facts).flatMap(([property, fact]) => [property, JSON.stringify(fact)]);
  return ['HSET', keys.interlockFacts(asset), ...fields];
}
