// The arbiter: from everybody's live claims to the one value that a point shall have, with reasons.
import { hasSecondPerson, type Claim, type Effect } from '../model/claim.ts';
import type { Arbitration, ClaimBrief, Want } from '../model/command.ts';
import { needsTwoPeople, rankOf, type Point } from '../model/points.ts';
import type { Value } from '../model/value.ts';

/** What the arbiter knows besides the claims. */
export interface ArbitrationContext {
  /** The point's declaration; its safe value breaks ties between opposed bounds. */
  point: Point;
  /** The value that the device's own programme gave it last, if it has been seen: what bounds bound when nobody sets. */
  programme?: Value | undefined;
}

/**
 * Decides.
 *
 * The most urgent `set` or `release` wins; of equal slots the value that the point ranks first, else the older stays. Bounds of the same or a more urgent slot then apply.
 * Opposed bounds: the more urgent holds; in one slot, the one nearer the safe value.
 * A claim of a value that needs two people takes no part while it has only one behind it.
 * Bounds without a `set` shape the device's own programme; where they change nothing, nothing is wanted.
 *
 * @param claims the live claims of one point; the order does not matter
 */
export function arbitrate(claims: readonly Claim[], context: ArbitrationContext): Arbitration {
  const ordered = claims.filter((claim) => !lacksSecond(claim, context.point)).toSorted(byUrgency(context.point));
  const winner = ordered.find(isWhole);
  const losers = ordered
    .filter((claim) => isWhole(claim) && claim !== winner)
    .map((claim) => ({ ...brief(claim), why: whySetLost(claim, winner, context.point) }));
  const base = winner?.effect === 'set' ? winner.value : context.programme;
  const shaped = applyBounds(
    ordered.filter((claim) => !isWhole(claim)),
    base,
    winner?.slot,
    context,
  );
  return {
    want: wantOf(winner, shaped),
    ...(winner ? { winner: brief(winner) } : {}),
    bounds: shaped.bounds.map(brief),
    losers: [...losers, ...shaped.losers, ...withoutSecond(claims, context.point)],
  };
}

/** A hand at the cabinet has done it already: such a claim sends nothing, so it may say what is. */
const lacksSecond = (claim: Claim, point: Point): boolean =>
  claim.owner.kind !== 'local' &&
  claim.effect !== 'release' &&
  needsTwoPeople(claim.value, point) &&
  !hasSecondPerson(claim);

const withoutSecond = (claims: readonly Claim[], point: Point): Arbitration['losers'] =>
  claims
    .filter((claim) => lacksSecond(claim, point))
    .toSorted(byUrgency(point))
    .map((claim) => ({ ...brief(claim), why: `${String(claim.value)} needs two people, and only one asks for it` }));

/** Does it say what the point shall have, and not only bound what others say? */
const isWhole = ({ effect }: Claim): boolean => effect === 'set' || effect === 'release';

/** The claims that shape the answer, most urgent first: what a lease must outlive. */
export function shapingClaims(arbitration: Arbitration): ClaimBrief[] {
  return [...(arbitration.winner ? [arbitration.winner] : []), ...arbitration.bounds];
}

/** The more urgent slot; in it a tripped interlock, a stand-down, a hand at the cabinet, then the point's own ranks, then whoever came first. */
const byUrgency =
  (point: Point) =>
  (left: Claim, right: Claim): number =>
    left.slot - right.slot ||
    precedence(left) - precedence(right) ||
    rankOf(left.value, point) - rankOf(right.value, point) ||
    left.since - right.since ||
    (left.id < right.id ? -1 : 1);

const FIRST_IN_SLOT: readonly Claim['owner']['kind'][] = ['interlock', 'stand-down', 'local'];

function precedence({ owner }: Claim): number {
  const at = FIRST_IN_SLOT.indexOf(owner.kind);
  return at === -1 ? FIRST_IN_SLOT.length : at;
}

interface Shaped {
  value: Value | undefined;
  bounds: Claim[];
  losers: Arbitration['losers'];
}

function applyBounds(
  bounds: readonly Claim[],
  base: Value | undefined,
  slot: number | undefined,
  context: ArbitrationContext,
): Shaped {
  const shaped: Shaped = { value: base, bounds: [], losers: [] };
  const binding = bounds.filter((bound) => {
    const binds = slot === undefined || bound.slot <= slot;
    if (!binds) shaped.losers.push({ ...brief(bound), why: `a set in the more urgent slot ${slot} holds` });
    return binds;
  });
  const lostTo = findOpposed(binding, context.point);
  const held = binding.filter((bound) => !lostTo.has(bound));
  for (const bound of [tightest(held, 'atMost'), tightest(held, 'atLeast')]) {
    if (bound && !isWithin(bound, shaped.value)) {
      shaped.value = bound.value;
      shaped.bounds.push(bound);
    }
  }
  for (const bound of binding) {
    if (!shaped.bounds.includes(bound)) shaped.losers.push({ ...brief(bound), why: whyBoundIdle(lostTo.get(bound)) });
  }
  return shaped;
}

