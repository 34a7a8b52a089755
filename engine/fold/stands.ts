// For whom rules stand that look beyond their own asset's present values, kept up as assets come, change and go.
import { concernOf, activationConcern } from '../facts/city-facts.ts';
import type { Directory, Subject } from '../facts/directory.ts';
import { distanceM } from '../facts/near-index.ts';
import { windowOf } from '../facts/window.ts';
import type { Asset } from '../model/asset.ts';
import { durationMs } from '../model/duration.ts';
import { parseOf } from '../model/of.ts';
import { inScope } from '../rules/scope.ts';
import { Needs, typeInArea } from './needs.ts';
import { instanceKey, type FactUse, type Instance, type ReadyRule } from './ready-rule.ts';
import { ReadIndex, type Read } from './read-index.ts';

/** A rule with what its instances are made from. */
interface StandingRule {
  ready: ReadyRule;
  /** The facts that it reads. */
  uses: readonly FactUse[];
  /** Whose points it acts on, as it writes it. */
  reach: readonly string[];
}

/** A rule standing for one asset of its scope; with `each` that may be several instances, or none. */
interface Stand {
  rule: StandingRule;
  asset: Asset;
  instances: Instance[];
  reads: Read[];
  /** Assets that were looked for, existing or not, and the texts of areas that were looked through. */
  needs: Set<string>;
}

/** An asset before and after a change; absent before it was added and after it was removed. */
export interface AssetChange {
  id: string;
  before: Asset | undefined;
  after: Asset | undefined;
}

/** Stands for every asset where it is asked who reads something; no asset can be called so. */
const ANY_ASSET = '*';

/** What an asset's or a rule's change costs depends on what looks at it, not on the size of the city. */
export class Stands {
  readonly #reads = new ReadIndex();
  readonly #instances = new Map<string, Instance>();
  readonly #rules = new Map<ReadyRule, { rule: StandingRule; stands: Map<string, Stand> }>();
  readonly #byType = new Map<string, Set<ReadyRule>>();
  readonly #needs = new Needs<Stand>();

  /** Takes a rule in, for every asset of its scope. */
  add(rule: StandingRule, directory: Directory): void {
    const { ready } = rule;
    const { type } = ready.rule.scope;
    this.#rules.set(ready, { rule, stands: new Map() });
    this.#byType.set(type, (this.#byType.get(type) ?? new Set()).add(ready));
    for (const asset of directory.ofType(type)) this.#stand(rule, asset, directory);
  }

