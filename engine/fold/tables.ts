// State in tables that know what changed, so that a checkpoint writes only that.

/** What changed in one table since the last checkpoint. */
export interface ChangedRows {
  /** The table's name. */
  name: string;
  /** How many rows. */
  size: number;
  /** Each row as it was when the changes were taken, undefined where it was removed. */
  rows: Iterable<readonly [key: string, row: unknown]>;
}

/** Everything that changed since the last checkpoint. Rows are never changed in place, so their text can be made later. */
export interface CheckpointChange {
  /** The last log entry that the state includes. */
  lastId: string;
  tables: readonly ChangedRows[];
}

/** A checkpoint's cells, `<table>:<key>`, with their text; undefined for one that is no more. Texts are made one by one. */
export function* cellsOf({ tables }: CheckpointChange): Generator<[cell: string, text: string | undefined]> {
  for (const { name, rows } of tables)
    for (const [key, row] of rows) yield [`${name}:${key}`, row === undefined ? undefined : JSON.stringify(row)];
}

/** Brings cells that were read or written before up to date. */
export function updateCells(cells: Map<string, string>, change: CheckpointChange): void {
  for (const [cell, text] of cellsOf(change)) {
    if (text === undefined) cells.delete(cell);
    else cells.set(cell, text);
  }
}

/** A map of plain values that remembers which rows changed since the last checkpoint. */
export class Table<V> {
  readonly name: string;
  readonly #rows = new Map<string, V>();
  #changed = new Map<string, V | undefined>();

  /** @param name begins the key of every cell: `<name>:<key>`; no colon in it */
  constructor(name: string) {
    this.name = name;
  }

  get(key: string): Readonly<V> | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** Sets a row; from then on it belongs to the table and is only replaced, never changed. */
  set(key: string, row: V): void {
    this.#rows.set(key, row);
    this.#changed.set(key, row);
  }

  /** Removes a row; true if it was there. */
  delete(key: string): boolean {
    const existed = this.#rows.delete(key);
    if (existed) this.#changed.set(key, undefined);
    return existed;
  }

  keys(): IterableIterator<string> {
    return this.#rows.keys();
  }

  values(): IterableIterator<Readonly<V>> {
    return this.#rows.values();
  }

  entries(): IterableIterator<[string, Readonly<V>]> {
    return this.#rows.entries();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Puts a row back from a checkpoint: not a change. */
  restore(key: string, row: V): void {
    this.#rows.set(key, row);
  }

  /** Hands over the changes since the last call; takes no longer for many than for few. */
  takeChanged(): ChangedRows {
    const rows = this.#changed;
    this.#changed = new Map();
    return { name: this.name, size: rows.size, rows };
  }
}
