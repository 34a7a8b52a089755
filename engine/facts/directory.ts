// The directory: which assets exist and how they belong together, answering every `of` that a rule may write.
import type { Asset } from '../model/asset.ts';
import { own } from '../model/own.ts';

/** A mean Earth radius in metres (IUGG), good to 0.5 % over the distances of a city. */
const EARTH_RADIUS_M = 6_371_009;

const NEAR = /^near:(\d+(?:\.\d+)?)m\/([A-Z][A-Za-z0-9]*)$/;
const ZONE = /^zone:([A-Za-z][\w-]*)\/([A-Z][A-Za-z0-9]*)$/;

/** For whom an `of` is resolved: an asset, and with `each` the related asset and the name of the relation. */
export interface Subject {
  asset: Asset;
  related?: { relation: string; asset: Asset };
}

/** All assets of the city, by id, type and zone. */
export class Directory {
  readonly #assets = new Map<string, Asset>();
  readonly #byType = new Map<string, Set<Asset>>();

  /** Adds an asset, or replaces the one of the same id. */
  put(asset: Asset): void {
    this.remove(asset.id);
    this.#assets.set(asset.id, asset);
    const sameType = this.#byType.get(asset.type) ?? new Set();
    this.#byType.set(asset.type, sameType.add(asset));
  }

  /** Forgets an asset; unknown ids are fine. */
  remove(id: string): void {
    const known = this.#assets.get(id);
    if (!known) return;
    this.#assets.delete(id);
    this.#byType.get(known.type)?.delete(known);
  }

  /** The asset of this id, if it exists. */
  get(id: string): Asset | undefined {
    return this.#assets.get(id);
  }

  /** Every asset of a type. */
  ofType(type: string): Asset[] {
    return [...(this.#byType.get(type) ?? [])];
  }

  /** Every asset. */
  all(): Iterable<Asset> {
    return this.#assets.values();
  }

  /**
   * The assets that an `of` means for a subject.
   *
   * @param of `self` (or absent), `near:50m/Type`, `zone:<name>/Type`, an asset id, or relations joined by `/`.
   *   With `each`, the relation's name stands for the one related asset.
   * @returns assets in a fixed order; empty when there are none
   */
  resolve(subject: Subject, of = 'self'): Asset[] {
    if (of === 'self') return [subject.asset];
    const near = NEAR.exec(of);
    if (near) return this.#near(subject.asset, Number(near[1]), near[2] ?? '');
    const zone = ZONE.exec(of);
    if (zone) return byId(this.ofType(zone[2] ?? '').filter((asset) => asset.zone === zone[1]));
    if (of.startsWith('urn:')) return this.#existing([of]);
    return this.#follow(subject, of.split('/'));
  }

  #follow(subject: Subject, relations: string[]): Asset[] {
    const [first = '', ...rest] = relations;
    const bound = subject.related?.relation === first ? [subject.related.asset] : undefined;
    let here = bound ?? this.#related(subject.asset, first);
    for (const relation of rest) here = here.flatMap((asset) => this.#related(asset, relation));
    // An asset that is reached on two ways (a detector shared by two approaches) counts once.
    return [...new Set(here)];
  }

  #related(asset: Asset, relation: string): Asset[] {
    return this.#existing(own(asset.relations, relation) ?? []);
  }

  #near(centre: Asset, metres: number, type: string): Asset[] {
    return byId(this.ofType(type).filter((asset) => asset.id !== centre.id && distanceM(centre, asset) <= metres));
  }

  #existing(ids: readonly string[]): Asset[] {
    return ids.flatMap((id) => this.#assets.get(id) ?? []);
  }
}

const byId = (assets: Asset[]): Asset[] => assets.toSorted((left, right) => (left.id < right.id ? -1 : 1));

/** Great-circle distance in metres; infinite when either asset has no location. */
export function distanceM(from: Asset, to: Asset): number {
  if (!from.location || !to.location) return Number.POSITIVE_INFINITY;
  const [fromLongitude, fromLatitude] = inRadians(from.location.coordinates);
  const [toLongitude, toLatitude] = inRadians(to.location.coordinates);
  const half =
    Math.sin((toLatitude - fromLatitude) / 2) ** 2 +
    Math.cos(fromLatitude) * Math.cos(toLatitude) * Math.sin((toLongitude - fromLongitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(half));
}

const inRadians = ([longitude, latitude]: [number, number]): [number, number] => [
  (longitude * Math.PI) / 180,
  (latitude * Math.PI) / 180,
];
