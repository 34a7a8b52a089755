// Restraints entering the fold: what they are about is looked at again, and stand-downs hold points at their safe values.
import { standDownClaim } from '../control/restraints.ts';
import { deviceOf, pointsOf } from '../model/asset.ts';
import type { Claim } from '../model/claim.ts';
import type { DocumentInput } from '../model/input.ts';
import { pointKey, splitPointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import { restrains, withParents, type Restraint } from '../model/restraint.ts';
import { alarmKey } from './alarm-table.ts';
import { review } from './alarms.ts';
import { tripLease } from './trips.ts';
import type { Work } from './work.ts';

/** A restraint begins, somebody asks for its end, or it ends: what it is about is looked at again. */
export function takeRestraint(work: Work, { id, version, body }: Extract<DocumentInput, { of: 'restraint' }>): void {
  const before = work.state.restraints.get(id)?.body ?? undefined;
  work.state.restraints.set(id, { version, body });
  if (before) work.restraints.remove(before);
  if (body) work.restraints.put(body);
  work.emit({
    kind: 'live',
    event: body ? { event: 'restraint', data: body } : { event: 'gone', data: { kind: 'restraint', key: id } },
  });
  for (const restraint of [before, body]) if (restraint) lookAt(work, restraint);
}

function lookAt(work: Work, restraint: Restraint): void {
  const find = (id: string) => work.directory.get(id);
  // In a fixed order: what a restart brings back must come out as it would have without.
  for (const asset of [...work.directory.all()].toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
    if (!restrains(restraint, asset, withParents(asset, find))) continue;
    for (const point of Object.keys(pointsOf(asset))) work.dirtyPoints.add(pointKey(asset.id, point));
    if (restraint.kind === 'stand-down') continue;
    for (const key of work.state.alarms.ofAsset(asset.id)) review(work, key);
    review(work, alarmKey('device-offline', deviceOf(asset)));
  }
}

/** What stand-downs want of a point: with every look anew, as long as they stand. */
export function standDownClaims(work: Work, key: string, point: Point): Claim[] {
  const asset = work.directory.get(splitPointKey(key).asset);
  if (!asset) return [];
  return work.restraints.standDownsOn(asset).map((standDown) => {
    const { leaseUntil } = tripLease(work, standDown.at);
    return standDownClaim(standDown, { key, point, department: asset.department, leaseUntil });
  });
}

/** When the claims of stand-downs on a point are to be renewed, milliseconds since the epoch. */
export function standDownRenewals(work: Work, key: string): number[] {
  const asset = work.directory.get(splitPointKey(key).asset);
  return asset ? work.restraints.standDownsOn(asset).map(({ at }) => tripLease(work, at).renewAt) : [];
}
