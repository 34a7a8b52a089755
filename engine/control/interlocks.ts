// Interlocks judged: the one evaluation for the fold, which trips them, and for the worker, which asks right before the wire.
import type { Asset } from '../model/asset.ts';
import { SLOTS, type Claim } from '../model/claim.ts';
import type { Want } from '../model/command.ts';
import type { Truth } from '../model/decision.ts';
import { limitOf, type Interlock } from '../model/interlock.ts';
import { pointKey } from '../model/names.ts';
import { isSafeWant, safeWant, type Point } from '../model/points.ts';
import { departmentOf, type Condition } from '../model/rule.ts';
import { sameValue, type Value } from '../model/value.ts';

/** The newest value that an adapter observed. */
export interface ObservedFact {
  value: Value;
  /** Milliseconds since the epoch. */
  observedAt: number;
  /** Unknown from this instant on, unless it reports again; milliseconds since the epoch. */
  staleAt?: number;
}

/** By property; what is absent is unknown. */
export type ObservedFacts = Readonly<Record<string, ObservedFact>>;

/** Are these conditions true on these facts at `now`? Pure; the home of the rules' logic provides it. */
export type EvaluateInterlock = (conditions: Condition, facts: ObservedFacts, now: number) => Truth;

/** What is asked of interlocks: may this point of this asset be brought to this, on these facts, at this instant? */
export interface Question {
  asset: Pick<Asset, 'id' | 'attributes'>;
  point: Point;
  want: Want;
  facts: ObservedFacts;
  /** Milliseconds since the epoch. */
  now: number;
  evaluate: EvaluateInterlock;
}

/**
 * Why a want may not leave the box: the first interlock, permissive or invariant, that is not known to be true.
 * A release and the point's declared safe value always pass.
 *
 * @returns words for a person; undefined when nothing is in the way
 */
export function whyForbidden(interlocks: readonly Interlock[], question: Question): string | undefined {
  const { want, point, facts, now, evaluate } = question;
  if ('release' in want || isSafeWant(want, point)) return undefined;
  for (const interlock of interlocks) {
    if (!concerns(interlock, want.value, question)) continue;
    const truth = evaluate(interlock.requires, facts, now);
    if (truth !== true) return whyNot(interlock, truth, question);
  }
  return undefined;
}

/**
 * Why an invariant trips: it is not known to hold, and what it concerns is at stake, because somebody wants it or the
 * device is doing it.
 *
 * @param atStake what is wanted without any interlock's claim, and what the device reports
 * @returns words for a person; undefined when it does not trip
 */
export function whyTripped(
  interlock: Interlock,
  atStake: readonly (Value | undefined)[],
  question: Omit<Question, 'want'>,
): string | undefined {
  if (interlock.kind !== 'invariant') return undefined;
  const isAtStake = atStake.some(
    (value) =>
      value !== undefined &&
      !isSafeWant({ value, rampSeconds: 0 }, question.point) &&
      concerns(interlock, value, question),
  );
  if (!isAtStake) return undefined;
  const truth = question.evaluate(interlock.requires, question.facts, question.now);
  return truth === true ? undefined : whyNot(interlock, truth, question);
}

/**
 * The claim that a tripped invariant holds: the point's declared safe value, or where the interlock names a limit, at
 * least that. Slot 5, or 1 for life safety; where somebody wants it otherwise in a more urgent slot, that one, for nobody
 * passes an interlock.
 */
export function tripClaim(
  interlock: Interlock,
  {
    asset,
    name,
    point,
    since,
    leaseUntil,
    why,
    mostUrgent,
  }: {
    asset: Pick<Asset, 'id' | 'attributes'>;
    name: string;
    point: Point;
    since: number;
    leaseUntil: number;
    why: string;
    /** The most urgent slot in which somebody else wants something of the point, 1 to 16. */
    mostUrgent: number;
  },
): Claim {
  const key = pointKey(asset.id, name);
  return {
    id: `interlock:${interlock.id}#${key}`,
    point: key,
    ...tripEffect(point, limitOf(interlock, asset)),
    slot: interlock.lifeSafety ? SLOTS.lifeSafety : Math.min(SLOTS.equipmentProtection, mostUrgent),
    rampSeconds: 0,
    owner: { kind: 'interlock', id: interlock.id },
    department: departmentOf(interlock.id),
    reason: why.slice(0, LONGEST_REASON),
    since,
    leaseUntil,
  };
}

