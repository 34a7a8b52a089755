// Rules that are kept back whatever their conditions say: parked by the engine with an alarm, or paused by a person.
import { toIso } from '../model/clock.ts';
import type { Halt, HaltEnd } from '../model/halt.ts';
import type { DocumentInput } from '../model/input.ts';
import type { RuleHalt } from '../model/live.ts';
import { departmentOf } from '../model/rule.ts';
import { alarmKey } from './alarm-table.ts';
import { end as endAlarm, raise } from './alarms.ts';
import type { Parked, Pause } from './state.ts';
import type { Work } from './work.ts';

/** Why a rule document is kept back, in words; undefined when it is not. */
export function haltOf(work: Work, rule: string): string | undefined {
  const parked = work.state.parked.get(rule);
  if (parked) return `parked: ${parked.why}`;
  const pause = work.state.pauses.get(rule);
  return pause && `paused by ${pause.by} until ${toIso(pause.until)}: ${pause.why}`;
}

/**
 * Parks a rule until its next version, or until a person lets it go on.
 *
 * @param version the one that misbehaved; nothing happens when another is in force
 * @returns whether it did
 */
export function park(work: Work, { rule, version, why }: { rule: string; version: number; why: string }): boolean {
  if (work.state.parked.has(rule) || work.state.rules.get(rule)?.version !== version) return false;
  const parked = { version, why: why.slice(0, LONGEST_WHY), since: work.now, entry: work.entryId };
  work.state.parked.set(rule, parked);
  announce(work, rule);
  record(work, parkedHalt(rule, parked));
  raise(work, { kind: 'rule-parked', subject: rule, department: departmentOf(rule), group: rule, text: parked.why });
  return true;
}

/** Keeps a rule back for a while; a pause that it has already gives way to this one. */
export function pauseRule(work: Work, rule: string, asked: { by: string; why: string; until: number }): void {
  const before = work.state.pauses.get(rule);
  const pause = { ...asked, since: work.now, entry: work.entryId };
  if (before) record(work, pausedHalt(rule, before), { by: asked.by, why: `paused anew: ${asked.why}` });
  work.state.pauses.set(rule, pause);
  resumePause(work, rule, pause);
  announce(work, rule);
  record(work, pausedHalt(rule, pause));
}

/** Starts the timer of a pause; also for one that a checkpoint brought back. */
export function resumePause(work: Work, rule: string, { until }: { until: number }): void {
  work.timers.set(`pause:${rule}`, until);
}

/**
 * Lets a rule go on: a pause ends, and what is parked may try again.
 *
 * @param how who let it, if anybody had to, and why
 */
export function letGoOn(
  work: Work,
  rule: string,
  { parked, paused, ...how }: { parked: boolean; paused: boolean } & Omit<HaltEnd, 'at'>,
): void {
  const wasParked = parked ? work.state.parked.get(rule) : undefined;
  const wasPaused = paused ? work.state.pauses.get(rule) : undefined;
  if (wasParked) {
    work.state.parked.delete(rule);
    record(work, parkedHalt(rule, wasParked), how);
    endAlarm(work, alarmKey('rule-parked', rule), how.why);
  }
  if (wasPaused) {
    work.state.pauses.delete(rule);
    work.timers.set(`pause:${rule}`, undefined);
    record(work, pausedHalt(rule, wasPaused), how);
  }
  if (wasParked || wasPaused) announce(work, rule);
}

/** A new version of a parked rule may try again; a pause outlives it, unless the rule is removed. */
export function onNewVersion(work: Work, { id, version, body }: Extract<DocumentInput, { of: 'rule' }>): void {
  const why = body ? `version ${version} came into force` : 'the rule was removed';
  letGoOn(work, id, { parked: true, paused: body === null, why });
  endAlarm(work, alarmKey('rule-disagreement', id), why);
}

const LONGEST_WHY = 500;

/** Pages and alarms learn of it; a rule that is kept back by nothing any more is named without a reason. */
function announce(work: Work, rule: string): void {
  const parked = work.state.parked.get(rule);
  const paused = work.state.pauses.get(rule);
  const halt: RuleHalt = {
    rule,
    department: departmentOf(rule),
    ...(parked ? { parked: { why: parked.why, since: parked.since } } : {}),
    ...(paused ? { paused: { by: paused.by, why: paused.why, since: paused.since, until: paused.until } } : {}),
  };
  work.emit({ kind: 'live', event: { event: 'halt', data: halt } });
}

/** Explanations of the past know of it by what is recorded. */
function record(work: Work, halt: Halt, end?: Omit<HaltEnd, 'at'>): void {
  work.emit({ kind: 'halt', halt: end ? { ...halt, ended: { at: work.now, ...end } } : halt });
}

const pausedHalt = (rule: string, { by, why, since, until, entry }: Pause): Halt => ({
  haltId: `${rule}|paused|${entry}`,
  kind: 'paused',
  rule,
  department: departmentOf(rule),
  since,
  by,
  why,
  until,
});

const parkedHalt = (rule: string, { version, why, since, entry }: Parked): Halt => ({
  haltId: `${rule}|parked|${entry}`,
  kind: 'parked',
  rule,
  department: departmentOf(rule),
  since,
  why,
  ruleVersion: version,
});
