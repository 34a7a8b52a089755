// What became of what an active rule wants of points: held, bounded, outvoted, or waiting, and why.
import type { Wish } from '../model/explanation.ts';
import type { PointView } from '../model/live.ts';
import { makerOf } from './work.ts';

/**
 * The wishes of one instance, as the points are shown now.
 *
 * @param key `<rule>|<asset>|<related>`, as claims of an activation begin
 */
export function wishesOf(key: string, points: readonly PointView[]): Wish[] {
  const isOwn = ({ claimId }: { claimId: string }): boolean => makerOf(claimId) === key;
  return points.flatMap(({ point, arbitration, waits }): Wish[] => {
    const { winner, bounds, losers } = arbitration;
    const shapes = [...(winner ? [winner] : []), ...bounds].filter(isOwn);
    const lost = losers
      .filter(isOwn)
      .map(({ effect, value, why }): Wish => ({ point, effect, value, fate: 'lost', why: because(why, winner) }));
    const held = shapes.map(({ effect, value }): Wish =>
      waits
        ? { point, effect, value, fate: 'waits', why: waits.why, until: waits.until }
        : { point, effect, value, fate: 'holds' },
    );
    return [...held, ...lost];
  });
}

/** A tripped interlock says more than its slot does. */
const because = (why: string, winner: PointView['arbitration']['winner']): string =>
  winner?.owner.startsWith('interlock ') ? `${why}: ${winner.reason}` : why;
