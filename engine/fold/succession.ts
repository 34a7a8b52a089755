// A new version takes over live activations, also where other keys stand for it: conditions have become a table, or rows have moved.
import type { Activation } from '../model/decision.ts';
import { evaluate } from '../rules/evaluate.ts';
import { isEnding, moveActivations, type Succession } from './activations.ts';
import { contextFor } from './fact-reading.ts';
import type { RuleWork } from './rule-work.ts';

/**
 * Hands the activations of a rule document to those of its instances that are true now, where their own are not any more.
 * What was held or counted goes on: `for` is not counted anew, and nothing is done once more.
 *
 * @param keys the instances of the version before
 */
export function handOver(rules: RuleWork, document: string, keys: ReadonlySet<string>): void {
  const leaving = [...keys].toSorted().flatMap((key) => leavingAt(rules, key));
  const left = new Set(leaving.map(({ from }) => from));
  const free = (key: string): boolean => left.has(key) || !rules.work.state.activations.has(key);
  const taken = new Set<string>();
  const successions: Succession[] = [];
  for (const one of leaving) {
    const found = successorOf(rules, { document, ...one }, (key) => free(key) && !taken.has(key));
    if (!found) continue;
    taken.add(found.to.key);
    successions.push(found);
  }
  moveActivations(rules, successions);
}

/** An activation whose own instance is gone, or would end it now. */
function leavingAt(rules: RuleWork, from: string): { from: string; activation: Activation }[] {
  const activation = rules.work.state.activations.get(from);
  if (!activation) return [];
  const instance = rules.catalogue.instance(from);
  return instance && !isEnding(rules, instance, activation) ? [] : [{ from, activation }];
}

/** The first row, or the rule itself, that is true for the same assets. */
function successorOf(
  rules: RuleWork,
  { document, from, activation }: { document: string; from: string; activation: Activation },
  isFree: (key: string) => boolean,
): Succession | undefined {
  const assets = from.slice(from.indexOf('|'));
  for (const { rule } of rules.catalogue.rulesOf(document)) {
    const key = `${rule.id}${assets}`;
    const to = key === from || !isFree(key) ? undefined : rules.catalogue.instance(key);
    const conditions = to && evaluate(rule.conditions, contextFor(rules, to));
    if (to && conditions?.outcome === true) return { from, activation, to, conditions };
  }
  return undefined;
}
