// /api/assets/:id/history: what was read of one property, from one instant to another.
import { Router } from 'express';
import { z } from 'zod';

import type { RecordReader } from '../../engine/index.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { nameSchema } from '../../engine/model/names.ts';
import { problem } from '../../engine/model/result.ts';
import type { AssetDirectory } from '../asset-directory.ts';
import { demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import { instantSchema } from './query.ts';

/** What these routes need. */
export interface HistoryParts {
  authentication: Authentication;
  directory: AssetDirectory;
  records: Pick<RecordReader, 'history'>;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** More points than a screen has columns are of no use to anybody. */
const MOST_POINTS = 2_000;

const querySchema = z.object({
  property: nameSchema,
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  points: z.coerce.number(`allowed is 2 to ${MOST_POINTS}`).int().min(2).max(MOST_POINTS).default(500),
});

/** `property` is required; `from` and `to` in milliseconds since the epoch, by default the last 24 hours; `points` 2 to 2,000, default 500. */
export function historyRoutes({ authentication, directory, records, clock }: HistoryParts): Router {
  const router = Router();
  router.get('/assets/:id/history', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const asset = directory.get(request.params.id);
    const what = `asset ${request.params.id}`;
    if (!asset) throw new SignalboxError('not-found', { what });
    demandOf(actor, 'read', { department: asset.department, what });
    const query = check(querySchema, request.query);
    if (!query.ok) throw invalid('The query', query.problems);
    const { property, points: maxPoints, to = clock.now(), from = to - DAY_MS } = query.value;
    if (from >= to) throw invalid('The query', [problem('schema', '/from', from, `allowed is less than to, ${to}`)]);
    response.json(await records.history({ asset: asset.id, property, from, to, maxPoints }));
  });
  return router;
}
