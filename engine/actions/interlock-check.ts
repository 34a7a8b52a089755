// The last question before the wire: do the interlocks allow this command, on the facts that adapters observed?
import type { Redis } from 'ioredis';

import type { InterlockFact } from '../fold/ports.ts';
import type { Command } from '../model/command.ts';
import type { Truth } from '../model/decision.ts';
import { SignalboxError } from '../model/errors.ts';
import type { Interlock } from '../model/interlock.ts';
import { splitPointKey, type PointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import type { Condition } from '../model/rule.ts';
import { sameValue } from '../model/value.ts';
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
  /** The whole declaration of the command's point; undefined when the asset or its point is not known here. */
  pointOf(command: Command): Point | undefined;
  /** Every interlock that stands for this point. */
  interlocksFor(point: PointKey): readonly Interlock[];
}

/**
 * Are these conditions true on these facts at `now`? Facts that are absent are unknown.
 * Pure; the rules' author provides it.
 */
export type EvaluateInterlock = (
  conditions: Condition,
  facts: Readonly<Record<string, InterlockFact>>,
  now: number,
) => Truth;

/** What the check on Redis's facts needs. */
export interface FactInterlockCheckOptions {
  /** A connection opened for `request`; the caller closes it. */
  redis: Redis;
  keys: RedisKeys;
  documents: Documents;
  evaluate: EvaluateInterlock;
}

/** Checks interlocks on the facts in Redis, at Redis's time. Only true allows: unknown and stale facts refuse. */
export class FactInterlockCheck implements InterlockCheck {
  readonly #options: FactInterlockCheckOptions;

  constructor(options: FactInterlockCheckOptions) {
    this.#options = options;
  }

  async mayMove(command: Command): Promise<Passage> {
    const { documents, evaluate } = this.#options;
    const { asset, point: name } = splitPointKey(command.point);
    const point = documents.pointOf(command);
    if (!point) throw new SignalboxError('not-found', { what: `point ${name} of ${asset}` });
    const interlocks = documents.interlocksFor(command.point).filter((interlock) => concerns(interlock, command));
    if (interlocks.length === 0 || isSafe(command, point)) return { allowed: true };
    const { facts, now } = await this.#read(asset);
    for (const interlock of interlocks) {
      const truth = evaluate(interlock.requires, facts, now);
      if (truth !== true) return { allowed: false, reason: explain(interlock, truth, facts) };
    }
    return { allowed: true };
  }

  async #read(asset: string): Promise<{ facts: Record<string, InterlockFact>; now: number }> {
    const { redis, keys } = this.#options;
    const [stored, time] = await withinLimit(redis, () =>
      Promise.all([redis.hgetall(keys.interlockFacts(asset)), redis.time()]),
    );
    const now = Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000);
    const facts: Record<string, InterlockFact> = {};
    for (const [property, text] of Object.entries(stored)) {
      const fact: InterlockFact = JSON.parse(text);
      if (fact.staleAt === undefined || now < fact.staleAt) facts[property] = fact;
    }
    return { facts, now };
  }
}

/** A release is the device's own programme, and a declared safe value is what an interlock wants anyway: both always pass. */
function isSafe({ want }: Command, point: Point): boolean {
  if ('release' in want) return true;
  return typeof point.safe !== 'object' && sameValue(point.safe, want.value);
}

function concerns({ values }: Interlock, { want }: Command): boolean {
  if (values === undefined || 'release' in want) return true;
  return values.some((value) => sameValue(value, want.value));
}

function explain(interlock: Interlock, truth: Truth, facts: Readonly<Record<string, InterlockFact>>): string {
  const names = new Set(factsIn(interlock.requires));
  const read = [...names].map((name) => `${name} ${facts[name] ? `is ${String(facts[name].value)}` : 'is not known'}`);
  const why = truth === 'unknown' ? 'cannot be told' : 'does not hold';
  return `${interlock.title} (${interlock.id} ${why}: ${read.join(', ')})`;
}

function factsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(factsIn);
  if ('any' in condition) return condition.any.flatMap(factsIn);
  if ('not' in condition) return factsIn(condition.not);
  return 'fact' in condition ? [condition.fact] : [];
}

/** The Redis command that stores what an adapter observed; the output sink sends it before any command. */
export function writeInterlockFacts(
  keys: RedisKeys,
  asset: string,
  facts: Readonly<Record<string, InterlockFact>>,
): (string | number)[] {
  const fields = Object.entries(facts).flatMap(([property, fact]) => [property, JSON.stringify(fact)]);
  return ['HSET', keys.interlockFacts(asset), ...fields];
}
