// Reads the query of a list: how many, and before when.
import type { Request } from 'express';
import { z } from 'zod';

import { check } from '../../engine/model/check.ts';
import { invalid } from '../http/problems.ts';

/** The last instant of the year 9999: beyond it no two programs write dates alike. */
const LAST_INSTANT = 253_402_300_799_999;

/** An instant in a query, milliseconds since the epoch. */
export const instantSchema = z.coerce.number('allowed is milliseconds since the epoch').int().min(0).max(LAST_INSTANT);

const pageSchema = z.object({
  limit: z.coerce.number('allowed is 1 to 1000').int().min(1).max(1_000).default(100),
  before: instantSchema.optional(),
});

/** A list's page: `limit` 1 to 1000 (default 100), `before` in milliseconds since the epoch. Throws `invalid`. */
export function readPage(request: Request): { limit: number; before?: number | undefined } {
  const page = check(pageSchema, request.query);
  if (!page.ok) throw invalid('The query', page.problems);
  return page.value;
}
