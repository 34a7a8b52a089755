// Who looks at which assets and areas: found by an asset's id or type, and forgotten with whoever looked.
import { parseOf } from '../model/of.ts';

/** Those who need something, by the id of an asset or the text of an area (`near:50m/Streetlight`, `zone:park/Detector`). */
export class Needs<Looker> {
  readonly #byAsset = new Map<string, Set<Looker>>();
  /** By the type of the assets in an area, then by its text. */
  readonly #byArea = new Map<string, Map<string, Set<Looker>>>();

  /** @param needs ids of assets, existing or not, and texts of areas */
  add(looker: Looker, needs: Iterable<string>): void {
    for (const need of needs) {
      const type = typeInArea(need);
      if (type === undefined) addTo(this.#byAsset, need, looker);
      else {
        const areas = this.#byArea.get(type) ?? new Map<string, Set<Looker>>();
        this.#byArea.set(type, areas);
        addTo(areas, need, looker);
      }
    }
  }

  /** Forgets what this one needs; what nobody else needs leaves nothing behind. */
  remove(looker: Looker, needs: Iterable<string>): void {
    for (const need of needs) {
      const type = typeInArea(need);
      const place = type === undefined ? this.#byAsset : this.#byArea.get(type);
      const lookers = place?.get(need);
      lookers?.delete(looker);
      if (lookers?.size === 0) place?.delete(need);
      if (type !== undefined && place?.size === 0) this.#byArea.delete(type);
    }
  }

  /** Those who need an asset by its id. */
  of(id: string): Iterable<Looker> {
    return this.#byAsset.get(id) ?? [];
  }

  /** The areas of a type that somebody needs, each with those who do. */
  areasOf(type: string): Iterable<[string, ReadonlySet<Looker>]> {
    return this.#byArea.get(type) ?? [];
  }

  /** How many assets and types are remembered. */
  get size(): number {
    return this.#byAsset.size + this.#byArea.size;
  }
}

function addTo<Looker>(place: Map<string, Set<Looker>>, need: string, looker: Looker): void {
  place.set(need, (place.get(need) ?? new Set()).add(looker));
}

/** The type of the assets in an area; undefined where an `of` means no area. */
export function typeInArea(of: string): string | undefined {
  const meant = of.startsWith('near:') || of.startsWith('zone:') ? parseOf(of) : undefined;
  return meant?.kind === 'near' || meant?.kind === 'zone' ? meant.type : undefined;
}
