// The past of one property: how long it is kept, and how it is shown.
import { z } from 'zod';

import type { Value } from './value.ts';

const daysSchema = z.number().min(0.04, 'the shortest is an hour: 0.04').max(36_500);

/** How long a property's past is kept, in days since it was received; each step is coarser and no shorter than the one before. */
export const keepSchema = z
  .strictObject({
    rawDays: daysSchema.describe('Every reading as it came.'),
    fiveMinuteDays: daysSchema.describe('One sample for every five minutes.'),
    hourlyDays: daysSchema.describe('One sample for every hour; then nothing is left.'),
  })
  .refine(
    ({ rawDays, fiveMinuteDays, hourlyDays }) => rawDays <= fiveMinuteDays && fiveMinuteDays <= hourlyDays,
    'rawDays may not be more than fiveMinuteDays, nor those more than hourlyDays',
  );
export type Keep = z.infer<typeof keepSchema>;

/** What holds for properties of which nothing else is said: a week, 90 days, two years. */
export const DEFAULT_KEEP: Keep = { rawDays: 7, fiveMinuteDays: 90, hourlyDays: 730 };

/** What was read within one stretch of time. */
export interface HistoryPoint {
  /** When the stretch began, or for a single reading when it was observed; milliseconds since the epoch. */
  at: number;
  /** How many readings it stands for, at least 1. */
  count: number;
  /** Of numbers, and of truth values with true as 1; words have none. */
  min?: number;
  max?: number;
  avg?: number;
  /** The value observed last. */
  last: Value;
}

/** A property's past from one instant to another. */
export interface History {
  asset: string;
  property: string;
  /** Milliseconds since the epoch; `from` is included, `to` is not. */
  from: number;
  to: number;
  unit?: string;
  /** The length of a point's stretch, in milliseconds; 0 where every point is a single reading. */
  stepMs: number;
  /** Oldest first; stretches without a reading are left out. */
  points: HistoryPoint[];
}
