// Rules made ready: which of them a change can concern, for which assets they stand, and what each of them reads.
import type { Directory } from '../facts/directory.ts';
import type { Window } from '../facts/window.ts';
import type { Asset } from '../model/asset.ts';
import { departmentOf, type NamedCondition, type Rule, type RuleDocument } from '../model/rule.ts';
import { calendarsOf } from '../model/rule-timing.ts';
import type { Value } from '../model/value.ts';
import { compile } from '../rules/compile.ts';
import { createJudge, type Judge } from '../rules/judge.ts';
import { NamedConditions } from '../rules/named-conditions.ts';
import { inScope } from '../rules/scope.ts';
import { expandTable } from '../rules/table.ts';
import {
  donesOf,
  factsWanted,
  factUses,
  namesUsed,
  quickKey,
  reachOf,
  type FactUse,
  type Instance,
  type ReadyRule,
} from './ready-rule.ts';
import { RuleIndex } from './rule-index.ts';
import { Stands, type AssetChange } from './stands.ts';
import type { State } from './state.ts';

/** A judge is made when its rule first looks true; this many are kept, the latest used. */
const MOST_JUDGES = 1_000;

/** A rule document with the rules that it stands for: one, or a row of its table each. */
interface Prepared {
  document: RuleDocument;
  version: number;
  rules: readonly ReadyRule[];
  /** The conditions that it names, without their departments. */
  names: ReadonlySet<string>;
}

/**
 * Everything derived from rules, named conditions and assets.
 *
 * Rules that read only their own asset's present values are found by an index and stand for their assets without an
 * object each. The others (windows, related assets, zones) have an instance per asset, found by the facts it reads.
 */
export class Catalogue {
  readonly #directory: Directory;
  readonly #ready = new Map<string, ReadyRule>();
  readonly #documents = new Map<string, Prepared>();
  readonly #index = new RuleIndex<ReadyRule>();
  readonly #stands = new Stands();
  readonly #judges = new Map<ReadyRule, Judge>();
  #named = new NamedConditions([]);

  /** @param directory kept up by the caller: `onAsset` is told after each change */
  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Takes in everything at once, on start. */
  load(state: State): void {
    this.#named = namedIn(state);
    for (const [id, { body, version }] of state.rules.entries()) if (body) this.#prepare(id, body, version);
  }

  /** Takes a rule document's new version, or forgets it with `undefined`. */
  putRule(id: string, document: { body: RuleDocument; version: number } | undefined): void {
    this.#forget(id);
    if (document) this.#prepare(id, document.body, document.version);
  }

