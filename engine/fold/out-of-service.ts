// What is out of service in the fold: nothing is asked of it but a stop, and its alarms are mute.
import { restraintInWords } from '../control/restraints.ts';
import type { Asset } from '../model/asset.ts';
import { splitPointKey } from '../model/names.ts';
import { isSafeWant, type Point } from '../model/points.ts';
import type { Restraint } from '../model/restraint.ts';
import type { PointState } from './state.ts';
import type { Work } from './work.ts';

/** Is what is wanted of a point not even to be asked for? Out of service nothing is, but a stop. */
export function isLeftAlone(work: Work, key: string, { arbitration }: PointState, declared: Point): boolean {
  const asset = work.directory.get(splitPointKey(key).asset);
  return asset !== undefined && !isSafeWant(arbitration.want, declared) && restraintOn(work, asset) !== undefined;
}

/** What mutes an alarm about these assets, in words: every one of them is out of service. */
export function whatMutes(work: Work, assets: readonly Asset[]): string | undefined {
  const restraints = assets.map((asset) => restraintOn(work, asset));
  const [first] = restraints;
  return first && restraints.every((one) => one !== undefined) ? restraintInWords(first) : undefined;
}

const restraintOn = (work: Work, asset: Asset): Restraint | undefined =>
  work.restraints.outOfService(asset, (id) => work.directory.get(id));
