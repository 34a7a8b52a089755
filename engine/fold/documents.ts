// Documents entering the engine: assets, rules, conditions, interlocks, calendars, schedules, restraints, each in its newest version.
import { deviceOf, pointsOf, type Asset } from '../model/asset.ts';
import type { DocumentInput } from '../model/input.ts';
import { pointKey } from '../model/names.ts';
import { reviewAlarms } from './alarm-causes.ts';
import { forgetWaitingOn } from './confirmations.ts';
import { resumeSchedules, reviewSchedules, reviewTarget, takeSchedule } from './schedules.ts';
import type { Work } from './work.ts';
import { reviewNotices } from './notices.ts';
import { takeRestraint } from './restraints.ts';
import { idlePoint } from './state.ts';
import { takeInterlock } from './trips.ts';
import { viewAsset } from './views.ts';

/** Takes a document into the state; an older version than the one in force changes nothing. Returns whether it did. */
export function takeDocument(work: Work, document: DocumentInput): boolean {
  const { assets, rules, conditions, interlocks, calendars, duties, schedules, restraints } = work.state;
  const table = {
    asset: assets,
    rule: rules,
    condition: conditions,
    interlock: interlocks,
    calendar: calendars,
    duty: duties,
    schedule: schedules,
    restraint: restraints,
  }[document.of];
  const known = table.get(document.id);
  if (known && known.version >= document.version) return false;
  switch (document.of) {
    case 'asset':
      takeAsset(work, document.id, document.version, document.body);
      break;
    case 'rule':
      rules.set(document.id, { version: document.version, body: document.body });
      break;
    case 'condition':
      conditions.set(document.id, { version: document.version, body: document.body });
      break;
    case 'duty':
      duties.set(document.id, { version: document.version, body: document.body });
      reviewNotices(work, document.id);
      break;
    case 'interlock':
      interlocks.set(document.id, { version: document.version, body: document.body });
      takeInterlock(work, document.id);
      break;
    case 'calendar':
      calendars.set(document.id, { version: document.version, body: document.body });
      work.calendars.put(document.id, document.body ?? undefined);
      // What was found by the old one is not asked again.
      work.city = { ...work.city };
      reviewSchedules(work, work.calendars.reaching(document.id));
      break;
    case 'schedule':
      schedules.set(document.id, { version: document.version, body: document.body });
      takeSchedule(work, document.id);
      break;
    case 'restraint':
      takeRestraint(work, document);
  }
  return true;
}

/** Makes what derives from the documents of a checkpoint. */
export function resumeDocuments(work: Work): void {
  const { assets, calendars, interlocks, restraints } = work.state;
  for (const { body } of assets.values()) if (body) work.directory.put(body);
  for (const [id, { body }] of calendars.entries()) work.calendars.put(id, body ?? undefined);
  for (const [id, { body }] of interlocks.entries()) work.interlocks.put(id, body ?? undefined);
  for (const { body } of restraints.values()) if (body) work.restraints.put(body);
  resumeSchedules(work);
}

function takeAsset(work: Work, id: string, version: number, body: Asset | null): void {
  const before = work.directory.get(id);
  work.state.assets.set(id, { version, body });
  if (body === null) {
    forgetAsset(work, id);
    reviewAlarms(work, id, before);
    return;
  }
  work.directory.put(body);
  reviewTarget(work, body);
  reviewAlarms(work, id, before);
  for (const point of Object.keys(pointsOf(body))) work.dirtyPoints.add(pointKey(id, point));
  const device = work.state.devices.get(deviceOf(body));
  work.emit({ kind: 'live', event: { event: 'asset', data: viewAsset(body, device?.online) } });
}

/** Claims on a removed asset's points end, its facts go; the device hears nothing more of us. */
function forgetAsset(work: Work, id: string): void {
  work.directory.remove(id);
  forgetWaitingOn(work, id);
  for (const claim of work.state.claims.values()) if (claim.point.startsWith(`${id}#`)) work.dropClaim(claim.id);
  work.state.facts.deleteAsset(id);
  // The sequence outlives the asset: if it comes back, no command may have the id of an earlier one.
  for (const [key, { sequence }] of work.state.points.entries()) {
    if (key.startsWith(`${id}#`)) work.state.points.set(key, { ...idlePoint(), sequence });
  }
  work.emit({ kind: 'live', event: { event: 'gone', data: { kind: 'asset', key: id } } });
}
