// /api/session: sign in, who am I, sign out.
import { Router } from 'express';
import { z } from 'zod';

import type { Account, AuditLog } from '../../engine/index.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import { setSessionCookie, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';

const credentialsSchema = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(1_024),
});

/** What these routes need. */
export interface SessionParts {
  authentication: Authentication;
  sessions: Sessions;
  signIn: SignIn;
  audit: AuditLog;
  clock: Clock;
  /** What every page shows: which city, in which time zone, and whether it is the simulated one. */
  box: { city: string; timeZone: string; demo: boolean };
}

/** POST, GET and DELETE of one's own session. */
export function sessionRoutes({ authentication, sessions, signIn, audit, clock, box }: SessionParts): Router {
  const router = Router();
  const describe = ({ name, roles }: Account) => ({ name, roles, ...box });
  router.post('/session', async (request, response) => {
    const credentials = check(credentialsSchema, request.body);
    // The problems of a form with a password in it repeat nothing of what was found.
    if (!credentials.ok)
      throw invalid('The sign-in', [
        { code: 'schema', path: '', message: 'allowed is {"name": "…", "password": "…"}, both texts' },
      ]);
    const { account, token } = await signIn.signIn({ ...credentials.value, address: request.ip ?? '' });
    await audit.append({
      at: clock.now(),
      actor: `person:${account.name}`,
      department: '*',
      verb: 'sign-in',
      subject: account.name,
      detail: { address: request.ip },
    });
    setSessionCookie(request, response, token);
    response.json(describe(account));
  });
  router.get('/session', authentication.required, (request, response) => {
    response.json(describe(authentication.signedIn(request).account));
  });
  router.delete('/session', authentication.required, async (request, response) => {
    await sessions.close(authentication.signedIn(request).token);
    setSessionCookie(request, response, undefined);
    response.status(204).end();
  });
  return router;
}
