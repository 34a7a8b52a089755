// A window of one property in at most 60 panes, so that its memory does not grow with how often a sensor reports.
import type { FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';

type Aggregate = NonNullable<FactParams['aggregate']>;

/** A window that some rule looks at. */
export interface Window {
  /** Milliseconds. */
  lengthMs: number;
  aggregate: Aggregate;
  /** `<length>/<aggregate>`: its name among the windows of a property. */
  key: string;
}

/**
 * A window's content: numbers in rows of one length, one row per pane, oldest pane first; with `p95` one per pane and
 * histogram bucket. Each row begins with the instant of the pane's newest reading, milliseconds since the epoch.
 */
export type Panes = number[];

/** What a window shows at an instant. */
export interface WindowView {
  /** Undefined when the aggregate does not fit what was read: the average of words, the rate of one reading. */
  value: number | undefined;
  /** The oldest pane's instant: it leaves first. */
  oldestAt: number;
}

/** Panes in the whole length of a window. Aligned to the clock, one more is touched; so a window has at most 60. */
const PANES = 59;

/** A window by its length and what becomes of it. */
export const windowOf = (lengthMs: number, aggregate: Aggregate = 'avg'): Window => ({
  lengthMs,
  aggregate,
  key: `${lengthMs}/${aggregate}`,
});

/**
 * Takes a value into a window, in place. Values may come in any order; what is older than the window is left out.
 *
 * @param observedAt milliseconds since the epoch
 */
export function addToWindow(panes: Panes, { lengthMs, aggregate }: Window, value: Value, observedAt: number): void {
  const kind = KINDS[aggregate];
  const number = typeof value === 'number' ? value : Number.NaN;
  const { width } = kind;
  const newestAt = Math.max(observedAt, panes.length === 0 ? observedAt : read(panes, panes.length - width));
  if (observedAt <= newestAt - lengthMs) return;
  const paneMs = lengthMs / PANES;
  const pane = Math.floor(observedAt / paneMs);
  let row = panes.length - width;
  while (row >= 0 && Math.floor(read(panes, row) / paneMs) > pane) row -= width;
  const place = row + width;
  while (row >= 0 && Math.floor(read(panes, row) / paneMs) === pane && kind.isOther?.(panes, row, number) === true)
    row -= width;
  if (row >= 0 && Math.floor(read(panes, row) / paneMs) === pane) {
    kind.add(panes, row, number, observedAt);
    panes[row] = Math.max(read(panes, row), observedAt);
  } else panes.splice(place, 0, observedAt, ...kind.begin(number, observedAt));
  dropOlder(panes, width, newestAt - lengthMs);
}

/**
 * What a window shows at an instant. A pane counts as long as its newest reading lies within the window: with at most
 * one reading per pane the answer is exact, otherwise up to a 59th of the window more is looked at.
 *
 * @param now milliseconds since the epoch
 * @returns undefined when nothing lies within
 */
export function viewWindow(panes: Panes, { lengthMs, aggregate }: Window, now: number): WindowView | undefined {
  const kind = KINDS[aggregate];
  let from = 0;
  while (from < panes.length && read(panes, from) <= now - lengthMs) from += kind.width;
  if (from >= panes.length) return undefined;
  const value = kind.value(panes, from);
  return { value: Number.isFinite(value) ? value : undefined, oldestAt: read(panes, from) };
}

function dropOlder(panes: Panes, width: number, until: number): void {
  let from = 0;
  while (from < panes.length && read(panes, from) <= until) from += width;
  if (from > 0) panes.splice(0, from);
}

/** How one aggregate is kept in a row and comes of several rows. A value that is no number comes in as NaN and stays. */
interface Kind {
  /** Numbers in a row, the instant included. */
  width: number;
  /** A row's numbers after the instant, for its first value. */
  begin(value: number, observedAt: number): number[];
  /** Takes one more value into the row that begins at `row`. */
  add(panes: Panes, row: number, value: number, observedAt: number): void;
  /** Is a row of the right pane none that this value belongs to? */
  isOther?(panes: Panes, row: number, value: number): boolean;
  /** Of all rows from `from` on, at least one. */
  value(panes: Panes, from: number): number;
}

const read = (panes: Panes, index: number): number => panes[index] ?? Number.NaN;

/** Puts one column of all rows into one number. */
function join(panes: Panes, from: number, how: { width: number; column: number; by: typeof plus }): number {
  let joined = read(panes, from + how.column);
  for (let row = from + how.width; row < panes.length; row += how.width)
    joined = how.by(joined, read(panes, row + how.column));
  return joined;
}

const plus = (left: number, right: number): number => left + right;

/** One number per pane, of which two become one in the same way within a pane and across panes. */
const single = (by: typeof plus, first: (value: number) => number): Kind => ({
  width: 2,
  begin: (value) => [first(value)],
  add: (panes, row, value) => {
    panes[row + 1] = by(read(panes, row + 1), first(value));
  },
  value: (panes, from) => join(panes, from, { width: 2, column: 1, by }),
});

/** The oldest and the newest value with their instants: `newest, oldestAt, oldest`. */
const ends = (value: Kind['value']): Kind => ({
  width: 4,
  begin: (first, observedAt) => [first, observedAt, first],
  add: (panes, row, next, observedAt) => {
    if (observedAt >= read(panes, row)) panes[row + 1] = next;
    if (observedAt >= read(panes, row + 2)) return;
    panes[row + 2] = observedAt;
    panes[row + 3] = next;
  },
  value,
});

const change = (panes: Panes, from: number): number => read(panes, panes.length - 3) - read(panes, from + 3);
const lengthOf = (panes: Panes, from: number): number => read(panes, panes.length - 4) - read(panes, from + 2);

const KINDS: Readonly<Record<Aggregate, Kind>> = {
  count: single(plus, () => 1),
  sum: single(plus, (value) => value),
  min: single(Math.min, (value) => value),
  max: single(Math.max, (value) => value),
  avg: {
    width: 3,
    begin: (value) => [1, value],
    add: (panes, row, value) => {
      panes[row + 1] = read(panes, row + 1) + 1;
      panes[row + 2] = read(panes, row + 2) + value;
    },
    value: (panes, from) =>
      join(panes, from, { width: 3, column: 2, by: plus }) / join(panes, from, { width: 3, column: 1, by: plus }),
  },
  delta: ends(change),
  rate: ends((panes, from) => (1_000 * change(panes, from)) / lengthOf(panes, from)),
  p95: {
    width: 3,
    begin: (value) => [bucketOf(value), 1],
    add: (panes, row) => {
      panes[row + 2] = read(panes, row + 2) + 1;
    },
    isOther: (panes, row, value) => !Object.is(read(panes, row + 1), bucketOf(value)),
    value: percentile95,
  },
};

/** Neighbouring buckets of the histogram are this far apart, so that a value is known to 2 %. */
const BUCKET_RATIO = 1.04;
/** Smaller amounts count as zero. */
const SMALLEST = 1e-6;
/** Keeps bucket numbers of small amounts above zero: what is below zero has the negative number of its amount. */
const FIRST_BUCKET = 500;

/** The bucket of a value; larger values are in buckets of larger numbers. */
function bucketOf(value: number): number {
  const amount = Math.abs(value);
  if (amount < SMALLEST) return 0;
  return Math.sign(value) * (FIRST_BUCKET + Math.ceil(Math.log(amount) / Math.log(BUCKET_RATIO)));
}

/** The middle of a bucket. */
function amountOf(bucket: number): number {
  if (bucket === 0) return 0;
  const upper = BUCKET_RATIO ** (Math.abs(bucket) - FIRST_BUCKET);
  return (Math.sign(bucket) * 2 * upper) / (1 + BUCKET_RATIO);
}

/** The value that 95 of a hundred do not exceed (nearest rank), to 2 %. */
function percentile95(panes: Panes, from: number): number {
  const counts = new Map<number, number>();
  let total = 0;
  for (let row = from; row < panes.length; row += 3) {
    const bucket = read(panes, row + 1);
    if (Number.isNaN(bucket)) return Number.NaN;
    const count = read(panes, row + 2);
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    total += count;
  }
  let missing = Math.ceil(total * 0.95);
  for (const [bucket, count] of [...counts].toSorted(([left], [right]) => left - right)) {
    missing -= count;
    if (missing <= 0) return amountOf(bucket);
  }
  return Number.NaN;
}
