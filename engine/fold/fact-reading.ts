// How rules read facts from the fold's state, and which of them must look again when that state itself changes.
import { activationConcern, desiredConcern, reportedConcern } from '../facts/city-facts.ts';
import type { KnownPoint } from '../facts/fact-source.ts';
import { readFact, type FactSource } from '../facts/read-fact.ts';
import { isFactName } from '../model/facts.ts';
import { pointKey, splitPointKey } from '../model/names.ts';
import type { Reading } from '../model/reading.ts';
import type { EvaluationContext } from '../rules/evaluate.ts';
import { noteTurn } from './cascade.ts';
import type { Instance } from './ready-rule.ts';
import { desiredOf } from './point-table.ts';
import type { RuleWork } from './rule-work.ts';
import type { PointState } from './state.ts';

/** What this state does not know by itself: points and other rules, of a fold that holds one rule only. */
export type Beside = Pick<FactSource, 'point' | 'activation'>;

/**
 * Where the conditions of a rule's instance are evaluated.
 *
 * @param as what this reading says stands for its property, at the moment of the reading; default: now, and what is known now
 * @param beside what else stands for the state's own points and activations
 */
export function contextFor(
  rules: RuleWork,
  { ready, subject }: Pick<Instance, 'ready' | 'subject'>,
  as?: Reading,
  beside?: Beside,
): EvaluationContext {
  const now = as ? Math.min(as.observedAt, rules.work.now) : rules.work.now;
  const own = sourceOf(rules, now, as);
  const source = beside ? { ...own, ...beside } : own;
  return {
    now,
    read: (fact, params, limits) =>
      readFact(limits && isFactName(fact) ? { ...source, limits } : source, subject, fact, params),
    names: ready.names,
  };
}

function sourceOf({ work, catalogue }: RuleWork, now: number, as: Reading | undefined): FactSource {
  const { state, settings, directory, calendars } = work;
  return {
    directory,
    now,
    timeZone: settings.timeZone,
    ...(settings.holidays === undefined ? {} : { holidays: settings.holidays }),
    inCalendar: calendars.includes,
    fact: (asset, property) => {
      const fact = state.facts.get(asset, property);
      return fact && as?.asset === asset && as.property === property ? { ...fact, reading: as } : fact;
    },
    point: (asset, name) => knownPoint(state.points.get(pointKey(asset, name))),
    activation: (rule, asset) =>
      catalogue.rulesOf(rule).length === 0 ? undefined : state.activations.stateOf({ rule, asset }),
  };
}

function knownPoint(point: PointState | undefined): KnownPoint {
  const desired = desiredOf(point);
  return {
    ...(point?.reported ? { reported: point.reported } : {}),
    ...(desired === undefined ? {} : { desired }),
  };
}

/** Marks the instances that read a report, a want or an activation which has changed since the last call. */
export function markReaders(rules: RuleWork): void {
  const { work, catalogue } = rules;
  const { activations, points } = work.state;
  const mark = (asset: string, concern: string): boolean => {
    const readers = [...catalogue.readersOf(asset, concern)];
    for (const key of readers) work.dirtyInstances.add(key);
    return readers.length > 0;
  };
  for (const turned of activations.isTouched ? activations.takeTouched() : [])
    if (mark(turned.asset, activationConcern(turned.rule))) noteTurn(rules, turned);
  for (const { key, reported, desired } of points.isTouched ? points.takeTouched() : []) {
    const { asset, point } = splitPointKey(key);
    if (reported) mark(asset, reportedConcern(point));
    if (desired) mark(asset, desiredConcern(point));
  }
}
