// The wear budget of a point: how often it may change, and from when the newest wanted value may go out.
import type { Want } from '../model/command.ts';
import { durationMs } from '../model/duration.ts';
import { isSafeWant, sameWant, type Point } from '../model/points.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Why a change waits, and until when (milliseconds since the epoch). */
export interface Waiting {
  until: number;
  why: string;
}

/** What a point was told before, as its budget remembers it. */
export interface Told {
  /** When it was changed, milliseconds since the epoch, the oldest first. */
  changes: readonly number[];
  /** What it was told last. */
  last?: Want | undefined;
}

/** May it go out, and what is then remembered; the same object where it changes nothing. */
export type Spending = { allowed: true; told: Told } | { allowed: false; waits: Waiting };

/** What the budget needs to know of a point. */
export type WearingPoint = Pick<Point, 'wear' | 'safe' | 'tolerance' | 'endsItself'>;

/**
 * Judges the next want by the budget: once for the fold, which lets it wait, and again right before the wire. Saying the
 * same again (a lease that is renewed) is no change; a release and the declared safe value pass whatever the budget says.
 *
 * @param now milliseconds since the epoch
 */
export function spend(point: WearingPoint, told: Told, want: Want, now: number): Spending {
  if (!point.wear) return { allowed: true, told };
  const isStop = 'release' in want || isSafeWant(want, point);
  const isAction = point.endsItself && !isStop;
  if (!isAction && sameWant(want, told.last, point)) return { allowed: true, told };
  const waits = isStop ? undefined : waitFor(point, told.changes, now);
  if (waits) return { allowed: false, waits };
  const counts = isAction || !point.endsItself;
  const changes = counts ? noteChange(point, told.changes, now) : told.changes;
  return { allowed: true, told: { changes, last: want } };
}

/** Why the next change must wait; undefined when the budget allows it now. */
function waitFor({ wear }: WearingPoint, changes: readonly number[], now: number): Waiting | undefined {
  if (!wear) return undefined;
  const last = changes.at(-1);
  const limits = [
    wear.between === undefined || last === undefined
      ? undefined
      : { until: last + durationMs(wear.between), why: `wear budget: ${wear.between} between changes` },
    counted(changes, wear.perHour, { withinMs: HOUR_MS, word: 'hour' }),
    counted(changes, wear.perDay, { withinMs: DAY_MS, word: 'day' }),
  ];
  const [longest] = limits.flatMap((one) => one ?? []).toSorted((left, right) => right.until - left.until);
  return longest && longest.until > now ? longest : undefined;
}

/** The changes that still count, with one more at `now`. */
function noteChange({ wear }: WearingPoint, changes: readonly number[], now: number): readonly number[] {
  const most = Math.max(1, wear?.perHour ?? 1, wear?.perDay ?? 1);
  return [...changes.filter((at) => at > now - DAY_MS), now].slice(-most);
}

/** The oldest of the last `most` changes must have left the span. */
function counted(
  changes: readonly number[],
  most: number | undefined,
  { withinMs, word }: { withinMs: number; word: string },
): Waiting | undefined {
  const oldest = most === undefined ? undefined : changes.at(-most);
  return oldest === undefined
    ? undefined
    : { until: oldest + withinMs, why: `wear budget: ${most} ${most === 1 ? 'change' : 'changes'} per ${word}` };
}
