// What sensors and devices say, taken into the state: readings, reports, and who is there.
import { SIGNAL_GROUPS } from '../control/signal-conflicts.ts';
import { arrivalOf, knownValue, latenessOf, staleAt, type Arrival, type Fact, type Incoming } from '../facts/fact.ts';
import { idNumber } from '../facts/seen-ids.ts';
import type { Asset } from '../model/asset.ts';
import { SLOTS } from '../model/claim.ts';
import type { Report } from '../model/field.ts';
import type { Input } from '../model/input.ts';
import { pointKey } from '../model/names.ts';
import { FUTURE_MS, normalise, type Reading } from '../model/reading.ts';
import { misfit, sameValue, type Value } from '../model/value.ts';
import { seeReading } from './activations.ts';
import { noteDevice, noteHeard, noteSignals, noteSilent } from './alarm-causes.ts';
import { checkPointProof, tryAgain } from './commands.ts';
import { factKey, splitFactKey } from './fact-table.ts';
import type { InterlockFact } from './ports.ts';
import { interlockFact, isObserved } from './observed.ts';
import type { RuleWork } from './rule-work.ts';
import { idlePoint, type ReportedPoint } from './state.ts';
import { markInterlocked } from './trips.ts';
import { viewAsset, viewReading } from './views.ts';
import type { Work } from './work.ts';

/** Takes readings into the facts; rules that they concern are looked at before the entry is done. */
export function onReadings(rules: RuleWork, readings: readonly Reading[]): void {
  for (const reading of readings) {
    const asset = rules.work.directory.get(reading.asset);
    if (asset) onReading(rules, asset, reading);
    else rules.counts.unknownAsset += 1;
  }
}

function onReading(rules: RuleWork, asset: Asset, said: Reading): Arrival | 'overheard' {
  const { work, catalogue, counts } = rules;
  const { property } = said;
  const before = work.state.facts.get(asset.id, property);
  const reading = inOurTime(said, work.now, before);
  if (reading !== said) counts.future += 1;
  const valueBefore = before && knownValue(asset, before, work.now);
  const latenessMs = latenessOf(asset, property, work.settings.latenessMs);
  const windows = catalogue.windowsOf(asset.id, property);
  const incoming: Incoming = { reading, id: idNumber(reading.id), latenessMs, windows };
  const arrival =
    before && isObserved(before.reading) && !isObserved(reading) && valueBefore !== undefined
      ? 'overheard'
      : arrivalOf(before, incoming);
  if (arrival !== 'newest' && arrival !== 'older') {
    counts[arrival] += 1;
    return arrival;
  }
  counts.taken += 1;
  const fact = work.state.facts.take(before, incoming);
  work.emit({ kind: 'reading', reading, isNewest: arrival === 'newest' });
  for (const key of catalogue.readersOf(asset.id, property)) {
    work.dirtyInstances.add(key);
    const instance = catalogue.counting(key);
    if (instance) seeReading(rules, instance, reading);
  }
  if (property === SIGNAL_GROUPS && isObserved(reading)) noteSignals(work, asset, reading, arrival === 'newest');
  if (arrival === 'newest') followNewest(rules, { asset, fact, valueBefore });
  return arrival;
}

/** From a clock that runs ahead: when it was seen nobody knows, so from when it came on what holds is unknown. */
function inOurTime(reading: Reading, now: number, before: Fact | undefined): Reading {
  if (reading.observedAt <= now + FUTURE_MS) return reading;
  return { ...reading, observedAt: Math.max(now, before?.reading.observedAt ?? now), quality: 'ahead' };
}

/** A property has a new value: staleness, rules, proofs and refused wishes depend on it. */
function followNewest(
  { work, catalogue, candidates }: RuleWork,
  { asset, fact, valueBefore }: { asset: Asset; fact: Fact; valueBefore: Value | undefined },
): void {
  const { reading } = fact;
  watchStaleness(work, asset, fact);
  noteHeard(work, asset, fact);
  markInterlocked(work, asset, reading.property);
  const change = { before: valueBefore, after: knownValue(asset, fact, work.now) };
  catalogue.concerned(asset, reading.property, change, (ready) => candidates.push({ asset, ready }));
  for (const point in asset.points) {
    const key = pointKey(asset.id, point);
    checkPointProof(work, key);
    if (isObserved(reading) && typeof reading.value !== 'number' && change.before !== change.after)
      tryAgain(work, key, ['refused']);
  }
}