/**
 * The bounds that give way to an opposed one, each with the one that holds.
 * From slot to slot, so that a bound which lost itself pushes nobody out, and a weak one takes no strong one of its kind with it.
 */
function findOpposed(bounds: readonly Claim[], point: Point): Map<Claim, Claim> {
  const lostTo = new Map<Claim, Claim>();
  const held: Claim[] = [];
  for (const slot of new Set(bounds.map((bound) => bound.slot))) {
    const ofSlot = bounds.filter((bound) => bound.slot === slot);
    giveWay(ofSlot, held, lostTo);
    const open = ofSlot.filter((bound) => !lostTo.has(bound));
    const [floor, ceiling] = [tightest(open, 'atLeast'), tightest(open, 'atMost')];
    if (floor && ceiling && areOpposed(floor, ceiling)) giveWay(open, [strongerOf(floor, ceiling, point)], lostTo);
    held.push(...open.filter((bound) => !lostTo.has(bound)));
  }
  return lostTo;
}

function giveWay(bounds: readonly Claim[], stronger: readonly Claim[], lostTo: Map<Claim, Claim>): void {
  for (const bound of bounds) {
    const opponent = stronger.find((other) => areOpposed(bound, other));
    if (opponent) lostTo.set(bound, opponent);
  }
}

/** Is there no value that keeps both? */
function areOpposed(one: Claim, other: Claim): boolean {
  if (one.effect === other.effect) return false;
  const [floor, ceiling] = one.effect === 'atLeast' ? [one, other] : [other, one];
  return Number(floor.value) > Number(ceiling.value);
}

function isWithin(bound: Claim, value: Value | undefined): boolean {
  if (typeof value !== 'number' || typeof bound.value !== 'number') return value === bound.value;
  return bound.effect === 'atLeast' ? value >= bound.value : value <= bound.value;
}

/** The bound that leaves least room; ties go to the more urgent one, which comes first. */
function tightest(bounds: readonly Claim[], effect: Effect): Claim | undefined {
  const sign = effect === 'atLeast' ? 1 : -1;
  return bounds
    .filter((bound) => bound.effect === effect)
    .reduce<Claim | undefined>(
      (best, bound) => (best === undefined || sign * (Number(bound.value) - Number(best.value)) > 0 ? bound : best),
      undefined,
    );
}

/** Of two opposed bounds in one slot the one nearer the safe value; the older where a release is the safe state. */
function strongerOf(floor: Claim, ceiling: Claim, point: Point): Claim {
  const safe = typeof point.safe === 'number' ? point.safe : undefined;
  if (safe === undefined) return byUrgency(point)(floor, ceiling) < 0 ? floor : ceiling;
  return Math.abs(Number(floor.value) - safe) <= Math.abs(Number(ceiling.value) - safe) ? floor : ceiling;
}

/** Nothing is wanted where nobody sets and no bound changes what the programme does. */
function wantOf(winner: Claim | undefined, { value, bounds }: Shaped): Want {
  const shaper = bounds.at(-1) ?? (winner?.effect === 'set' ? winner : undefined);
  return value === undefined || !shaper ? { release: true } : { value, rampSeconds: shaper.rampSeconds };
}

function whySetLost(claim: Claim, winner: Claim | undefined, point: Point): string {
  if (!winner) return 'nothing is wanted';
  if (winner.slot < claim.slot) return `slot ${winner.slot} is more urgent than slot ${claim.slot}`;
  if (rankOf(winner.value, point) < rankOf(claim.value, point))
    return `waits: ${String(winner.value)} of ${winner.owner.kind} ${winner.owner.id} ranks before ${String(claim.value)}`;
  return `slot ${claim.slot} was taken earlier by ${winner.owner.kind} ${winner.owner.id}`;
}

const whyBoundIdle = (stronger: Claim | undefined): string =>
  stronger ? `an opposed bound in slot ${stronger.slot} holds` : 'the value is within this bound already';

/** A claim as explanations name it. */
export const brief = (claim: Claim): ClaimBrief => ({
  claimId: claim.id,
  owner: `${claim.owner.kind} ${claim.owner.id}`,
  slot: claim.slot,
  effect: claim.effect,
  value: claim.value,
  reason: claim.reason,
  leaseUntil: claim.leaseUntil,
  ...(claim.confirmedBy === undefined ? {} : { confirmedBy: claim.confirmedBy }),
});
