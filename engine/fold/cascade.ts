// The cascade guard: a rule that keeps starting through its own effect is stopped, with the loop named.
import type { Asset } from '../model/asset.ts';
import { pointKey } from '../model/names.ts';
import type { Command } from '../model/command.ts';
import { documentOf } from '../rules/table.ts';
import type { RuleOfAsset } from './activation-table.ts';
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
 * Remembers which rules brought it about that a rule is something else for an asset than before; told only of what other
 * rules read.
 */
export function noteTurn(rules: RuleWork, { rule, asset }: RuleOfAsset): void {
  const { state, now } = rules.work;
  const key = turnKey(rule, asset);
  const known = state.effects.get(key);
  const before = known && known.at > now - WINDOW_MS ? known : undefined;
  // One that is nothing any more was brought there by what it had read before.
  const instances = state.activations.keysOf({ rule, asset }).flatMap((one) => rules.catalogue.instance(one) ?? []);
  const read = instances.flatMap((instance) => effectsRead(rules, instance)).flatMap(([, effect]) => effect.rules);
  const chain = [...new Set([rule, ...read, ...(before?.rules ?? [])])].slice(0, LONGEST_CHAIN);
  // At one instant a rule may turn more than once.
  const turns = before?.at === now ? (before.turns ?? 0) + 1 : 1;
  state.effects.set(key, { commandId: `${key}|${now}|${turns}`, at: now, rules: chain, turns });
}

const turnKey = (rule: string, asset: string): string => `activation:${rule}|${asset}`;

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
  for (const [through, { commandId }] of own.slice(0, 1)) {
    const before = (work.state.loops.get(rule)?.starts ?? []).filter(({ at }) => at > work.now - WINDOW_MS);
    const isNew = !before.some((one) => one.commandId === commandId);
    const starts = isNew ? [...before, { at: work.now, commandId }] : before;
    work.state.loops.set(rule, { starts });
    if (starts.length > MOST_STARTS) throw tooOften(work, { rule, through, chain: own[0]?.[1].rules ?? [] });
  }
  return [...new Set(found.flatMap(([, effect]) => effect.rules))].slice(0, LONGEST_CHAIN);
}

function tooOften(work: Work, loop: { rule: string; through: string; chain: readonly string[] }): CascadeError {
  work.state.loops.delete(loop.rule);
  const way = [...new Set([...loop.chain.toReversed(), loop.through]), loop.rule].join(' → ');
  return new CascadeError(`it started more than ${MOST_STARTS} times within a minute through its own effect: ${way}`);
}

/** What rules brought about in the last minute and this one reads: reported effects of commands, and other rules' activations. */
function effectsRead(rules: RuleWork, instance: Instance): [what: string, effect: Effect][] {
  const { work, catalogue } = rules;
  if (work.state.effects.size === 0) return [];
  const uses = catalogue.usesOf(instance.ready).map(({ fact, params }) => ({
    rule: fact === 'activation' ? params.name : undefined,
    assets: work.directory.resolve(instance.subject, params.of),
  }));
  const turns = uses.flatMap(({ rule, assets }) => (rule === undefined ? [] : turnsOf(work, rule, assets)));
  return [...reportedEffects(work, new Set(uses.flatMap(({ assets }) => assets))), ...turns];
}

const isRecent = (work: Work, effect: Effect | undefined): effect is Effect =>
  effect !== undefined && effect.at > work.now - WINDOW_MS;

function turnsOf(work: Work, rule: string, assets: readonly Asset[]): [rule: string, effect: Effect][] {
  return assets.flatMap((asset): [string, Effect][] => {
    const effect = work.state.effects.get(turnKey(rule, asset.id));
    return isRecent(work, effect) ? [[rule, effect]] : [];
  });
}

/** The commands whose effect was reported by one of the assets. */
function reportedEffects(work: Work, assets: ReadonlySet<Asset>): [point: string, effect: Effect][] {
  return [...assets].flatMap((asset) =>
    Object.keys(asset.points).flatMap((name): [string, Effect][] => {
      const point = pointKey(asset.id, name);
      const effect = work.state.effects.get(point);
      if (!isRecent(work, effect)) return [];
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
