// Rules made ready: which instances exist, what each of them reads, and which must be looked at when something changes.
import type { Directory, Subject } from '../facts/directory.ts';
import { durationMs } from '../model/duration.ts';
import type { Condition, FactParams, NamedCondition, Rule } from '../model/rule.ts';
import { comparisonsIn, createJudge, namesIn, type Judge } from '../rules/judge.ts';
import { inScope } from '../rules/scope.ts';
import { expandTable } from '../rules/table.ts';
import type { State } from './state.ts';

/** A rule with what was prepared for it once. */
export interface ReadyRule {
  rule: Rule;
  version: number;
  judge: Judge;
}

/** A rule standing for one asset, or with `each` for one asset and one related asset. */
export interface Instance {
  /** `<rule>|<asset>|<related>`, related empty without `each`. */
  key: string;
  ready: ReadyRule;
  subject: Subject;
}

/** A fact that a rule reads: its name and what narrows it down. */
interface FactUse {
  fact: string;
  params: FactParams;
}

/** Everything derived from the documents; rebuilt when one of them changes. */
export class Catalogue {
  readonly instances = new Map<string, Instance>();
  readonly #named = new Map<string, Condition>();
  /** Instances by the fact they read, `<asset>/<property>`. */
  readonly #readers = new Map<string, Set<string>>();
  /** How far back samples of a property are needed, by `<asset>/<property>`, in milliseconds. */
  readonly #keepMs = new Map<string, number>();

  /** Builds everything anew from the documents in force. */
  rebuild(state: State, directory: Directory): void {
    for (const derived of [this.instances, this.#named, this.#readers, this.#keepMs]) derived.clear();
    const named = [...state.conditions.values()].flatMap(({ body }) => body ?? []);
    for (const { name, conditions } of named) this.#named.set(name, conditions);
    for (const { body, version } of state.rules.values()) {
      for (const rule of body ? expandTable(body) : [])
        this.#addRule({ rule, version, judge: createJudge(rule.conditions, named) }, named, directory);
    }
  }

  /** A named condition's content. */
  named(name: string): Condition | undefined {
    return this.#named.get(name);
  }

  /** The instances that read this property of this asset. */
  readersOf(asset: string, property: string): Iterable<string> {
    return this.#readers.get(`${asset}/${property}`) ?? [];
  }

  /** How far back samples of a property are needed, in milliseconds; 0 for none. */
  keepMs(asset: string, property: string): number {
    return this.#keepMs.get(`${asset}/${property}`) ?? 0;
  }

  #addRule(ready: ReadyRule, named: readonly NamedCondition[], directory: Directory): void {
    const { rule } = ready;
    const uses = factUses(rule, named);
    for (const asset of directory.ofType(rule.scope.type)) {
      if (!inScope(rule.scope, asset)) continue;
      for (const subject of subjectsOf(rule, { asset }, directory))
        this.#addInstance({ ready, subject }, uses, directory);
    }
  }

  #addInstance({ ready, subject }: Omit<Instance, 'key'>, uses: readonly FactUse[], directory: Directory): void {
    const key = `${ready.rule.id}|${subject.asset.id}|${subject.related?.asset.id ?? ''}`;
    this.instances.set(key, { key, ready, subject });
    for (const { fact, params } of uses) {
      for (const { id } of directory.resolve(subject, params.of)) {
        const read = `${id}/${fact}`;
        this.#readers.set(read, (this.#readers.get(read) ?? new Set()).add(key));
        const windowMs = params.window === undefined ? 0 : durationMs(params.window);
        this.#keepMs.set(read, Math.max(windowMs, this.#keepMs.get(read) ?? 0));
      }
    }
  }
}

function subjectsOf(rule: Rule, self: Subject, directory: Directory): Subject[] {
  const relation = rule.scope.each;
  if (relation === undefined) return [self];
  return directory.resolve(self, relation).map((asset) => ({ asset: self.asset, related: { relation, asset } }));
}

/** Every fact that a rule reads, named conditions included. */
function factUses(rule: Rule, named: readonly NamedCondition[]): FactUse[] {
  const bodies = new Map(named.map(({ name, conditions }) => [name, conditions]));
  const seen = new Set<string>();
  const gather = (condition: Condition): Condition[] => {
    const referred = [...namesIn(condition)].filter((name) => !seen.has(name));
    for (const name of referred) seen.add(name);
    return [condition, ...referred.flatMap((name) => gather(bodies.get(name) ?? { any: [] }))];
  };
  const conditions = [rule.conditions, ...(rule.clear ? [rule.clear] : [])].flatMap(gather);
  return [...comparisonsIn(conditions)].flatMap(({ comparison: { fact, params = {}, value } }) => {
    const left = { fact, params };
    return typeof value === 'object' && !Array.isArray(value)
      ? [left, { fact: value.fact, params: value.params ?? {} }]
      : [left];
  });
}