  /** The rule documents that refer to a condition of this id's name, directly or through others. */
  documentsNaming(condition: string): string[] {
    const name = condition.slice(condition.lastIndexOf('/') + 1);
    return [...this.#documents].flatMap(([id, { names }]) => (names.has(name) ? [id] : []));
  }

  /** Takes the named conditions as they stand after this one was changed, and makes the rules that name it ready anew. */
  putConditions(state: State, changed: string): void {
    this.#named = namedIn(state);
    for (const id of this.documentsNaming(changed)) {
      const { document, version } = this.#documents.get(id) ?? {};
      if (document && version !== undefined) this.putRule(id, { body: document, version });
    }
  }

  /** Makes anew what depends on an asset; returns the keys of all instances that may read or act differently. */
  onAsset(change: AssetChange): Set<string> {
    return this.#stands.onAsset(change, this.#directory);
  }

  /** The rule documents whose hours or conditions depend on one of these calendars. */
  *documentsLookingAt(calendars: ReadonlySet<string>): Generator<string> {
    for (const [id, { document, rules }] of this.#documents) {
      const inHours = document.when && calendarsOf(document.when).some((one) => calendars.has(one));
      if (inHours || rules.some((ready) => this.usesOf(ready).some((use) => readsCalendar(use, calendars)))) yield id;
    }
  }

  /** Every fact that a rule reads, named conditions included. */
  usesOf({ rule }: ReadyRule): FactUse[] {
    return factUses(rule, this.#named);
  }

  /** The rules that a document stands for. */
  rulesOf(document: string): readonly ReadyRule[] {
    return this.#documents.get(document)?.rules ?? [];
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
    return this.#stands.instances();
  }

  /** The instance of this key, if its rule stands for its asset. */
  instance(key: string): Instance | undefined {
    const made = this.#stands.instance(key);
    if (made) return made;
    const [rule = '', asset = ''] = key.split('|');
    const ready = this.#ready.get(rule);
    const subject = this.#directory.get(asset);
    if (!ready?.quick || !subject || !inScope(ready.rule.scope, subject)) return undefined;
    return { key, ready, subject: { asset: subject } };
  }

  /** The instance of this key, if its rule counts the readings on which it is true. */
  counting(key: string): Instance | undefined {
    const instance = this.#stands.instance(key);
    return instance?.ready.rule.times ? instance : undefined;
  }

  /** The keys of all instances of a rule document. */
  *keysOf(document: string): Generator<string> {
    for (const ready of this.rulesOf(document)) {
      if (ready.quick) for (const { id } of this.subjectsOf(ready)) yield quickKey(ready.rule.id, id);
      else yield* this.#stands.keysOf(ready);
    }
  }

  /** The instances that read this of this asset: a property, or what `concernOf` names. */
  readersOf(asset: string, concern: string): ReadonlySet<string> {
    return this.#stands.reads.readersOf(asset, concern);
  }

  /** The instances that read what a rule is for any asset. */
  readersOfRule(document: string): Iterable<string> {
    return this.#stands.readersOfRule(document);
  }

  /** The windows of a property that rules look at. */
  windowsOf(asset: string, property: string): readonly Window[] {
    return this.#stands.reads.windowsOf(asset, property);
  }

  /** For whom a quick rule stands. */
  subjectsOf({ rule: { scope } }: ReadyRule): Asset[] {
    return this.#directory.ofType(scope.type).filter((asset) => inScope(scope, asset));
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

  #prepare(id: string, document: RuleDocument, version: number): void {
    const names = this.#named.of(departmentOf(id));
    const rules = expandTable(document).map((rule): ReadyRule => ({ rule, version, names }));
    const used = rules.flatMap(({ rule }) => [...namesUsed(rule, names)]);
    this.#documents.set(id, { document, version, rules, names: new Set(used) });
    for (const ready of rules) {
      this.#ready.set(ready.rule.id, ready);
      this.#findSubjects(ready);
    }
  }

  #findSubjects(ready: ReadyRule): void {
    const { rule, names } = ready;
    const conditions = rule.scope.each === undefined ? compile(rule.conditions, names) : undefined;
    const clear = rule.clear ? compile(rule.clear, names) : { watches: [] };
    if (conditions && clear && !looksBeyond(rule)) {
      ready.quick = conditions.predicate;
      this.#index.add(rule.scope.type, ready, [...conditions.watches, ...clear.watches]);
    } else this.#stands.add({ ready, uses: this.usesOf(ready), reach: reachOf(rule) }, this.#directory);
  }

  #forget(document: string): void {
    for (const ready of this.rulesOf(document)) {
      this.#ready.delete(ready.rule.id);
      this.#judges.delete(ready);
      this.#index.remove(ready.rule.scope.type, ready);
      this.#stands.remove(ready);
    }
    this.#documents.delete(document);
  }
}

const namedIn = (state: State): NamedConditions =>
  new NamedConditions([...state.conditions.values()].flatMap(({ body }): NamedCondition[] => (body ? [body] : [])));

/**
 * A rule that counts readings, waits for one that closes an order, or asks for a fact's value must see every one of them;
 * one that acts on other assets must be told when these change.
 */
const looksBeyond = (rule: Rule): boolean =>
  rule.times !== undefined || [...donesOf(rule), ...reachOf(rule), ...factsWanted(rule)].length > 0;

const readsCalendar = ({ fact, params }: FactUse, calendars: ReadonlySet<string>): boolean =>
  fact === 'calendar.includes' && calendars.has(params.name ?? '');
