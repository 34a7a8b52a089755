// What the arbiter shall decide, written a second time: the slowest and plainest way.
import type { Claim } from '../model/claim.ts';
import type { Point } from '../model/points.ts';

const RANKS: Partial<Record<Claim['owner']['kind'], number>> = { interlock: 0, local: 1 };
const rank = ({ owner }: Claim): number => RANKS[owner.kind] ?? 2;

/** The rule of the arbiter in its own words and without speed, for numbers. */
export function naive(
  claims: readonly Claim[],
  { safe, ranks }: Pick<Point, 'safe' | 'ranks'>,
  programme: number | undefined,
) {
  const first = (one: Claim) => (ranks.includes(one.value) ? ranks.indexOf(one.value) : Infinity);
  const older = (left: Claim, right: Claim) =>
    rank(left) - rank(right) ||
    (first(left) === first(right) ? 0 : first(left) - first(right)) ||
    left.since - right.since ||
    (left.id < right.id ? -1 : 1);
  const winner = claims
    .filter(({ effect }) => effect === 'set')
    .toSorted((left, right) => left.slot - right.slot || older(left, right))[0];
  const held: Claim[] = [];
  for (let slot = 1; slot <= (winner?.slot ?? 16); slot += 1) {
    const bounds = claims.filter(
      (one) => one.effect !== 'set' && one.slot === slot && !held.some((two) => areOpposed(one, two)),
    );
    const floors = bounds
      .filter(({ effect }) => effect === 'atLeast')
      .toSorted((left, right) => Number(right.value) - Number(left.value) || older(left, right));
    const ceilings = bounds
      .filter(({ effect }) => effect === 'atMost')
      .toSorted((left, right) => Number(left.value) - Number(right.value) || older(left, right));
    const [floor, ceiling] = [floors[0], ceilings[0]];
    if (floor && ceiling && areOpposed(floor, ceiling)) {
      const far = (one: Claim) => (typeof safe === 'number' ? Math.abs(Number(one.value) - safe) : 0);
      const isFloor = typeof safe === 'number' ? far(floor) <= far(ceiling) : older(floor, ceiling) < 0;
      const stronger = isFloor ? floor : ceiling;
      held.push(...bounds.filter((one) => !areOpposed(one, stronger)));
    } else held.push(...bounds);
  }
  const low = Math.max(
    -Infinity,
    ...held.filter(({ effect }) => effect === 'atLeast').map(({ value }) => Number(value)),
  );
  const high = Math.min(
    Infinity,
    ...held.filter(({ effect }) => effect === 'atMost').map(({ value }) => Number(value)),
  );
  const base = winner ? Number(winner.value) : programme;
  const nowhere = high < Infinity ? high : low > -Infinity ? low : undefined;
  const value = base === undefined ? nowhere : Math.max(low, Math.min(high, base));
  const isWanted = winner !== undefined || (value !== undefined && value !== programme);
  return { want: isWanted ? value : 'release', winner: winner?.id, held };
}

export function areOpposed(one: Claim, two: Claim): boolean {
  if (one.effect === two.effect) return false;
  const [floor, ceiling] = one.effect === 'atLeast' ? [one, two] : [two, one];
  return Number(floor.value) > Number(ceiling.value);
}
