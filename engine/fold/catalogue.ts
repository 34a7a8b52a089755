// Rules made ready: which of them a change can concern, for which assets they stand, and what each of them reads.
import { activationConcern, concernOf } from '../facts/city-facts.ts';
import type { Directory, Subject } from '../facts/directory.ts';
import { windowOf, type Window } from '../facts/window.ts';
import type { Asset } from '../model/asset.ts';
import { durationMs } from '../model/duration.ts';
import { departmentOf, type Condition, type FactParams, type Rule, type RuleDocument } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { compile, type Predicate } from '../rules/compile.ts';
import { createJudge, type Judge } from '../rules/judge.ts';
import { NamedConditions, type Names } from '../rules/named-conditions.ts';
import { inScope } from '../rules/scope.ts';
import { expandTable } from '../rules/table.ts';
import { comparisonsIn, partsNamedIn, type NamedPart } from '../rules/walk.ts';
import { RuleIndex } from './rule-index.ts';
import type { State } from './state.ts';

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

/** Stands for every asset where it is asked who reads something; no asset can be called so. */
const ANY_ASSET = '*';

/** Shared by all properties at whose past no rule looks. */
const NO_WINDOWS: readonly Window[] = [];

/** A judge is made when its rule first looks true; this many are kept, the latest used. */
const MOST_JUDGES = 1_000;

/**
 * Everything derived from rules, named conditions and assets.
 *
 * Rules that read only their own asset's present values are found by an index and stand for their assets without an
 * object each. The others (windows, related assets, zones) have an instance per asset, found by the facts it reads.
 */
export class Catalogue {
  readonly #ready = new Map<string, ReadyRule>();
  /** The rules that each document stands for: one, or a row of its table each. */
  readonly #byDocument = new Map<string, ReadyRule[]>();
  readonly #index = new RuleIndex<ReadyRule>();
  readonly #instances = new Map<string, Instance>();
  readonly #judges = new Map<ReadyRule, Judge>();
  #named = new NamedConditions([]);
  /** Instances by what they read, `<asset>/<concern>`; a property's concern is its name. */
  readonly #readers = new Map<string, Set<string>>();
  /** The windows that rules look at, by `<asset>/<property>`. */
  readonly #windows = new Map<string, Window[]>();

