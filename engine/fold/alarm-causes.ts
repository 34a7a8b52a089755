// What raises and ends alarms: sensors that fall silent or freeze, devices that go, points that do not obey, interlocks, rules.
import { CONFLICTS, whyConflicting } from '../control/signal-conflicts.ts';
import { isFrozen, staleAt, type Fact } from '../facts/fact.ts';
import type { Severity } from '../model/alarm.ts';
import { deviceOf, type Asset } from '../model/asset.ts';
import { toIso } from '../model/clock.ts';
import type { Command, CommandEnd } from '../model/command.ts';
import type { Input } from '../model/input.ts';
import { pointKey, splitPointKey } from '../model/names.ts';
import { own } from '../model/own.ts';
import type { Reading } from '../model/reading.ts';
import { departmentOf } from '../model/rule.ts';
import { documentOf } from '../rules/table.ts';
import { alarmKey } from './alarm-table.ts';
import { end, raise, review, type Cause } from './alarms.ts';
import type { Instance } from './ready-rule.ts';
import type { PointState } from './state.ts';
import type { Work } from './work.ts';

/** Ends that are the street's or the network's fault. A refusal is not: somebody forbade it, and says why. */
const FAULTS: readonly CommandEnd[] = ['expired', 'unverified', 'failed'];

/** A property of an asset has become stale. */
export function noteSilent(work: Work, asset: Asset): void {
  const silent = silentOf(work, asset);
  if (silent.length > 0) raise(work, silence(asset, silent));
}

/** A property of an asset has been heard: it may be fresh again, or too much the same. */
export function noteHeard(work: Work, asset: Asset, fact: Fact): void {
  const isTooMuchTheSame = isFrozen(asset, fact);
  if (!isTooMuchTheSame && !work.state.alarms.isAbout(asset.id)) return;
  const { property } = fact.reading;
  const key = pointKey(asset.id, property);
  if (isTooMuchTheSame) {
    const text = `${property} has been exactly ${String(fact.reading.value)} since ${toIso(fact.since)}`;
    raise(work, { kind: 'sensor-frozen', subject: key, ...about(asset), text });
  } else end(work, alarmKey('sensor-frozen', key), `${property} changes again`);
  const silent = alarmKey('asset-silent', asset.id);
  if (work.state.alarms.has(silent)) reviewSilence(work, asset, silent);
}

/** A controller has reported its signal groups. One late or out of order says as much of a conflict as the newest. */
export function noteSignals(work: Work, asset: Asset, { value }: Reading, isNewest: boolean): void {
  const text = whyConflicting(value, own(asset.attributes, CONFLICTS));
  if (text !== undefined) raise(work, { kind: 'signal-conflict', subject: asset.id, ...about(asset), text });
  else if (isNewest) end(work, alarmKey('signal-conflict', asset.id), 'no conflicting groups are green');
}

/** A device has said whether it is there, or the broker has said it for it. */
export function noteDevice(work: Work, device: string, online: boolean): void {
  const assets = work.directory.ofDevice(device);
  const key = alarmKey('device-offline', device);
  if (online) end(work, key, 'it is online again');
  const [first] = assets;
  if (online || !first) return;
  const obeys = assets.some(({ points }) => Object.keys(points).length > 0);
  const severity: Severity = obeys ? 'high' : 'medium';
  const many = assets.length === 1 ? first.title : `${assets.length} assets`;
  const text = `${device} is offline: ${many} cannot be ${obeys ? 'controlled' : 'seen'}`;
  const alone = assets.length === 1 ? about(first) : undefined;
  raise(work, {
    kind: 'device-offline',
    subject: device,
    department: first.department,
    group: alone?.group ?? device,
    severity,
    text,
  });
}

/** The gateway has heard of a department's flows: that they run, that their runtime holds them back, or nothing any more. */
export function noteFlows(work: Work, { department, state }: Extract<Input, { kind: 'flows' }>): void {
  if (state === 'started') end(work, alarmKey('flows-stopped', department), 'the flows run');
  else
    raise(work, {
      kind: 'flows-stopped',
      subject: department,
      department,
      group: department,
      text: WHY_FLOWS_STOPPED[state],
    });
}

const WHY_FLOWS_STOPPED = {
  lost: 'the flows’ runtime broke off without a goodbye',
  'safe-mode': 'the flows’ runtime is in safe mode, as after having been blocked twice: no flow starts until a Deploy',
} as const;

/** A command for a point has failed again, after all its quick tries. */
export function noteFailing(
  work: Work,
  command: Command,
  { state, tries, detail }: { state: CommandEnd; tries: number; detail?: string | undefined },
): void {
  const asset = work.directory.get(splitPointKey(command.point).asset);
  if (!asset || !FAULTS.includes(state)) return;
  const text = `${wish(command)} was ${state} ${tries} times${detail === undefined ? '' : `: ${detail}`}`;
  // The words of the first failure stay: those of each slow try would only make the alarm restless.
  const key = alarmKey('command-failed', command.point);
  const known = work.state.alarms.get(key);
  if (!known || known.endedAt !== undefined)
    raise(work, { kind: 'command-failed', subject: command.point, ...about(asset), text });
}

