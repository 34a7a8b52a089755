// What sensors and devices say, taken into the state: readings, reports, and who is there.
import { staleAt, takeReading } from '../facts/fact.ts';
import { SLOTS } from '../model/claim.ts';
import type { Report } from '../model/field.ts';
import type { Input } from '../model/input.ts';
import { pointKey } from '../model/names.ts';
import { normalise, type Reading } from '../model/reading.ts';
import { misfit, sameValue } from '../model/value.ts';
import type { Catalogue } from './catalogue.ts';
import { checkPointProof } from './commands.ts';
import { deviceKey } from './documents.ts';
import { idlePoint } from './points.ts';
import type { InterlockFact } from './ports.ts';
import type { ReportedPoint } from './state.ts';
import { viewAsset, viewFact } from './views.ts';
import type { Work } from './work.ts';

/** Counts of what was not taken, for the metrics. */
export interface ReadingCounts {
  taken: number;
  repeated: number;
  unknownAsset: number;
  invalid: number;
}

/** Takes readings into the facts; rules that read them are looked at before the entry is done. */
export function onReadings(
  work: Work,
  catalogue: Catalogue,
  readings: readonly Reading[],
  counts: ReadingCounts,
): void {
  for (const reading of readings) {
    if (work.directory.get(reading.asset)) onReading(work, catalogue, reading, counts);
    else counts.unknownAsset += 1;
  }
}

function onReading(work: Work, catalogue: Catalogue, reading: Reading, counts: ReadingCounts): void {
  const key = `${reading.asset}/${reading.property}`;
  const { fact, taken } = takeReading(
    work.state.facts.get(key),
    reading,
    catalogue.keepMs(reading.asset, reading.property),
  );
  if (taken === 'repeated') {
    counts.repeated += 1;
    return;
  }
  counts.taken += 1;
  work.state.facts.set(key, fact);
  work.emit({ kind: 'reading', reading });
  for (const instance of catalogue.readersOf(reading.asset, reading.property)) work.dirtyInstances.add(instance);
  const asset = work.directory.get(reading.asset);
  if (taken === 'newest' && asset) {
    work.timers.set(`stale:${key}`, staleAt(asset, reading.property, reading.observedAt));
    work.emit({ kind: 'live', event: { event: 'fact', data: viewFact(fact, false) } });
    for (const point of Object.keys(asset.points)) checkPointProof(work, pointKey(asset.id, point));
  }
}

/** Takes a device's report: what it measured first, then the state of its points. */
export function onReport(work: Work, catalogue: Catalogue, report: Report, counts: ReadingCounts): void {
  const asset = work.directory.get(report.asset);
  if (!asset) {
    counts.unknownAsset += 1;
    return;
  }
  const readings = readingsIn(work, report, counts);
  onReadings(work, catalogue, readings, counts);
  if (readings.length > 0) {
    const facts = readings.map((reading): [string, InterlockFact] => {
      const stale =
        reading.quality === 'bad' ? reading.observedAt : staleAt(asset, reading.property, reading.observedAt);
      return [
        reading.property,
        { value: reading.value, observedAt: reading.observedAt, ...(stale === undefined ? {} : { staleAt: stale }) },
      ];
    });
    work.emit({ kind: 'interlock-facts', asset: report.asset, facts: Object.fromEntries(facts) });
  }
  for (const [name, said] of Object.entries(report.points)) {
    const declared = work.declarationOf(pointKey(report.asset, name));
    if (!declared || misfit(declared.value, said.value) !== undefined) counts.invalid += 1;
    else onReportedPoint(work, pointKey(report.asset, name), { ...said, at: Date.parse(report.observedAt) });
  }
}

function readingsIn(work: Work, report: Report, counts: ReadingCounts): Reading[] {
  return Object.entries(report.readings).flatMap(([property, raw]): Reading[] => {
    const normal = normalise(property, raw, report.units[property]);
    if ('code' in normal) {
      counts.invalid += 1;
      return [];
    }
    return [
      {
        id: `${report.id}/${property}`,
        asset: report.asset,
        property,
        ...normal,
        observedAt: Date.parse(report.observedAt),
        receivedAt: work.now,
        quality: report.quality,
        source: 'adapter:mqtt',
      },
    ];
  });
}

function onReportedPoint(work: Work, key: string, said: ReportedPoint): void {
  const before = work.state.points.get(key) ?? idlePoint();
  if (before.reported && said.at < before.reported.at) return;
  const isOwn = said.cause === 'programme' || said.cause === 'startup';
  const inFlight = before.commandId !== undefined && work.state.commands.has(before.commandId);
  work.state.points.set(key, {
    ...before,
    reported: said,
    ...(isOwn ? { programme: said.value } : {}),
    // A device that says it acts by itself no longer does what we told it.
    held: said.cause === 'command' || said.cause === 'unknown' || inFlight ? before.held : false,
  });
  noteLocalHand(work, key, said, before.reported);
  checkPointProof(work, key);
  work.dirtyPoints.add(key);
}

/** A hand at the cabinet wins for a while: it becomes a claim that ends with its lease, or when the hand lets go. */
function noteLocalHand(work: Work, key: string, said: ReportedPoint, before: ReportedPoint | undefined): void {
  const id = `local#${key}`;
  if (said.cause !== 'local') {
    work.dropClaim(id);
    return;
  }
  if (before?.cause === 'local' && sameValue(before.value, said.value)) return;
  const asset = work.directory.get(key.slice(0, key.lastIndexOf('#')));
  work.putClaim({
    id,
    point: key,
    effect: 'set',
    value: said.value,
    slot: SLOTS.operator,
    rampSeconds: 0,
    owner: { kind: 'local', id: asset?.title ?? key },
    department: asset?.department ?? 'unknown',
    reason: 'A hand at the cabinet',
    since: work.now,
    leaseUntil: work.now + work.settings.localHandMs,
  });
}

/** Notes whether a device is there. */
export function onStatus(work: Work, { department, device, status }: Extract<Input, { kind: 'status' }>): void {
  const key = `${department}/${device}`;
  const online = status.state === 'online';
  work.state.devices.set(key, { online, at: Date.parse(status.at) });
  for (const asset of work.directory.all()) {
    if (deviceKey(asset) === key)
      work.emit({ kind: 'live', event: { event: 'asset', data: viewAsset(asset, online) } });
  }
}

/** A fact has gone stale: pages grey it out. */
export function onStale(work: Work, key: string): void {
  const fact = work.state.facts.get(key);
  if (fact) work.emit({ kind: 'live', event: { event: 'fact', data: viewFact(fact, true) } });
}
