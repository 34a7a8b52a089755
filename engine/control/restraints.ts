// Restraints judged: the one answer for the fold, which stands points down, and for the worker, which asks right before the wire.
import type { Claim } from '../model/claim.ts';
import { SLOTS } from '../model/claim.ts';
import type { Want } from '../model/command.ts';
import { isSafeWant, safeWant, type Point } from '../model/points.ts';
import {
  restrains,
  scopeInWords,
  withParents,
  type Restrainable,
  type Restraint,
  type StandDown,
} from '../model/restraint.ts';

/** Restraints that stand, found by what they are about. */
export class RestraintIndex {
  readonly #standDowns = new Map<string, StandDown>();
  /** By asset, then by id. */
  readonly #outOfService = new Map<string, Map<string, Restraint>>();

  /** Adds one, or replaces the one of the same id. */
  put(restraint: Restraint): void {
    if (restraint.kind === 'stand-down') {
      this.#standDowns.set(restraint.id, restraint);
      return;
    }
    const ofAsset = this.#outOfService.get(restraint.asset) ?? new Map<string, Restraint>();
    this.#outOfService.set(restraint.asset, ofAsset.set(restraint.id, restraint));
  }

  /** Forgets one that has ended; unknown ones are fine. */
  remove(restraint: Restraint): void {
    this.#standDowns.delete(restraint.id);
    if (restraint.kind === 'stand-down') return;
    const ofAsset = this.#outOfService.get(restraint.asset);
    ofAsset?.delete(restraint.id);
    if (ofAsset?.size === 0) this.#outOfService.delete(restraint.asset);
  }

  /** The stand-downs that are about this asset, the oldest first. */
  standDownsOn(asset: Restrainable): StandDown[] {
    if (this.#standDowns.size === 0) return [];
    return [...this.#standDowns.values()].filter((one) => restrains(one, asset, [])).toSorted(byAge);
  }

  /**
   * The oldest one that has taken this asset, or what it hangs on, out of service.
   *
   * @param find looks the cabinets up
   */
  outOfService(
    asset: Restrainable,
    find: (id: string) => Pick<Restrainable, 'parent'> | undefined,
  ): Restraint | undefined {
    if (this.#outOfService.size === 0) return undefined;
    return withParents(asset, find)
      .flatMap((id) => [...(this.#outOfService.get(id)?.values() ?? [])])
      .toSorted(byAge)[0];
  }
}

const byAge = (left: Restraint, right: Restraint): number => left.at - right.at || (left.id < right.id ? -1 : 1);

/**
 * Why a want may not leave the box, whoever asks and in whichever slot. The point's declared safe value always may: it is
 * what a stand-down sends and what a stop is.
 *
 * @returns words for a person; undefined when nothing is in the way
 */
export function whyRestrained(
  index: RestraintIndex,
  want: Want,
  about: {
    asset: Restrainable;
    point: Pick<Point, 'safe'>;
    find: (id: string) => Pick<Restrainable, 'parent'> | undefined;
  },
): string | undefined {
  if (isSafeWant(want, about.point)) return undefined;
  const [standDown] = index.standDownsOn(about.asset);
  const restraint = standDown ?? index.outOfService(about.asset, about.find);
  return restraint && restraintInWords(restraint);
}

/** A restraint as refusals and claims name it. */
export const restraintInWords = (restraint: Restraint): string =>
  restraint.kind === 'stand-down'
    ? `stood down (${scopeInWords(restraint.scope)}) by ${restraint.by}: ${restraint.reason}`
    : `out of service (${restraint.asset}) by ${restraint.by}: ${restraint.reason}`;

const LONGEST_REASON = 300;

/**
 * The claim of a stand-down on a point: its declared safe value, in slot 1. It is not kept among the claims but follows from
 * the restraint with every look.
 */
export function standDownClaim(
  standDown: StandDown,
  {
    key,
    point,
    department,
    leaseUntil,
  }: { key: string; point: Pick<Point, 'safe'>; department: string; leaseUntil: number },
): Claim {
  const safe = safeWant(point);
  return {
    id: `stand-down:${standDown.id}#${key}`,
    point: key,
    ...('release' in safe ? { effect: 'release', value: 'release' } : { effect: 'set', value: safe.value }),
    slot: SLOTS.lifeSafety,
    rampSeconds: 0,
    owner: { kind: 'stand-down', id: standDown.id },
    department,
    reason: restraintInWords(standDown).slice(0, LONGEST_REASON),
    since: standDown.at,
    leaseUntil,
  };
}