/** json-rules-engine did not agree that a rule is true. */
export function noteDisagreement(work: Work, { ready, subject }: Instance): void {
  const rule = documentOf(ready.rule.id);
  const text = `version ${ready.version} did not start for ${subject.asset.id}: json-rules-engine does not agree that it is true`;
  const key = alarmKey('rule-disagreement', rule);
  const known = work.state.alarms.get(key);
  if (!known || known.endedAt !== undefined)
    raise(work, { kind: 'rule-disagreement', subject: rule, department: departmentOf(rule), group: rule, text });
}

/** Points were settled within the entry: what they do and what holds them may begin an alarm, or end one. */
export function notePoints(work: Work): void {
  const keys = [...work.settledPoints].toSorted();
  work.settledPoints.clear();
  for (const key of keys) notePoint(work, key);
}

/** An asset's document was changed or removed: alarms about what it no longer has end, and it may hang on something else. */
export function reviewAlarms(work: Work, id: string, before: Asset | undefined): void {
  const asset = work.directory.get(id);
  for (const key of work.state.alarms.ofAsset(id)) {
    if (asset) review(work, key);
    else end(work, key, 'the asset was removed');
  }
  for (const key of work.state.alarms.ofGroup(id)) review(work, key);
  if (asset) {
    reviewSilence(work, asset, alarmKey('asset-silent', id));
    for (const key of work.state.alarms.ofAsset(id)) {
      const known = work.state.alarms.get(key);
      if (known?.subject.includes('#')) work.settledPoints.add(known.subject.split(' ')[0] ?? '');
    }
  }
  const device = before ? deviceOf(before) : '';
  if (work.directory.ofDevice(device).length === 0)
    end(work, alarmKey('device-offline', device), 'no asset is bound to it any more');
}

function notePoint(work: Work, key: string): void {
  const asset = work.directory.get(splitPointKey(key).asset);
  const point = asset && work.declarationOf(key) ? work.state.points.get(key) : undefined;
  if (asset && point) raiseForPoint(work, key, asset, point);
  if (!asset || !work.state.alarms.isAbout(asset.id)) return;
  if (!point || !isStruggling(work, point)) end(work, alarmKey('command-failed', key), 'the point does what it should');
  if (!point?.waits) end(work, alarmKey('wear-budget', key), 'nothing waits any more');
  for (const one of work.state.alarms.ofAsset(asset.id)) {
    const prefix = alarmKey('interlock-tripped', `${key} `);
    if (one.startsWith(prefix) && !point?.tripped?.[one.slice(prefix.length)])
      end(work, one, 'the interlock holds nothing any more');
  }
}

function raiseForPoint(work: Work, key: string, asset: Asset, point: PointState): void {
  for (const [interlock, { why }] of Object.entries(point.tripped ?? {})) {
    const cause: Cause = { kind: 'interlock-tripped', subject: `${key} ${interlock}`, ...about(asset), text: why };
    const known = work.state.alarms.get(alarmKey(cause.kind, cause.subject));
    const isLifeSafety = work.state.interlocks.get(interlock)?.body?.lifeSafety === true;
    if (!known || known.endedAt !== undefined) raise(work, isLifeSafety ? { ...cause, severity: 'critical' } : cause);
  }
  const { waits } = point;
  if (waits)
    raise(work, {
      kind: 'wear-budget',
      subject: key,
      ...about(asset),
      text: `${waits.why}, until ${toIso(waits.until)}`,
    });
}

/** Quick tries are used up, or the next one is on its way: as long as that lasts, the alarm does. */
function isStruggling(work: Work, { tries, commandId, retryAt, waits }: PointState): boolean {
  const isUnderWay = commandId !== undefined && work.state.commands.has(commandId);
  return (
    tries > work.settings.furtherTries || isUnderWay || waits !== undefined || (tries > 0 && retryAt !== undefined)
  );
}

function reviewSilence(work: Work, asset: Asset, key: string): void {
  const known = work.state.alarms.get(key);
  if (!known || known.endedAt !== undefined) return;
  const silent = silentOf(work, asset);
  if (silent.length === 0) end(work, key, 'it is heard again');
  else raise(work, silence(asset, silent));
}

/** The properties that an asset has reported and should have reported since. */
function silentOf(work: Work, asset: Asset): { property: string; since: number }[] {
  return Object.keys(asset.reports)
    .toSorted()
    .flatMap((property) => {
      const since = work.state.facts.get(asset.id, property)?.reading.observedAt;
      const at = since === undefined ? undefined : staleAt(asset, property, since);
      return since !== undefined && at !== undefined && at <= work.now ? [{ property, since }] : [];
    });
}

const silence = (asset: Asset, silent: readonly { property: string; since: number }[]): Cause => ({
  kind: 'asset-silent',
  subject: asset.id,
  ...about(asset),
  text: `not heard: ${silent.map(({ property, since }) => `${property} since ${toIso(since)}`).join(', ')}`,
});

const about = (asset: Asset): Pick<Cause, 'department' | 'asset' | 'group'> => ({
  department: asset.department,
  asset: asset.id,
  group: asset.parent ?? asset.id,
});

const wish = ({ want }: Command): string =>
  'release' in want ? 'giving it back to its own programme' : `setting ${String(want.value)}`;