  /** Builds everything anew: on start, and when a named condition changes. */
  rebuild(state: State, directory: Directory): void {
    for (const id of this.#byDocument.keys()) this.#forget(id);
    this.#named = new NamedConditions([...state.conditions.values()].flatMap(({ body }) => body ?? []));
    for (const [id, { body, version }] of state.rules.entries()) if (body) this.#prepareAll(id, body, version);
    this.refreshInstances(directory);
  }

  /** Takes a rule document's new version, or forgets it with `undefined`. */
  putRule(id: string, document: { body: RuleDocument; version: number } | undefined, directory: Directory): void {
    const before = this.rulesOf(id);
    this.#forget(id);
    if (document) this.#prepareAll(id, document.body, document.version);
    if ([...before, ...this.rulesOf(id)].some((ready) => !ready.quick)) this.refreshInstances(directory);
  }

  /** Makes the instances of rules that look beyond their own asset anew: an asset or a relation may have changed. */
  refreshInstances(directory: Directory): void {
    for (const derived of [this.#instances, this.#readers, this.#windows]) derived.clear();
    for (const ready of this.#ready.values()) {
      if (ready.quick) continue;
      const uses = factUses(ready.rule, this.#named);
      for (const subject of this.subjectsOf(ready, directory)) this.#addInstance({ ready, subject }, uses, directory);
    }
  }

  /** Every fact that a rule reads, named conditions included. */
  usesOf({ rule }: ReadyRule): FactUse[] {
    return factUses(rule, this.#named);
  }

  /** The rules that a document stands for. */
  rulesOf(document: string): readonly ReadyRule[] {
    return this.#byDocument.get(document) ?? [];
  }

  /** The rules that a quick look is enough for, of an asset type. */
  quickRulesOf(type: string): Iterable<ReadyRule> {
    return this.#index.ofType(type);
  }

  /** Calls `visit` for each quick rule that a change of this value can concern, for some more than once. */
  concerned(
    asset: Asset,
    property: string,
    change: { before: Value | undefined; after: Value | undefined },
    visit: (ready: ReadyRule) => void,
  ): void {
    this.#index.concerned(asset.type, property, change, (ready) => {
      if (inScope(ready.rule.scope, asset)) visit(ready);
    });
  }

  /** Everything that has instances of its own. */
  instances(): IterableIterator<Instance> {
    return this.#instances.values();
  }

  /** The instance of this key, if its rule stands for its asset. */
  instance(key: string, directory: Directory): Instance | undefined {
    const made = this.#instances.get(key);
    if (made) return made;
    const [rule = '', asset = ''] = key.split('|');
    const ready = this.#ready.get(rule);
    const subject = directory.get(asset);
    if (!ready?.quick || !subject || !inScope(ready.rule.scope, subject)) return undefined;
    return { key, ready, subject: { asset: subject } };
  }

  /** The instance of this key, if its rule counts the readings on which it is true. */
  counting(key: string): Instance | undefined {
    const instance = this.#instances.get(key);
    return instance?.ready.rule.times ? instance : undefined;
  }

  /** The instances that read this of this asset: a property, or what `concernOf` names. */
  readersOf(asset: string, concern: string): Iterable<string> {
    if (this.#readers.size === 0) return [];
    return this.#readers.get(`${asset}/${concern}`) ?? [];
  }

  /** The instances that read what a rule is for any asset. */
  readersOfRule(document: string): Iterable<string> {
    return this.readersOf(ANY_ASSET, activationConcern(document));
  }

  /** The windows of a property that rules look at. */
  windowsOf(asset: string, property: string): readonly Window[] {
    if (this.#windows.size === 0) return NO_WINDOWS;
    return this.#windows.get(`${asset}/${property}`) ?? NO_WINDOWS;
  }

  /** For whom a rule stands. */
  subjectsOf({ rule }: ReadyRule, directory: Directory): Subject[] {
    const relation = rule.scope.each;
    const assets = directory.ofType(rule.scope.type).filter((asset) => inScope(rule.scope, asset));
    if (relation === undefined) return assets.map((asset) => ({ asset }));
    return assets.flatMap((asset) =>
      directory.resolve({ asset }, relation).map((related) => ({ asset, related: { relation, asset: related } })),
    );
  }

  /** json-rules-engine, prepared for a rule. */
  judgeOf(ready: ReadyRule): Judge {
    const judge = this.#judges.get(ready) ?? createJudge(ready.rule.conditions, ready.names);
    this.#judges.delete(ready);
    this.#judges.set(ready, judge);
    const [oldest] = this.#judges.keys();
    if (this.#judges.size > MOST_JUDGES && oldest) this.#judges.delete(oldest);
    return judge;
  }

  #prepareAll(id: string, document: RuleDocument, version: number): void {
    this.#byDocument.set(
      id,
      expandTable(document).map((rule) => this.#prepare(rule, version)),
    );
  }

  #prepare(rule: Rule, version: number): ReadyRule {
    const names = this.#named.of(departmentOf(rule.id));
    const conditions = rule.scope.each === undefined ? compile(rule.conditions, names) : undefined;
    const clear = rule.clear ? compile(rule.clear, names) : { watches: [] };
    const ready: ReadyRule = { rule, version, names };
    this.#ready.set(rule.id, ready);
    // A rule that counts readings, or waits for one that closes an order, must see every one of them.
    if (conditions && clear && !rule.times && donesOf(rule).length === 0) {
      ready.quick = conditions.predicate;
      this.#index.add(rule.scope.type, ready, [...conditions.watches, ...clear.watches]);
    }
    return ready;
  }

  #forget(document: string): void {
    for (const ready of this.rulesOf(document)) {
      this.#ready.delete(ready.rule.id);
      this.#judges.delete(ready);
      this.#index.remove(ready.rule.scope.type, ready);
    }
    this.#byDocument.delete(document);
  }

  #addReader(read: string, key: string): void {
    this.#readers.set(read, (this.#readers.get(read) ?? new Set()).add(key));
  }

  #addWindow(read: string, window: Window): void {
    const known = this.#windows.get(read) ?? [];
    if (!known.some(({ key }) => key === window.key)) this.#windows.set(read, [...known, window]);
  }

  #addInstance({ ready, subject }: Omit<Instance, 'key'>, uses: readonly FactUse[], directory: Directory): void {
    const key = instanceKey(ready.rule.id, subject);
    this.#instances.set(key, { key, ready, subject });
    for (const { fact, params } of uses) {
      const concern = concernOf(fact, params);
      if (concern === undefined) continue;
      if (fact === 'activation') this.#addReader(`${ANY_ASSET}/${concern}`, key);
      for (const { id } of directory.resolve(subject, params.of)) {
        const read = `${id}/${concern}`;
        this.#addReader(read, key);
        if (params.window !== undefined) this.#addWindow(read, windowOf(durationMs(params.window), params.aggregate));
      }
    }
  }
}

/** `<rule>|<asset>|<related>` */
export const instanceKey = (rule: string, subject: Subject): string =>
  `${rule}|${subject.asset.id}|${subject.related?.asset.id ?? ''}`;

/** The conditions under which a rule's orders are done. */
const donesOf = (rule: Rule): Condition[] =>
  rule.actions.flatMap((action) => ('order' in action && action.done ? [action.done] : []));

/** Every fact that a rule reads, named conditions included. */
export function factUses(rule: Rule, named: NamedConditions): FactUse[] {
  const names = named.of(departmentOf(rule.id));
  const parts = new Map<string, NamedPart>();
  const own = [rule.conditions, ...(rule.clear ? [rule.clear] : []), ...donesOf(rule)];
  for (const condition of own) partsNamedIn(condition, names, parts);
  const conditions = [...own, ...[...parts.values()].map((part) => part.conditions)];
  return [...comparisonsIn(conditions)].flatMap(({ comparison: { fact, params = {}, value } }) => {
    const left = { fact, params };
    return typeof value === 'object' && !Array.isArray(value)
      ? [left, { fact: value.fact, params: value.params ?? {} }]
      : [left];
  });
}
