// The directory: which assets exist and how they belong together, answering every `of` that a rule may write.
import { deviceOf, type Asset } from '../model/asset.ts';
import { parseOf, type Of } from '../model/of.ts';
import { own } from '../model/own.ts';
import { NearIndex } from './near-index.ts';

/** For whom an `of` is resolved: an asset, and with `each` the related asset and the name of the relation. */
export interface Subject {
  asset: Asset;
  related?: { relation: string; asset: Asset };
}

/** `of` texts that are remembered with what they mean; rules write few different ones. */
const MOST_TEXTS = 10_000;

/** All assets of the city, by id, type, zone and place. */
export class Directory {
  readonly #assets = new Map<string, Asset>();
  readonly #byType = new Map<string, Set<Asset>>();
  /** By `<zone>/<type>`. */
  readonly #byZone = new Map<string, Set<Asset>>();
  /** By `<department>/<device>`. */
  readonly #byDevice = new Map<string, Set<Asset>>();
  readonly #near = new Map<string, NearIndex>();
  readonly #texts = new Map<string, Of | undefined>();

  /** Adds an asset, or replaces the one of the same id. */
  put(asset: Asset): void {
    this.remove(asset.id);
    this.#assets.set(asset.id, asset);
    join(this.#byType, asset.type, asset);
    if (asset.zone !== undefined) join(this.#byZone, `${asset.zone}/${asset.type}`, asset);
    if (asset.binding) join(this.#byDevice, deviceOf(asset), asset);
    const near = this.#near.get(asset.type) ?? new NearIndex();
    this.#near.set(asset.type, near);
    near.add(asset);
  }

  /** Forgets an asset; unknown ids are fine. */
  remove(id: string): void {
    const known = this.#assets.get(id);
    if (!known) return;
    this.#assets.delete(id);
    this.#byType.get(known.type)?.delete(known);
    this.#byZone.get(`${known.zone ?? ''}/${known.type}`)?.delete(known);
    this.#byDevice.get(deviceOf(known))?.delete(known);
    this.#near.get(known.type)?.remove(known);
  }

  /** The asset of this id, if it exists. */
  get(id: string): Asset | undefined {
    return this.#assets.get(id);
  }

  /** Every asset of a type. */
  ofType(type: string): Asset[] {
    return [...(this.#byType.get(type) ?? [])];
  }

  /** The assets for which a device speaks, `<department>/<device>`, in the order of their ids. */
  ofDevice(device: string): Asset[] {
    return byId([...(this.#byDevice.get(device) ?? [])]);
  }

  /** Every asset of a type in a zone. */
  inZone(zone: string, type: string): Asset[] {
    return [...(this.#byZone.get(`${zone}/${type}`) ?? [])];
  }

  /** Every asset. */
  all(): Iterable<Asset> {
    return this.#assets.values();
  }

  /**
   * The assets that an `of` means for a subject.
   *
   * @param of one of `OF_FORMS`, absent for `self`. With `each`, the relation's name stands for the one related asset
   * @param looked told of the id of every asset that was looked for on the way, whether it exists or not
   * @returns assets in a fixed order; empty when there are none
   */
  resolve(subject: Subject, of = 'self', looked?: (id: string) => void): Asset[] {
    const meant = this.#parse(of);
    switch (meant?.kind) {
      case 'self':
        return [subject.asset];
      case 'near':
        return byId(this.#near.get(meant.type)?.within(subject.asset, meant.metres) ?? []);
      case 'zone':
        return byId([...(this.#byZone.get(`${meant.zone}/${meant.type}`) ?? [])]);
      case 'asset':
        return this.#existing([meant.id], looked);
      case 'relations':
        return this.#follow(subject, meant.relations, looked);
      case undefined:
        return [];
    }
  }

  #parse(of: string): Of | undefined {
    if (this.#texts.has(of)) return this.#texts.get(of);
    const meant = parseOf(of);
    if (this.#texts.size < MOST_TEXTS) this.#texts.set(of, meant);
    return meant;
  }

  #follow(subject: Subject, relations: readonly string[], looked?: (id: string) => void): Asset[] {
    const [first = '', ...rest] = relations;
    const bound = subject.related?.relation === first ? [subject.related.asset] : undefined;
    let here = bound ?? this.#related(subject.asset, first, looked);
    for (const relation of rest) here = here.flatMap((asset) => this.#related(asset, relation, looked));
    // An asset that is reached on two ways (a detector shared by two approaches) counts once.
    return [...new Set(here)];
  }

  #related(asset: Asset, relation: string, looked?: (id: string) => void): Asset[] {
    return this.#existing(own(asset.relations, relation) ?? [], looked);
  }

  #existing(ids: readonly string[], looked?: (id: string) => void): Asset[] {
    return ids.flatMap((id) => {
      looked?.(id);
      return this.#assets.get(id) ?? [];
    });
  }
}

function join(sets: Map<string, Set<Asset>>, key: string, asset: Asset): void {
  const known = sets.get(key);
  if (known) known.add(asset);
  else sets.set(key, new Set([asset]));
}

const byId = (assets: Asset[]): Asset[] => assets.toSorted((left, right) => (left.id < right.id ? -1 : 1));
