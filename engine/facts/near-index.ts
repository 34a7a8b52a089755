// Which assets of a type lie near a place: a grid over the map, so that the size of the city does not matter.
import type { Asset } from '../model/asset.ts';

/** A mean Earth radius in metres (IUGG), good to 0.5 % over the distances of a city. */
const EARTH_RADIUS_M = 6_371_009;
const METRES_PER_DEGREE = (Math.PI / 180) * EARTH_RADIUS_M;
/** The side of a cell in degrees, 222 m from south to north. */
const CELL = 0.002;

/** Assets of one type by where they are; those without a location are near nothing. */
export class NearIndex {
  readonly #cells = new Map<string, Set<Asset>>();
  readonly #all = new Set<Asset>();

  add(asset: Asset): void {
    if (!asset.location) return;
    const key = cellOf(asset.location.coordinates);
    this.#cells.set(key, (this.#cells.get(key) ?? new Set()).add(asset));
    this.#all.add(asset);
  }

  remove(asset: Asset): void {
    if (!asset.location) return;
    const key = cellOf(asset.location.coordinates);
    this.#all.delete(asset);
    this.#cells.get(key)?.delete(asset);
    if (this.#cells.get(key)?.size === 0) this.#cells.delete(key);
  }

  /** Those within this many metres of an asset, itself not, in no particular order. */
  within(centre: Asset, metres: number): Asset[] {
    const found: Asset[] = [];
    for (const asset of this.#candidates(centre, metres))
      if (asset.id !== centre.id && distanceM(centre, asset) <= metres) found.push(asset);
    return found;
  }

  /** Cells around the centre; everything where these would be more, and near the poles and the date line. */
  *#candidates({ location }: Asset, metres: number): Generator<Asset> {
    if (!location) return;
    const [longitude, latitude] = location.coordinates;
    // A little more than the distance, as a degree is a little shorter or longer than the mean.
    const high = (1.01 * metres) / METRES_PER_DEGREE;
    const isOdd = Math.abs(latitude) + high > 85;
    const wide = isOdd ? 360 : high / Math.cos(((Math.abs(latitude) + high) * Math.PI) / 180);
    const cells = (2 * high + 2 * CELL) * (2 * wide + 2 * CELL) * CELL ** -2;
    if (isOdd || Math.abs(longitude) + wide > 180 || cells > this.#all.size) {
      yield* this.#all;
      return;
    }
    for (let row = rowOf(latitude - high); row <= rowOf(latitude + high); row += 1)
      for (let column = rowOf(longitude - wide); column <= rowOf(longitude + wide); column += 1)
        yield* this.#cells.get(`${column},${row}`) ?? [];
  }
}

const rowOf = (degrees: number): number => Math.floor(degrees / CELL);
const cellOf = ([longitude, latitude]: [number, number]): string => `${rowOf(longitude)},${rowOf(latitude)}`;

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
