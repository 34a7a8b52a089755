// The facts of all assets, by asset and property, with memory of what changed since the last checkpoint.
import type { Fact } from '../facts/fact.ts';

/** Facts in a map per asset: readings of one asset come together, and rules look at several of its properties. */
export class FactTable {
  readonly name = 'fact';
  readonly #byAsset = new Map<string, Map<string, Fact>>();
  readonly #changed = new Map<string, Set<string>>();

  get(asset: string, property: string): Fact | undefined {
    return this.#byAsset.get(asset)?.get(property);
  }

  set(asset: string, property: string, fact: Fact): void {
    this.#factsOf(asset).set(property, fact);
    this.#note(asset, property);
  }

  /** Forgets everything about an asset. */
  deleteAsset(asset: string): void {
    for (const property of this.#byAsset.get(asset)?.keys() ?? []) this.#note(asset, property);
    this.#byAsset.delete(asset);
  }

  /** Every fact with its asset and property. */
  *entries(): Generator<{ asset: string; property: string; fact: Fact }> {
    for (const [asset, facts] of this.#byAsset) for (const [property, fact] of facts) yield { asset, property, fact };
  }

  /** Puts a fact back from a checkpoint: not a change. */
  restore(key: string, fact: Fact): void {
    const { asset, property } = splitFactKey(key);
    this.#factsOf(asset).set(property, fact);
  }

  /** Moves the changes since the last call into `change`. A fact is replaced, never changed in place. */
  drain(change: { set: Map<string, string | object>; deleted: Set<string> }): void {
    for (const [asset, properties] of this.#changed) {
      for (const property of properties) {
        const fact = this.get(asset, property);
        const cell = `${this.name}:${factKey(asset, property)}`;
        if (fact) change.set.set(cell, fact);
        else change.deleted.add(cell);
      }
    }
    this.#changed.clear();
  }

  #factsOf(asset: string): Map<string, Fact> {
    const known = this.#byAsset.get(asset);
    if (known) return known;
    const facts = new Map<string, Fact>();
    this.#byAsset.set(asset, facts);
    return facts;
  }

  #note(asset: string, property: string): void {
    const changed = this.#changed.get(asset);
    if (changed) changed.add(property);
    else this.#changed.set(asset, new Set([property]));
  }
}

/** A fact's name in checkpoints and timers: `<asset>/<property>`. */
export const factKey = (asset: string, property: string): string => `${asset}/${property}`;

/** Takes such a name apart. */
export function splitFactKey(key: string): { asset: string; property: string } {
  const slash = key.lastIndexOf('/');
  return { asset: key.slice(0, slash), property: key.slice(slash + 1) };
}
