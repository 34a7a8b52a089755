// Who reads what: instances by the fact that they read, and the windows that are wanted of it.
import type { Window } from '../facts/window.ts';

/** One fact of one asset, with those who read it. */
interface ReadPlace {
  readers: Set<string>;
  /** How many reads want each window, by its key. */
  wanted: Map<string, number>;
  /** The windows that are wanted by any. */
  windows: readonly Window[];
}

/** That an instance reads a fact: what `add` returned, to be given back when the instance is no more. */
export interface Read {
  asset: string;
  /** A property's name, or what `concernOf` says of another fact. */
  concern: string;
  /** The instance's key. */
  reader: string;
  window?: Window;
}

const NOBODY: ReadonlySet<string> = new Set();
/** Shared by all properties at whose past no rule looks. */
const NO_WINDOWS: readonly Window[] = [];

/** All reads, by asset and concern. */
export class ReadIndex {
  readonly #places = new Map<string, Map<string, ReadPlace>>();

  /** Notes a read. The same instance may read a fact more than once, through several windows. */
  add(read: Read): void {
    const place = this.#placeOf(read);
    place.readers.add(read.reader);
    const { window } = read;
    if (!window) return;
    const wanted = place.wanted.get(window.key) ?? 0;
    place.wanted.set(window.key, wanted + 1);
    if (wanted === 0) place.windows = [...place.windows, window];
  }

  /** Forgets all reads of an instance that is no more; what was not added is ignored. */
  remove(reads: readonly Read[]): void {
    for (const { asset, concern, reader, window } of reads) {
      const concerns = this.#places.get(asset);
      const place = concerns?.get(concern);
      if (!concerns || !place) continue;
      place.readers.delete(reader);
      if (window) unwant(place, window);
      if (place.readers.size === 0) concerns.delete(concern);
      if (concerns.size === 0) this.#places.delete(asset);
    }
  }

  /** The instances that read a fact. */
  readersOf(asset: string, concern: string): ReadonlySet<string> {
    return this.#places.get(asset)?.get(concern)?.readers ?? NOBODY;
  }

  /** The windows of a property that rules look at. */
  windowsOf(asset: string, property: string): readonly Window[] {
    return this.#places.get(asset)?.get(property)?.windows ?? NO_WINDOWS;
  }

  #placeOf({ asset, concern }: Read): ReadPlace {
    const concerns = this.#places.get(asset) ?? new Map<string, ReadPlace>();
    this.#places.set(asset, concerns);
    const place = concerns.get(concern) ?? { readers: new Set(), wanted: new Map(), windows: NO_WINDOWS };
    concerns.set(concern, place);
    return place;
  }
}

function unwant(place: ReadPlace, { key }: Window): void {
  const left = (place.wanted.get(key) ?? 0) - 1;
  if (left > 0) place.wanted.set(key, left);
  else {
    place.wanted.delete(key);
    place.windows = place.windows.filter((window) => window.key !== key);
  }
}
