// Which rules a change of a value can concern, found without looking at the others: by asset type, property and threshold.
import type { Watch } from '../rules/compile.ts';
import type { Value } from '../model/value.ts';

/** Sorted thresholds and whose they are, side by side. */
interface Ladder<Owner> {
  thresholds: number[];
  owners: Owner[];
  isSorted: boolean;
}

/** Everything that watches one property of one asset type. */
class PropertyWatch<Owner> {
  readonly #ladder: Ladder<Owner> = { thresholds: [], owners: [], isSorted: true };
  readonly #byWord = new Map<Value, Set<Owner>>();
  readonly #always = new Set<Owner>();
  readonly #all = new Set<Owner>();

  add(owner: Owner, watch: Watch): void {
    this.#all.add(owner);
    if ('threshold' in watch) {
      this.#ladder.thresholds.push(watch.threshold);
      this.#ladder.owners.push(owner);
      this.#ladder.isSorted = false;
    } else if ('words' in watch) {
      for (const word of watch.words) this.#byWord.set(word, (this.#byWord.get(word) ?? new Set()).add(owner));
    } else this.#always.add(owner);
  }

  remove(owner: Owner): void {
    if (!this.#all.delete(owner)) return;
    this.#always.delete(owner);
    for (const owners of this.#byWord.values()) owners.delete(owner);
    const { thresholds, owners } = this.#ladder;
    const kept = thresholds.flatMap((threshold, index) =>
      owners[index] === owner ? [] : [{ threshold, owner: owners[index] }],
    );
    this.#ladder.thresholds = kept.map(({ threshold }) => threshold);
    this.#ladder.owners = kept.flatMap((entry) => (entry.owner === undefined ? [] : [entry.owner]));
  }

  /** Calls `visit` for all whom a change from `before` to `after` can concern; for some more than once. */
  concerned(before: Value | undefined, after: Value | undefined, visit: (owner: Owner) => void): void {
    if (before === after) return;
    if (typeof before === 'number' && typeof after === 'number') this.#crossed(before, after, visit);
    else if (before === undefined || after === undefined || typeof before !== typeof after) {
      for (const owner of this.#all) visit(owner);
      return;
    } else {
      for (const owner of this.#byWord.get(before) ?? []) visit(owner);
      for (const owner of this.#byWord.get(after) ?? []) visit(owner);
    }
    for (const owner of this.#always) visit(owner);
  }

  #crossed(before: number, after: number, visit: (owner: Owner) => void): void {
    const { thresholds, owners } = this.#sorted();
    const highest = Math.max(before, after);
    for (let index = firstNotBelow(thresholds, Math.min(before, after)); index < thresholds.length; index += 1) {
      const threshold = thresholds[index];
      const owner = owners[index];
      if (threshold === undefined || owner === undefined || threshold > highest) break;
      visit(owner);
    }
    // A list of numbers (`in`) has no threshold.
    for (const value of [before, after]) for (const owner of this.#byWord.get(value) ?? []) visit(owner);
  }

  #sorted(): Ladder<Owner> {
    const ladder = this.#ladder;
    if (ladder.isSorted) return ladder;
    const order = ladder.thresholds.map((threshold, index) => ({ threshold, index }));
    order.sort((left, right) => left.threshold - right.threshold || left.index - right.index);
    ladder.owners = order.flatMap(({ index }) => ladder.owners[index] ?? []);
    ladder.thresholds = order.map(({ threshold }) => threshold);
    ladder.isSorted = true;
    return ladder;
  }
}

/** The first place in a sorted list whose value is not below `value`. */
function firstNotBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Owners (rules) by the asset type and the property that they watch. */
export class RuleIndex<Owner> {
  readonly #types = new Map<string, { properties: Map<string, PropertyWatch<Owner>>; owners: Set<Owner> }>();

  /** Adds an owner for all assets of a type. */
  add(type: string, owner: Owner, watches: readonly Watch[]): void {
    const entry = this.#types.get(type) ?? { properties: new Map(), owners: new Set() };
    this.#types.set(type, entry);
    entry.owners.add(owner);
    for (const watch of watches) {
      const property = entry.properties.get(watch.property) ?? new PropertyWatch();
      entry.properties.set(watch.property, property);
      property.add(owner, watch);
    }
  }

  remove(type: string, owner: Owner): void {
    const entry = this.#types.get(type);
    if (!entry?.owners.delete(owner)) return;
    for (const property of entry.properties.values()) property.remove(owner);
  }

  /** All owners of a type. */
  ofType(type: string): Iterable<Owner> {
    return this.#types.get(type)?.owners ?? [];
  }

  /**
   * Calls `visit` for every owner whom this change of a value can concern, for some more than once.
   *
   * @param change undefined stands for unknown
   */
  concerned(
    type: string,
    property: string,
    change: { before: Value | undefined; after: Value | undefined },
    visit: (owner: Owner) => void,
  ): void {
    this.#types.get(type)?.properties.get(property)?.concerned(change.before, change.after, visit);
  }
}
