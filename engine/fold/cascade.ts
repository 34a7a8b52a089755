// The cascade guard: a rule that keeps starting through its own effect is stopped, with the loop named.
import { pointKey } from '../model/names.ts';
import type { Command } from '../model/command.ts';
import { documentOf } from '../rules/table.ts';
import type { Instance } from './ready-rule.ts';
import type { RuleWork } from './rule-work.ts';
import type { Effect } from './state.ts';
import type { Work } from './work.ts';

/** Starts of a rule through its own effect that are allowed within the window, in milliseconds. */
const MOST_STARTS = 5;
const WINDOW_MS = 60_000;
/** Rules that one effect names: longer chains are loops already. */
const LONGEST_CHAIN = 16;

/** A rule that moves itself: it is parked, and the message shows the loop. */
export class CascadeError extends Error {}

/** Remembers which rules brought a command about; a release is the effect of those that had asked before. */
export function noteEffect(work: Work, { commandId, point, cause }: Command): void {
  const { effects } = work.state;
  const rules = cause.decisionId === undefined ? (effects.get(point)?.rules ?? []) : chainOf(work, cause.decisionId);
  if (rules.length > 0) effects.set(point, { commandId, at: work.now, rules });
  else effects.delete(point);
}

/**
 * Follows a start back: the facts that the rule reads, the reports behind them, their commands, and the rules behind those.
 *
 * @returns the rules whose effects led here, none twice. Throws `CascadeError` when the rule itself is among them too often.
 */
export function causesOf(rules: RuleWork, instance: Instance): string[] {
  const { work } = rules;
  const rule = documentOf(instance.ready.rule.id);
  const found = effectsRead(rules, instance);
  const own = found.filter(([, effect]) => effect.rules.includes(rule));
  for (const [point, { commandId }] of own.slice(0, 1)) {
    const before = (work.state.loops.get(rule)?.starts ?? []).filter(({ at }) => at > work.now - WINDOW_MS);
    const isNew = !before.some((one) => one.commandId === commandId);
    const starts = isNew ? [...before, { at: work.now, commandId }] : before;
    work.state.loops.set(rule, { starts });
    if (starts.length > MOST_STARTS) throw tooOften(work, { rule, point, chain: own[0]?.[1].rules ?? [] });
  }
  return [...new Set(found.flatMap(([, effect]) => effect.rules))].slice(0, LONGEST_CHAIN);
}

function tooOften(work: Work, loop: { rule: string; point: string; chain: readonly string[] }): CascadeError {
  work.state.loops.delete(loop.rule);
  const way = [...loop.chain.toReversed(), loop.point, loop.rule].join(' → ');
  return new CascadeError(`it started more than ${MOST_STARTS} times within a minute through its own effect: ${way}`);
}

/** The commands of the last minute whose effect was reported by an asset that the rule reads. */
function effectsRead({ work, catalogue }: RuleWork, { ready, subject }: Instance): [point: string, effect: Effect][] {
  if (work.state.effects.size === 0) return [];
  const assets = new Set(catalogue.usesOf(ready).flatMap(({ params }) => work.directory.resolve(subject, params.of)));
  return [...assets].flatMap((asset) =>
    Object.keys(asset.points).flatMap((name): [string, Effect][] => {
      const point = pointKey(asset.id, name);
      const effect = work.state.effects.get(point);
      if (!effect || effect.at <= work.now - WINDOW_MS) return [];
      const reported = work.state.points.get(point)?.reported;
      const isSeen = reported && (reported.commandId === effect.commandId || reported.at >= effect.at);
      return isSeen ? [[point, effect]] : [];
    }),
  );
}

/** The rule that decided, and those whose effects had led to it. */
function chainOf(work: Work, decisionId: string): string[] {
  const [rule = '', asset = '', related = ''] = decisionId.split('|');
  const causes = work.state.activations.get(`${rule}|${asset}|${related}`)?.causes ?? [];
  return [...new Set([documentOf(rule), ...causes])].slice(0, LONGEST_CHAIN);
}
