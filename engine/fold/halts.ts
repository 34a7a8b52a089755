// Rules that are kept back whatever their conditions say: parked by the engine with an alarm, or paused by a person.
import { toIso } from '../model/clock.ts';
import type { RuleHalt } from '../model/live.ts';
import { departmentOf } from '../model/rule.ts';
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
  work.state.parked.set(rule, { version, why: why.slice(0, LONGEST_WHY), since: work.now });
  announce(work, rule);
  return true;
}

/** Keeps a rule back for a while. */
export function pauseRule(work: Work, rule: string, pause: { by: string; why: string; until: number }): void {
  work.state.pauses.set(rule, { ...pause, since: work.now });
  resumePause(work, rule, pause);
  announce(work, rule);
}

/** Starts the timer of a pause; also for one that a checkpoint brought back. */
export function resumePause(work: Work, rule: string, { until }: { until: number }): void {
  work.timers.set(`pause:${rule}`, until);
}

/** Lets a rule go on: a pause ends, and what is parked may try again. */
export function letGoOn(work: Work, rule: string, what: { parked: boolean; paused: boolean }): void {
  const wasParked = what.parked && work.state.parked.delete(rule);
  const wasPaused = what.paused && work.state.pauses.delete(rule);
  if (wasPaused) work.timers.set(`pause:${rule}`, undefined);
  if (wasParked || wasPaused) announce(work, rule);
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
    ...(paused ? { paused } : {}),
  };
  work.emit({ kind: 'live', event: { event: 'halt', data: halt } });
}
