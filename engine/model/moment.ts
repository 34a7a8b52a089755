// Moments of a rule's test: from its start, or by the clock on the wall there.
import { z } from 'zod';

import { durationMs, parseDuration } from './duration.ts';
import { nextTimeOfDay, parseTimeOfDay } from './local-time.ts';

const NOTHING = /^0+(?:\.0+)?\s*[a-z]*$/i;

const MOMENT = 'a time from the start ("0 s", "90 s", "PT3M") or a time of day ("07:30")';

/** A moment of a test: how long after its start, or the next such time of day. */
export const momentSchema = z
  .string()
  .refine(
    (text) => NOTHING.test(text) || parseTimeOfDay(text) !== undefined || parseDuration(text).ok,
    `allowed is ${MOMENT}`,
  )
  .meta({
    title: 'Moment',
    description: `${MOMENT[0]?.toUpperCase()}${MOMENT.slice(1)}.`,
    examples: ['0 s', '90 s', '07:30'],
  });

/** When and where a test begins. */
export interface Beginning {
  /** ISO 8601 with an offset. */
  start: string;
  /** By its name in the IANA database. */
  timeZone: string;
}

/**
 * A moment of a test as an instant.
 *
 * @param text as the test says it, checked
 * @returns milliseconds since the epoch; a time of day is the first one at or after the start, in the test's time zone
 */
export function momentOf(text: string, { start, timeZone }: Beginning): number {
  const startMs = Date.parse(start);
  if (NOTHING.test(text)) return startMs;
  const timeOfDayMs = parseTimeOfDay(text);
  return timeOfDayMs === undefined ? startMs + durationMs(text) : nextTimeOfDay(startMs - 1, timeOfDayMs, timeZone);
}