const LONGEST_REASON = 300;

function tripEffect(point: Point, limit: number | undefined): Pick<Claim, 'effect' | 'value'> {
  if (limit !== undefined) return { effect: 'atLeast', value: limit };
  const safe = safeWant(point);
  return 'release' in safe ? { effect: 'release', value: 'release' } : { effect: 'set', value: safe.value };
}

/** A limit that cannot be read concerns every number: who cannot tell, refuses. */
function concerns(interlock: Interlock, value: Value, { asset }: Pick<Question, 'asset'>): boolean {
  const { values, below } = interlock;
  if (values) return values.some((one) => sameValue(one, value));
  if (below === undefined) return true;
  const limit = limitOf(interlock, asset);
  return limit === undefined || typeof value !== 'number' || value < limit;
}

function whyNot(interlock: Interlock, truth: Truth, { asset, facts, now }: Omit<Question, 'want'>): string {
  const names = new Set(factsIn(interlock.requires));
  const known = (name: string) => {
    const fact = facts[name];
    return fact && (fact.staleAt === undefined || now < fact.staleAt) ? fact : undefined;
  };
  const read = [...names].map((name) => `${name} ${known(name) ? `is ${String(known(name)?.value)}` : 'is not known'}`);
  const limit = limitOf(interlock, asset);
  const least = limit === undefined ? '' : ` below ${limit}`;
  const verdict = truth === 'unknown' ? 'cannot be told' : 'does not hold';
  return `${interlock.title} (${interlock.id}${least} ${verdict}: ${read.join(', ')})`;
}

/** The properties that a condition reads. */
export function factsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(factsIn);
  if ('any' in condition) return condition.any.flatMap(factsIn);
  if ('not' in condition) return factsIn(condition.not);
  return 'fact' in condition ? [condition.fact] : [];
}

/** Interlocks found by asset and point, and by what they read. */
export class InterlockIndex {
  readonly #byId = new Map<string, Interlock>();
  readonly #byPoint = new Map<string, Interlock[]>();
  readonly #readers = new Map<string, Set<string>>();

  /** Takes a document's newest version; `undefined` when it was removed. */
  put(id: string, interlock: Interlock | undefined): void {
    if (interlock) this.#byId.set(id, interlock);
    else if (!this.#byId.delete(id)) return;
    this.#rebuild();
  }

  /** Every interlock that stands for this point: those of the asset's own department, in the order of their ids. */
  for(asset: Asset, point: string): readonly Interlock[] {
    const candidates = this.#byPoint.get(`${asset.type}#${point}`);
    if (!candidates) return [];
    return candidates.filter(
      ({ id, scope }) =>
        departmentOf(id) === asset.department && (scope.tag === undefined || asset.tags.includes(scope.tag)),
    );
  }

  /** The points of an asset type with interlocks that read this property. */
  pointsReading(type: string, property: string): Iterable<string> {
    return this.#readers.get(`${type}#${property}`) ?? [];
  }

  #rebuild(): void {
    this.#byPoint.clear();
    this.#readers.clear();
    for (const interlock of [...this.#byId.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
      const { scope, point, requires } = interlock;
      const key = `${scope.type}#${point}`;
      this.#byPoint.set(key, [...(this.#byPoint.get(key) ?? []), interlock]);
      for (const property of factsIn(requires)) {
        const read = `${scope.type}#${property}`;
        this.#readers.set(read, (this.#readers.get(read) ?? new Set()).add(point));
      }
    }
  }
}
