// How far a stand-down has come: counted from what points report, never from what was sent. Pure.
import type { AssetView, PointView } from '../../../engine/model/live.ts';
import { isInScope, type StandDownScope } from '../../../engine/model/restraint.ts';
import type { CityState } from '../city/city-state.ts';
import { differs } from '../city/point-state.ts';

/** Every point of the scope is in exactly one of these. */
export interface Progress {
  /** They report their safe value; those that run their own programme where that is the safe state. */
  safe: number;
  /** The engine wants the safe value, and they report another one. */
  underWay: number;
  /** The engine has not taken it up. */
  waiting: number;
  /** Nothing is known of what they do. */
  unknown: number;
}

/** The assets of a stand-down's scope that have points. */
export const assetsOf = (scope: StandDownScope, assets: ReadonlyMap<string, AssetView>): AssetView[] =>
  [...assets.values()].filter((asset) => asset.points.length > 0 && isInScope(scope, asset));

/** Counts. */
export function progressOf(scope: StandDownScope, { assets, points }: Pick<CityState, 'assets' | 'points'>): Progress {
  const progress: Progress = { safe: 0, underWay: 0, waiting: 0, unknown: 0 };
  for (const { id, points: names } of assetsOf(scope, assets))
    for (const name of names) progress[standing(points.get(`${id}#${name}`))] += 1;
  return progress;
}

function standing(point: PointView | undefined): keyof Progress {
  const { winner, want } = point?.arbitration ?? {};
  // A tripped interlock holds the safe value too, and stands before it.
  if (!point || !winner || !want || !/^(stand-down|interlock) /.test(winner.owner)) return 'waiting';
  if (!point.reported) return 'unknown';
  const isThere = 'release' in want ? point.reported.cause !== 'command' : !differs(point);
  return isThere ? 'safe' : 'underWay';
}
