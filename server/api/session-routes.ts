// /api/session: sign in, who am I, give the password again, change it, sign out.
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import type { AccountStore, AuditLog } from '../../engine/index.ts';
import { actorName, type Actor } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { hashPassword } from '../accounts/passwords.ts';
import { hashSecret } from '../accounts/secrets.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import { setSessionCookie, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';

const credentialsSchema = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(1_024),
});

const againSchema = credentialsSchema.pick({ password: true });
const newPasswordSchema = z.strictObject({
  password: credentialsSchema.shape.password,
  newPassword: z.string().min(12, 'a password has at least 12 characters').max(256),
});

/** What these routes need. */
export interface SessionParts {
  authentication: Authentication;
  accounts: Pick<AccountStore, 'change'>;
  sessions: Sessions;
  signIn: SignIn;
  audit: AuditLog;
  clock: Clock;
  /** What every page shows: which city, in which time zone, and whether it is the simulated one. */
  box: { city: string; timeZone: string; demo: boolean };
}

/** POST, GET and DELETE of one's own session; the password again, and a new one. */
export function sessionRoutes(parts: SessionParts): Router {
  const { authentication, sessions, signIn, audit, clock, box } = parts;
  const router = Router();
  const describe = ({ id, roles }: Pick<Actor, 'id' | 'roles'>) => ({ name: id, roles, ...box });
  router.post('/session', async (request, response) => {
    const credentials = check(credentialsSchema, request.body);
    if (!credentials.ok) throw unreadable('allowed is {"name": "…", "password": "…"}, both texts');
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
    response.json(describe({ id: account.name, roles: account.roles }));
  });
  router.get('/session', authentication.required, (request, response) => {
    response.json(describe(authentication.signedIn(request).actor));
  });
  router.delete('/session', authentication.required, async (request, response) => {
    await sessions.close(authentication.person(request, 'signing out').session);
    setSessionCookie(request, response, undefined);
    response.status(204).end();
  });
  router.post('/session/confirmation', authentication.required, async (request, response) => {
    const { actor, session } = authentication.person(request, 'giving a password again');
    const given = check(againSchema, request.body);
    if (!given.ok) throw unreadable('allowed is {"password": "…"}, a text');
    await signIn.check({ name: actor.id, password: given.value.password, address: request.ip ?? '' });
    await sessions.confirm(session);
    response.status(204).end();
  });
  router.put('/session/password', authentication.required, (request, response) =>
    changePassword(parts, request, response),
  );
  return router;
}

/** One's own new password; every other session of the account ends. */
async function changePassword(
  { authentication, accounts, signIn, clock }: SessionParts,
  request: Request,
  response: Response,
): Promise<void> {
  const { actor, session } = authentication.person(request, 'a password of one’s own');
  const given = check(newPasswordSchema, request.body);
  if (!given.ok)
    throw unreadable(
      'allowed is {"password": "…", "newPassword": "…"}, both texts, the new one of 12 to 256 characters',
    );
  const { password, newPassword } = given.value;
  await signIn.check({ name: actor.id, password, address: request.ip ?? '' });
  const passwordHash = await hashPassword(newPassword);
  await accounts.change({
    name: actor.id,
    alter: (account) => {
      if (!account) throw new SignalboxError('not-signed-in');
      return { ...account, passwordHash };
    },
    endSessions: { keep: hashSecret(session) },
    entry: {
      at: clock.now(),
      actor: actorName(actor),
      department: '*',
      verb: 'set-password',
      subject: actor.id,
      detail: {},
    },
  });
  response.status(204).end();
}

/** The problems of a form with a password in it repeat nothing of what was found. */
const unreadable = (message: string): SignalboxError => invalid('The form', [{ code: 'schema', path: '', message }]);
