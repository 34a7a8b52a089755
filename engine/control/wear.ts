// The wear budget of a point: how often it may change, and from when the newest wanted value may go out.
import { durationMs } from '../model/duration.ts';
import type { Point } from '../model/points.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Why a change waits, and until when (milliseconds since the epoch). */
export interface Waiting {
  until: number;
  why: string;
}

/**
 * Must the next change wait? The declared safe value is not asked about here: it is never held up.
 *
 * @param changes when the point was changed before, milliseconds since the epoch, the oldest first
 * @param now milliseconds since the epoch
 * @returns undefined when the budget allows it now
 */
export function waitFor({ wear }: Pick<Point, 'wear'>, changes: readonly number[], now: number): Waiting | undefined {
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

/** The changes that still count, with one more at `now`; nothing is remembered of a point without a budget. */
export function noteChange({ wear }: Pick<Point, 'wear'>, changes: readonly number[], now: number): readonly number[] {
  if (!wear) return [];
  const most = Math.max(1, wear.perHour ?? 1, wear.perDay ?? 1);
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
    : { until: oldest + withinMs, why: `wear budget: ${most} changes per ${word}` };
}
