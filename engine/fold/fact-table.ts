// The facts of all assets, by asset and property, with memory of what changed since the last checkpoint.
import { copyFact, restoreFact, takeReading, type Fact, type Incoming } from '../facts/fact.ts';
import type { ChangedRows } from './tables.ts';

/** Facts in a map per asset: readings of one asset come together, and rules look at several of its properties. */
export class FactTable {
  readonly name = 'fact';
  readonly #byAsset = new Map<string, Map<string, Fact>>();
  #changed = new Map<string, Map<string, Fact | undefined>>();
  #changes = 0;

  get(asset: string, property: string): Fact | undefined {
    return this.#byAsset.get(asset)?.get(property);
  }

  /**
   * Takes a reading into its fact, as `get` returned it, and returns that. A fact is changed in place as long as no checkpoint that is still
   * being written holds it; then a copy of it is.
   */
  take(known: Fact | undefined, incoming: Incoming): Fact {
    const { asset, property } = incoming.reading;
    const isOwn = known !== undefined && this.#changed.get(asset)?.get(property) === known;
    const fact = takeReading(known && !isOwn ? copyFact(known) : known, incoming);
    if (isOwn) return fact;
    this.#factsOf(asset).set(property, fact);
    this.#note(asset, property, fact);
    return fact;
  }

  /** Forgets everything about an asset. */
  deleteAsset(asset: string): void {
    for (const property of this.#byAsset.get(asset)?.keys() ?? []) this.#note(asset, property, undefined);
    this.#byAsset.delete(asset);
  }

  /** Every fact with its asset and property. */
  *entries(): Generator<{ asset: string; property: string; fact: Fact }> {
    for (const [asset, facts] of this.#byAsset) for (const [property, fact] of facts) yield { asset, property, fact };
  }

  /** Puts a fact back from a checkpoint: not a change. */
  restore(key: string, fact: Fact): void {
    const { asset, property } = splitFactKey(key);
    this.#factsOf(asset).set(property, restoreFact(fact));
  }

  /** Hands over the changes since the last call; from then on these facts are not changed in place. */
  takeChanged(): ChangedRows {
    const changed = { name: this.name, size: this.#changes, rows: rowsOf(this.#changed) };
    this.#changed = new Map();
    this.#changes = 0;
    return changed;
  }

  #factsOf(asset: string): Map<string, Fact> {
    const known = this.#byAsset.get(asset);
    if (known) return known;
    const facts = new Map<string, Fact>();
    this.#byAsset.set(asset, facts);
    return facts;
  }

  #note(asset: string, property: string, fact: Fact | undefined): void {
    const known = this.#changed.get(asset);
    const changed = known ?? new Map<string, Fact | undefined>();
    if (!known) this.#changed.set(asset, changed);
    const before = changed.size;
    changed.set(property, fact);
    this.#changes += changed.size - before;
  }
}

function* rowsOf(
  changed: ReadonlyMap<string, ReadonlyMap<string, Fact | undefined>>,
): Generator<[key: string, fact: Fact | undefined]> {
  for (const [asset, facts] of changed) for (const [property, fact] of facts) yield [factKey(asset, property), fact];
}

/** A fact's name in checkpoints and timers: `<asset>/<property>`. */
export const factKey = (asset: string, property: string): string => `${asset}/${property}`;

/** Takes such a name apart. */
export function splitFactKey(key: string): { asset: string; property: string } {
  const slash = key.lastIndexOf('/');
  return { asset: key.slice(0, slash), property: key.slice(slash + 1) };
}
