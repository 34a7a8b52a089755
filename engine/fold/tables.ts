// State in tables that know what changed, so that a checkpoint writes only that.

/** A map of plain values that remembers which keys changed since the last checkpoint. */
export class Table<V> {
  readonly name: string;
  readonly #areRowsReplaced: boolean;
  readonly #rows = new Map<string, V>();
  readonly #changed = new Set<string>();

  /**
   * @param name begins the key of every cell: `<name>:<key>`; no colon in it
   * @param areRowsReplaced true when rows are never changed in place: then a checkpoint may make their text later
   */
  constructor(name: string, areRowsReplaced = false) {
    this.name = name;
    this.#areRowsReplaced = areRowsReplaced;
  }

  get(key: string): V | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** Sets a row; a row that was changed in place must be set again. */
  set(key: string, row: V): void {
    this.#rows.set(key, row);
    this.#changed.add(key);
  }

  /** Removes a row; true if it was there. */
  delete(key: string): boolean {
    const existed = this.#rows.delete(key);
    if (existed) this.#changed.add(key);
    return existed;
  }

  keys(): IterableIterator<string> {
    return this.#rows.keys();
  }

  values(): IterableIterator<V> {
    return this.#rows.values();
  }

  entries(): IterableIterator<[string, V]> {
    return this.#rows.entries();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Puts a row back from a checkpoint: not a change. */
  restore(key: string, row: V): void {
    this.#rows.set(key, row);
  }

  /** Moves the changes since the last call into `change`. */
  drain(change: { set: Map<string, string | object>; deleted: Set<string> }): void {
    for (const key of this.#changed) {
      const row = this.#rows.get(key);
      const cell = `${this.name}:${key}`;
      if (row === undefined) change.deleted.add(cell);
      else if (this.#areRowsReplaced && typeof row === 'object' && row !== null) change.set.set(cell, row);
      else change.set.set(cell, JSON.stringify(row));
    }
    this.#changed.clear();
  }
}

/** A cell of a checkpoint as text. */
export const cellText = (row: string | object): string => (typeof row === 'string' ? row : JSON.stringify(row));
