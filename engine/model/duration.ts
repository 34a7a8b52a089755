// Durations as people write them ("3 min") or as ISO 8601 ("PT3M"), read into milliseconds.
import { z } from 'zod';

import { own } from './own.ts';
import { ok, problem, refused, type Result } from './result.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Every unit a person may write, and its length. A day is 24 hours; calendars deal with daylight saving. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  seconds: SECOND_MS,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  minutes: MINUTE_MS,
  h: HOUR_MS,
  hour: HOUR_MS,
  hours: HOUR_MS,
  d: DAY_MS,
  day: DAY_MS,
  days: DAY_MS,
};

/** The longest, in days: a leap year. Whoever means more has mistaken a unit. */
const LONGEST_DAYS = 366;

const ALLOWED = `allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most ${LONGEST_DAYS} days`;

const SPOKEN = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i;
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads a duration.
 *
 * @param text `"90 s"`, `"3 min"`, `"1.5 h"`, `"2 days"`, or ISO 8601 `"PT3M"`, `"P1DT12H"` (no months or years: their length varies).
 * @returns whole milliseconds, more than 0 and at most 366 days; or one problem with code `duration`.
 */
export function parseDuration(text: string): Result<number> {
  const lengthMs = spokenMs(text.trim()) ?? isoMs(text.trim()) ?? 0;
  if (lengthMs > 0 && lengthMs <= LONGEST_DAYS * DAY_MS) return ok(lengthMs);
  return refused(problem('duration', '', text, ALLOWED));
}

function spokenMs(text: string): number | undefined {
  const match = SPOKEN.exec(text);
  const unitMs = own(UNIT_MS, match?.[2]?.toLowerCase() ?? '');
  return match && unitMs !== undefined ? Math.round(Number(match[1]) * unitMs) : undefined;
}

function isoMs(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match || text.endsWith('T') || text === 'P') return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round(
    (days ?? 0) * DAY_MS + (hours ?? 0) * HOUR_MS + (minutes ?? 0) * MINUTE_MS + (seconds ?? 0) * SECOND_MS,
  );
}

/** Every way of writing one. */
export const DURATION_EXAMPLES: readonly string[] = ['90 s', '3 min', '1.5 h', '2 days', 'PT3M', 'P1DT12H'];

/** A duration as an author writes it; stays text in the document. */
export const durationSchema = z
  .string()
  .superRefine((text, context) => {
    if (!parseDuration(text).ok) context.addIssue({ code: 'custom', message: ALLOWED });
  })
  .meta({
    title: 'Duration',
    description: `A number with a unit, or ISO 8601; at most ${LONGEST_DAYS} days.`,
    examples: [...DURATION_EXAMPLES],
  });

/** Rules and assets name the same few durations over and over. */
const KNOWN_MS = new Map<string, number>();
const MOST_KNOWN = 10_000;

/** Milliseconds of a duration that a schema has already checked. Throws on any other text. */
export function durationMs(text: string): number {
  const known = KNOWN_MS.get(text);
  if (known !== undefined) return known;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new RangeError(parsed.problems[0]?.message);
  if (KNOWN_MS.size < MOST_KNOWN) KNOWN_MS.set(text, parsed.value);
  return parsed.value;
}
