// Reads the query of a list: how many, and before when.
import type { Request } from 'express';
import { z } from 'zod';

import { check } from '../../engine/model/check.ts';
import { invalid } from '../http/problems.ts';

const pageSchema = z.object({
  limit: z.coerce.number('allowed is 1 to 1000').int().min(1).max(1_000).default(100),
  before: z.coerce.number('allowed is milliseconds since the epoch').int().min(0).optional(),
});

/** A list's page: `limit` 1 to 1000 (default 100), `before` in milliseconds since the epoch. Throws `invalid`. */
export function readPage(request: Request): { limit: number; before?: number | undefined } {
  const page = check(pageSchema, request.query);
  if (!page.ok) throw invalid('The query', page.problems);
  return page.value;
}
