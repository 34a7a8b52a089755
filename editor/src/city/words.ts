// Sentences about the city: who holds a point, why a rule decided, what a point is called. Pure.
import type { ClaimBrief, Command, Want } from '../../../engine/model/command.ts';
import type { ConditionTrace, Decision } from '../../../engine/model/decision.ts';
import type { AssetView, FactView, PointView } from '../../../engine/model/live.ts';
import { OPERATOR_NOTES, plainOperator } from '../../../engine/model/operators.ts';
import { own } from '../../../engine/model/own.ts';
import type { Value } from '../../../engine/model/value.ts';
import { formatValue, isRatio, type Manner } from '../format/format.ts';
import type { Texts } from '../texts/en.ts';
import { tellingComparisons } from './condition-tree.ts';

/** Lists have signs too, which need no words in any language. */
const SET_SIGNS: Readonly<Record<string, string>> = { in: '∈', notIn: '∉' };

/** An operator, with its decorators, as it stands before the values: `≤`, `> at least one of`. */
export function operatorInWords(texts: Texts, operator: string): string {
  const plain = plainOperator(operator);
  if (!plain) return operator;
  const sign = own(SET_SIGNS, plain.name) ?? OPERATOR_NOTES[plain.name].sign;
  return plain.over === undefined ? sign : `${sign} ${texts.trace.over[plain.over]}`;
}

/** `river-path` → `River Path`. */
export const titleOfName = (name: string): string =>
  name.replaceAll(/(^|[-_])([a-z])/g, (_, gap: string, letter: string) => `${gap && ' '}${letter.toUpperCase()}`);

/** A department, property, point or type by the name that people use. */
export const nameIn = (names: Readonly<Record<string, string>>, name: string): string =>
  names[name] ?? titleOfName(name);

/** The asset's title, or the last part of its URN while the asset is not known. */
export const titleOf = (assets: ReadonlyMap<string, AssetView>, id: string): string =>
  assets.get(id)?.title ?? id.split(':').at(-1) ?? id;

/** `<asset>#<point>` taken apart. */
export function partsOfPoint(key: string): { asset: string; point: string } {
  const at = key.lastIndexOf('#');
  return { asset: key.slice(0, at), point: key.slice(at + 1) };
}

/** What kind of asset, and which of its points: `Streetlight#level`. */
export function typeOfPoint(key: string): string {
  const { asset, point } = partsOfPoint(key);
  return `${asset.split(':')[2] ?? asset}#${point}`;
}

/** A point's value as people say it: `Plan 3`, `80 %`, `compacting`. */
export function pointValue(manner: Manner, texts: Texts, point: string, value: Value): string {
  const text = formatValue(manner, point, value);
  return typeof value === 'number' && !isRatio(point) ? `${nameIn(texts.names, point)} ${text}` : text;
}

/** What is wanted of a point, in words. */
export const wantInWords = (manner: Manner, texts: Texts, point: string, want: Want): string =>
  'release' in want ? texts.point.released : pointValue(manner, texts, point, want.value);

/** A command as a short heading: `J4 Market Square → Plan 3`. */
export function commandInWords(
  manner: Manner,
  texts: Texts,
  assets: ReadonlyMap<string, AssetView>,
  command: Pick<Command, 'point' | 'want'>,
): string {
  const { asset, point } = partsOfPoint(command.point);
  return `${titleOf(assets, asset)} → ${wantInWords(manner, texts, point, command.want)}`;
}

/** The claim that a point's value comes from: the winner, or the bound that shaped the device's own programme. */
export const holderOf = (point: PointView): ClaimBrief | undefined =>
  point.arbitration.winner ?? point.arbitration.bounds[0];

/** Is the point in the hand of somebody at the device, or of another system? */
export const isHeldLocally = (point: PointView): boolean => holderOf(point)?.owner.startsWith('local ') ?? false;

/**
 * An owner by the name that people use: a rule by its title, a stand-down without its id.
 *
 * @param owner `<kind> <id>`, as explanations name it
 * @param ruleTitles rule id → title, as far as they are known
 */
export function ownerInWords(texts: Texts, owner: string, ruleTitles: ReadonlyMap<string, string>): string {
  const [kind, id] = [owner.slice(0, owner.indexOf(' ')), owner.slice(owner.indexOf(' ') + 1)];
  if (kind === 'stand-down') return texts.restraints.owner;
  return kind === 'rule' ? (ruleTitles.get(id) ?? id) : owner;
}

/** An asset's facts in an order that stays, whichever came in last. */
export const inOrder = (facts: ReadonlyMap<string, FactView> | undefined): FactView[] =>
  [...(facts?.values() ?? [])].toSorted((left, right) => left.property.localeCompare(right.property));

/** The fact's bare name: `occupancy` of `occupancy of approach/detectors, max`. An attribute goes by its own name. */
export function bareFact(fact: string): string {
  const [first = fact, second] = fact.split(/[ ,]+/);
  return first === 'attribute' && second !== undefined ? second : first;
}

/** What a comparison found and needed, with units: `Filling 74 % ≥ 70 %`; one that is false: `Filling 31 % not ≥ 70 %`. */
export function comparisonInWords(manner: Manner, texts: Texts, trace: ConditionTrace): string {
  const fact = trace.fact ?? '';
  const bare = bareFact(fact);
  const found = trace.found === undefined ? '?' : formatValue(manner, bare, trace.found, trace.unit);
  const not = trace.outcome === false ? `${texts.trace.not} ` : '';
  return `${factInWords(texts, fact)} ${found} ${not}${operatorInWords(texts, trace.operator ?? '')} ${wantedInWords(manner, bare, trace)}`;
}

/** The fact with what narrows it down: `Occupancy of approach/detectors, max, avg over 15 s`. */
export function factInWords(texts: Texts, fact: string): string {
  const bare = bareFact(fact);
  return fact.replace(fact.startsWith('attribute ') ? `attribute ${bare}` : bare, nameIn(texts.names, bare));
}

/** What a comparison needed. */
export function wantedInWords(manner: Manner, bare: string, trace: ConditionTrace): string {
  if (trace.wanted === undefined) return '?';
  const all = Array.isArray(trace.wanted) ? trace.wanted : [trace.wanted];
  return all.map((value) => formatValue(manner, bare, value, trace.unit)).join(', ');
}

/** Why a rule decided, from the comparisons that carried the outcome. */
export function whyInWords(manner: Manner, texts: Texts, decision: Decision): string {
  const reason = texts.reasons[decision.reason] ?? decision.reason;
  const telling = tellingComparisons(decision.trace).map((trace) => comparisonInWords(manner, texts, trace));
  if (telling.length === 0) return reason;
  return decision.kind === 'started' ? telling.join(' · ') : `${reason} (${telling.join(' · ')})`;
}

/** Why a command has no readings to show. */
export function noReadingsInWords(texts: Texts, { cause }: Pick<Command, 'cause'>): string {
  if (cause.decisionId !== undefined) return texts.trace.noReadings;
  const { winner, bounds } = cause.arbitration;
  const [kind] = (winner ?? bounds[0])?.owner.split(' ') ?? [];
  if (kind === 'operator') return texts.trace.askedByOperator;
  return kind === 'flow' ? texts.trace.askedByFlow : texts.trace.noReadingNeeded;
}
