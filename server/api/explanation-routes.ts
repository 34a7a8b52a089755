// /api/rules/:department/:name/explanation: why a rule is active for an asset, or what stands in its way; now or at a recorded moment.
import { Router } from 'express';
import { z } from 'zod';

import { explainPast, type Past } from '../../engine/index.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { assetIdSchema } from '../../engine/model/names.ts';
import { problem } from '../../engine/model/result.ts';
import type { AssetDirectory } from '../asset-directory.ts';
import { demand, demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LiveHub } from '../live.ts';
import { instantSchema } from './query.ts';

/** What these routes need. */
export interface ExplanationParts {
  authentication: Authentication;
  directory: AssetDirectory;
  past: Past;
  live: Pick<LiveHub, 'snapshot'>;
  clock: Clock;
}

const countSchema = z.coerce.number('allowed is a whole number from 1').int().min(1);

const querySchema = z.object({
  asset: assetIdSchema,
  related: assetIdSchema.optional(),
  row: countSchema.optional(),
  version: countSchema.optional(),
  at: instantSchema.optional(),
});

/**
 * `asset` is required; `related` where the rule stands for several of its related assets; `row` of a table, counted from
 * 1; `version` asks whether that one was in force; `at` in milliseconds since the epoch, by default now.
 */
export function explanationRoutes({ authentication, directory, past, live, clock }: ExplanationParts): Router {
  const router = Router();
  router.get('/rules/:department/:name/explanation', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { department, name } = request.params;
    demand(actor, 'read', department);
    const query = check(querySchema, request.query);
    if (!query.ok) throw invalid('The query', query.problems);
    const { at, related, ...asked } = query.value;
    // What an asset reads is for those who may read it, also through another department's rule.
    for (const id of [asked.asset, related]) {
      const asset = id === undefined ? undefined : directory.get(id);
      if (asset) demandOf(actor, 'read', { department: asset.department, what: `asset ${id}` });
    }
    if (at !== undefined && at > clock.now())
      throw invalid('The query', [problem('schema', '/at', at, 'allowed is a moment of the past')]);
    const present = at === undefined ? await live.snapshot() : undefined;
    const question = {
      rule: `${department}/${name}`,
      asset: asked.asset,
      ...(related === undefined ? {} : { related }),
      ...(asked.row === undefined ? {} : { row: asked.row }),
      ...(asked.version === undefined ? {} : { version: asked.version }),
    };
    response.json(
      await explainPast(
        past,
        present ? { ...question, at: present.at, live: present } : { ...question, at: at ?? clock.now() },
      ),
    );
  });
  return router;
}
