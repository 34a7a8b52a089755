// Points, with memory of whose report or want rules that read it have not yet seen.
import type { PointChange } from '../model/point-change.ts';
import { sameValue } from '../model/value.ts';
import type { PointState } from './state.ts';
import { Table } from './tables.ts';

/** What of a point has changed. */
export interface TouchedPoint {
  key: string;
  reported: boolean;
  desired: boolean;
}

/** What a point is said to be, and what it shall be. */
type PointValues = Pick<PointChange, 'reported' | 'desired'>;

/** The table of points, by `<asset>#<point>`. */
export class PointTable extends Table<PointState> {
  readonly #touched = new Map<string, TouchedPoint>();
  /** Points that were written since the last call of `takeChanges`, as they were before. */
  readonly #before = new Map<string, PointValues>();

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

  /** Hands over the points whose report or want has become another value since the last call, as they are now. */
  takeChanges(): (PointValues & { key: string })[] {
    const changes = [...this.#before].flatMap(([key, before]) => {
      const now = valuesOf(this.get(key));
      const isSame = sameValue(before.reported, now.reported) && sameValue(before.desired, now.desired);
      return isSame ? [] : [{ key, ...now }];
    });
    this.#before.clear();
    return changes;
  }

  /** Has any report or want changed since the last call of `takeTouched`? */
  get isTouched(): boolean {
    return this.#touched.size > 0;
  }

  #compare(key: string, before: PointState | undefined, after: PointState | undefined): void {
    if (!this.#before.has(key)) this.#before.set(key, valuesOf(before));
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

function valuesOf(point: PointState | undefined): PointValues {
  const desired = desiredOf(point);
  return {
    ...(point?.reported ? { reported: point.reported.value } : {}),
    ...(desired === undefined ? {} : { desired }),
  };
}