  /** Forgets a rule; unknown ones are fine. */
  remove(ready: ReadyRule): void {
    for (const stand of this.#rules.get(ready)?.stands.values() ?? []) this.#unlink(stand);
    this.#rules.delete(ready);
    const { type } = ready.rule.scope;
    const ofType = this.#byType.get(type);
    ofType?.delete(ready);
    if (ofType?.size === 0) this.#byType.delete(type);
  }

  /**
   * Makes anew what depends on an asset, after the directory has changed.
   *
   * @returns the keys of all instances that may read or act differently, those that are no more included
   */
  onAsset(change: AssetChange, directory: Directory): Set<string> {
    const { id, after } = change;
    const touched = this.#standsLookingAt(change);
    const keys = new Set([...touched].flatMap(({ instances }) => instances.map(({ key }) => key)));
    for (const stand of touched) this.#restand(stand, directory);
    if (after)
      for (const ready of this.#byType.get(after.type) ?? []) {
        const known = this.#rules.get(ready);
        if (known && !known.stands.has(id)) this.#stand(known.rule, after, directory);
      }
    for (const { rule, asset } of touched) for (const key of this.#keysOf(rule.ready, asset.id)) keys.add(key);
    for (const ready of after ? (this.#byType.get(after.type) ?? []) : [])
      for (const key of this.#keysOf(ready, id)) keys.add(key);
    return keys;
  }

  /** The instance of this key. */
  instance(key: string): Instance | undefined {
    return this.#instances.get(key);
  }

  /** Every instance. */
  instances(): IterableIterator<Instance> {
    return this.#instances.values();
  }

  /** The keys of a rule's instances. */
  *keysOf(ready: ReadyRule): Generator<string> {
    for (const { instances } of this.#rules.get(ready)?.stands.values() ?? [])
      for (const { key } of instances) yield key;
  }

  /** The instances that read this of this asset: a property, or what `concernOf` names; and the windows wanted of it. */
  get reads(): Pick<ReadIndex, 'readersOf' | 'windowsOf'> {
    return this.#reads;
  }

  /** The instances that read what a rule is for any asset. */
  readersOfRule(document: string): Iterable<string> {
    return this.#reads.readersOf(ANY_ASSET, activationConcern(document));
  }

  #keysOf(ready: ReadyRule, asset: string): string[] {
    return (this.#rules.get(ready)?.stands.get(asset)?.instances ?? []).map(({ key }) => key);
  }

  #standsLookingAt({ id, before, after }: AssetChange): Set<Stand> {
    const touched = new Set(this.#needs.of(id));
    for (const [area, stands] of this.#needs.areasOf((after ?? before)?.type ?? ''))
      for (const stand of stands)
        if (isIn(area, before, stand.asset) || isIn(area, after, stand.asset)) touched.add(stand);
    return touched;
  }

  #restand(stand: Stand, directory: Directory): void {
    this.#unlink(stand);
    this.#rules.get(stand.rule.ready)?.stands.delete(stand.asset.id);
    const asset = directory.get(stand.asset.id);
    if (asset) this.#stand(stand.rule, asset, directory);
  }

  #stand(rule: StandingRule, asset: Asset, directory: Directory): void {
    if (!inScope(rule.ready.rule.scope, asset)) return;
    const stand = makeStand(rule, asset, directory);
    this.#rules.get(rule.ready)?.stands.set(asset.id, stand);
    for (const instance of stand.instances) this.#instances.set(instance.key, instance);
    for (const read of stand.reads) this.#reads.add(read);
    this.#needs.add(stand, stand.needs);
  }

  #unlink(stand: Stand): void {
    for (const { key } of stand.instances) this.#instances.delete(key);
    this.#reads.remove(stand.reads);
    this.#needs.remove(stand, stand.needs);
  }
}

/** For whom a rule stands, seen from one asset of its scope. */
function subjectsAt({ rule }: ReadyRule, asset: Asset, directory: Directory, looked?: (id: string) => void): Subject[] {
  const { each } = rule.scope;
  if (each === undefined) return [{ asset }];
  return directory
    .resolve({ asset }, each, looked)
    .map((related) => ({ asset, related: { relation: each, asset: related } }));
}

function makeStand(rule: StandingRule, asset: Asset, directory: Directory): Stand {
  const { ready, uses, reach } = rule;
  const needs = new Set([asset.id]);
  const looked = (id: string) => needs.add(id);
  const resolve = (subject: Subject, of: string | undefined): Asset[] => {
    if (of !== undefined && typeInArea(of) !== undefined) needs.add(of);
    return directory.resolve(subject, of, looked);
  };
  const instances: Instance[] = [];
  const reads: Read[] = [];
  for (const subject of subjectsAt(ready, asset, directory, looked)) {
    const key = instanceKey(ready.rule.id, subject);
    instances.push({ key, ready, subject });
    for (const use of uses) reads.push(...readsOf(use, key, (of) => resolve(subject, of)));
    for (const of of reach) resolve(subject, of);
  }
  return { rule, asset, instances, reads, needs };
}

function readsOf({ fact, params }: FactUse, reader: string, resolve: (of: string | undefined) => Asset[]): Read[] {
  const assets = resolve(params.of);
  const concern = concernOf(fact, params);
  if (concern === undefined) return [];
  const window = params.window === undefined ? {} : { window: windowOf(durationMs(params.window), params.aggregate) };
  const reads = assets.map(({ id }): Read => ({ asset: id, concern, reader, ...window }));
  return fact === 'activation' ? [...reads, { asset: ANY_ASSET, concern, reader }] : reads;
}

/** Does an asset of the area's type lie in it, seen from another? */
function isIn(area: string, asset: Asset | undefined, from: Asset): boolean {
  const meant = parseOf(area);
  if (!asset || !meant) return false;
  if (meant.kind === 'zone') return asset.zone === meant.zone;
  return meant.kind === 'near' && distanceM(from, asset) <= meant.metres;
}
