// /api/city and /api/live: the city as it is now, and how it changes.
import { Router } from 'express';

import type { AssetDirectory } from '../asset-directory.ts';
import type { Authentication } from '../http/authentication.ts';
import type { LiveHub } from '../live.ts';
import { viewOf } from '../visibility.ts';

/** What these routes need. */
export interface CityParts {
  authentication: Authentication;
  directory: AssetDirectory;
  live: LiveHub;
}

/** The snapshot, and the stream that begins with one. Both show the departments where the reader may read. */
export function cityRoutes({ authentication, directory, live }: CityParts): Router {
  const router = Router();
  router.get('/city', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    response.json(viewOf(actor, directory).narrow(await live.snapshot()));
  });
  router.get('/live', async (request, response) => {
    const { actor, isStillWelcome } = authentication.signedIn(request);
    await live.serve({ response, view: viewOf(actor, directory), isWelcome: isStillWelcome });
  });
  return router;
}
