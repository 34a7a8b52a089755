// A rule with what is prepared for it once, and the assets that it stands for.
import type { Subject } from '../facts/directory.ts';
import { departmentOf, isClaim, type Condition, type FactParams, type Rule } from '../model/rule.ts';
import type { Wanted } from '../model/wanted.ts';
import type { Predicate } from '../rules/compile.ts';
import type { NamedConditions, Names } from '../rules/named-conditions.ts';
import { comparisonsIn, namesIn, partsNamedIn } from '../rules/walk.ts';

/** A rule with what was prepared for it once. */
export interface ReadyRule {
  rule: Rule;
  version: number;
  /** The named conditions as the rule's department sees them. */
  names: Names;
  /** Present for a rule that reads only its own asset's present values: a quick look tells whether it cannot be true. */
  quick?: Predicate;
}

/** A rule standing for one asset, or with `each` for one asset and one related asset. */
export interface Instance {
  /** `<rule>|<asset>|<related>`, related empty without `each`. */
  key: string;
  ready: ReadyRule;
  subject: Subject;
}

/** A fact that a rule reads: its name and what narrows it down. */
export interface FactUse {
  fact: string;
  params: FactParams;
}

/** `<rule>|<asset>|<related>` */
export const instanceKey = (rule: string, { asset, related }: Subject): string =>
  `${rule}|${asset.id}|${related?.asset.id ?? ''}`;

/** The key of a quick rule's instance, which has no related asset. */
export const quickKey = (rule: string, asset: string): string => `${rule}|${asset}|`;

/** The conditions under which a rule's orders are done. */
export const donesOf = (rule: Rule): Condition[] =>
  rule.actions.flatMap((action) => ('order' in action && action.done ? [action.done] : []));

/** Every fact that a rule reads: in its conditions, those that it names, and what its claims ask for. */
export function factUses(rule: Rule, named: NamedConditions): FactUse[] {
  const compared = [...comparisonsIn(conditionsOf(rule, named.of(departmentOf(rule.id))))].flatMap(
    ({ comparison: { fact, params = {}, value } }) => {
      const left = { fact, params };
      return typeof value === 'object' && !Array.isArray(value)
        ? [left, { fact: value.fact, params: value.params ?? {} }]
        : [left];
    },
  );
  return [...compared, ...factsWanted(rule)];
}

/** The facts whose values a rule's claims ask for. */
export const factsWanted = (rule: Rule): FactUse[] =>
  wantedBy(rule).flatMap((wanted) =>
    typeof wanted === 'object' && 'fact' in wanted ? [{ fact: wanted.fact, params: wanted.params ?? {} }] : [],
  );

/** Whose points a rule acts on beside its own asset's, and whose attributes it takes values from, as it writes it. */
export function reachOf(rule: Rule): string[] {
  const owners = wantedBy(rule).flatMap((wanted) =>
    typeof wanted === 'object' && 'attribute' in wanted && wanted.attribute.includes('.')
      ? (wanted.attribute.split('.', 1)[0] ?? [])
      : [],
  );
  const targets = rule.actions.filter(isClaim).flatMap(({ of }) => of ?? []);
  return [...new Set([...targets, ...owners])].filter((of) => of !== 'self');
}

const wantedBy = (rule: Rule): Wanted[] =>
  rule.actions.filter(isClaim).flatMap(({ set, atLeast, atMost }) => set ?? atLeast ?? atMost ?? []);

/** The names of all conditions that a rule refers to, directly or through others, without their departments. */
export function namesUsed(rule: Rule, names: Names): Set<string> {
  const written = conditionsOf(rule, names).flatMap((condition) => [...namesIn(condition)]);
  return new Set(written.map((name) => name.slice(name.lastIndexOf('/') + 1)));
}

/** A rule's own conditions, and those that they name. */
function conditionsOf(rule: Rule, names: Names): Condition[] {
  const own = [rule.conditions, ...(rule.clear ? [rule.clear] : []), ...donesOf(rule)];
  const parts = new Map<string, { conditions: Condition; names: Names }>();
  for (const condition of own) partsNamedIn(condition, names, parts);
  return [...own, ...[...parts.values()].map((part) => part.conditions)];
}
