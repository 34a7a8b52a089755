// Points, with memory of whose report or want rules that read it have not yet seen.
import { sameValue } from '../model/value.ts';
import type { PointState } from './state.ts';
import { Table } from './tables.ts';

/** What of a point has changed. */
export interface TouchedPoint {
  key: string;
  reported: boolean;
  desired: boolean;
}

/** The table of points, by `<asset>#<point>`. */
export class PointTable extends Table<PointState> {
  readonly #touched = new Map<string, TouchedPoint>();

  override set(key: string, row: PointState): void {
    this.#compare(key, this.get(key), row);
    super.set(key, row);
  }

  override delete(key: string): boolean {
    this.#compare(key, this.get(key), undefined);
    return super.delete(key);
  }

  /** Hands over what was changed since the last call. */
  takeTouched(): TouchedPoint[] {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    return touched;
  }

  /** Has any report or want changed since the last call of `takeTouched`? */
  get isTouched(): boolean {
    return this.#touched.size > 0;
  }

  #compare(key: string, before: PointState | undefined, after: PointState | undefined): void {
    const known = this.#touched.get(key);
    // A report that says the same again is newer all the same: `maxAge` counts from it.
    const reported = known?.reported === true || before?.reported !== after?.reported;
    const desired = known?.desired === true || !sameValue(desiredOf(before), desiredOf(after));
    if (reported || desired) this.#touched.set(key, { key, reported, desired });
  }
}

/** What the arbiter wants of a point; undefined when it wants nothing. */
export function desiredOf(point: PointState | undefined): ReturnType<typeof valueIn> {
  return point && valueIn(point.arbitration.want);
}

const valueIn = (want: PointState['arbitration']['want']) => ('release' in want ? undefined : want.value);
