// Which points a device has and what they take, from its assets' own declarations.
import { pointsOf, type Asset } from '../../../engine/model/asset.ts';
import type { Point } from '../../../engine/model/points.ts';
import { misfit, type Value } from '../../../engine/model/value.ts';

/** Why a command for this asset and point cannot be meant, or undefined. `value` is absent for a release. */
export function refusalOfPoint(asset: Asset | undefined, point: string, value: Value | undefined): string | undefined {
  if (asset === undefined) return 'this device does not speak for that asset';
  const declared = pointsOf(asset)[point];
  if (declared === undefined) return `${asset.id} has no point ${point}`;
  return value === undefined ? undefined : misfit(declared.value, value);
}

/** What becomes of a point when the box is gone for good, as its asset declares. */
export const afterDeathOf = (asset: Asset | undefined, point: string): Point['afterDeath'] =>
  (asset && pointsOf(asset)[point]?.afterDeath) ?? 'returns at lease';