/** One timer per fact: it is not moved with each reading, but looks again when it fires. */
function watchStaleness(work: Work, asset: Asset, { reading }: Fact): void {
  const at = staleAt(asset, reading.property, reading.observedAt);
  if (at === undefined) return;
  const name = `stale:${factKey(asset.id, reading.property)}`;
  if (!work.timers.isSet(name)) work.timers.set(name, at);
}

/** A fact has been silent for as long as its timer ran: it is stale now, or the timer goes on. */
export function onStale(rules: RuleWork, key: string): void {
  const { work, catalogue, candidates } = rules;
  const { asset: id, property } = splitFactKey(key);
  const asset = work.directory.get(id);
  const fact = work.state.facts.get(id, property);
  if (!asset || !fact) return;
  if ((staleAt(asset, property, fact.reading.observedAt) ?? Infinity) > work.now) {
    watchStaleness(work, asset, fact);
    return;
  }
  work.emit({ kind: 'live', event: { event: 'fact', data: viewReading(fact.reading, true) } });
  noteSilent(work, asset);
  markInterlocked(work, asset, property);
  const change = { before: fact.reading.value, after: undefined };
  catalogue.concerned(asset, property, change, (ready) => candidates.push({ asset, ready }));
}

/** Starts the timers of facts that a checkpoint brought back and that are not stale yet. */
export function resumeStaleness(work: Work): void {
  for (const { asset: id, property, fact } of work.state.facts.entries()) {
    const asset = work.directory.get(id);
    const at = asset && staleAt(asset, property, fact.reading.observedAt);
    if (asset && at !== undefined && at > work.now) watchStaleness(work, asset, fact);
  }
}

/** Takes a device's report: what it measured first, then the state of its points. */
export function onReport(rules: RuleWork, report: Report): void {
  const { work, counts } = rules;
  const asset = work.directory.get(report.asset);
  if (!asset) {
    counts.unknownAsset += 1;
    return;
  }
  const newest = readingsIn(work, report, counts).filter((reading) => onReading(rules, asset, reading) === 'newest');
  if (newest.length > 0) {
    const facts = newest.flatMap(({ property }): [string, InterlockFact][] => {
      const fact = work.state.facts.get(asset.id, property);
      return fact ? [[property, interlockFact(asset, fact.reading)]] : [];
    });
    work.emit({ kind: 'interlock-facts', asset: report.asset, facts: Object.fromEntries(facts) });
  }
  if (Date.parse(report.observedAt) > work.now + FUTURE_MS) {
    if (newest.length === 0) counts.future += 1;
    return;
  }
  for (const [name, said] of Object.entries(report.points)) {
    const declared = work.declarationOf(pointKey(report.asset, name));
    if (!declared || misfit(declared.value, said.value) !== undefined) counts.invalid += 1;
    else onReportedPoint(work, pointKey(report.asset, name), { ...said, at: Date.parse(report.observedAt) });
  }
}

function readingsIn(work: Work, report: Report, counts: RuleWork['counts']): Reading[] {
  return Object.entries(report.readings).flatMap(([property, raw]): Reading[] => {
    const normal = normalise(property, raw, report.units[property]);
    if ('code' in normal) {
      counts.invalid += 1;
      return [];
    }
    return [
      {
        id: `${report.asset}/${report.id}/${property}`,
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
  if (!sameValue(said.value, before.reported?.value)) tryAgain(work, key);
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
  noteDevice(work, key, online);
  for (const asset of work.directory.ofDevice(key)) {
    work.emit({ kind: 'live', event: { event: 'asset', data: viewAsset(asset, online) } });
    if (online) for (const point of Object.keys(asset.points)) tryAgain(work, pointKey(asset.id, point));
  }
}
