// /api/tokens: what machines may do. A token belongs to one department, names its verbs, ends by itself, and is shown once.
import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { z } from 'zod';

import type { Token, TokenStore } from '../../engine/index.ts';
import { actorName, may, verbSchema, type Verb } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { documentIdSchema } from '../../engine/model/names.ts';
import { departmentOf } from '../../engine/model/rule.ts';
import { hashSecret } from '../accounts/secrets.ts';
import { demand, TOKEN_PREFIX, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';

/** What these routes need. */
export interface TokenParts {
  authentication: Authentication;
  tokens: TokenStore;
  clock: Clock;
}

const DAY_MS = 86_400_000;

/** What no machine is given: rights over people and other tokens, what holds everybody back, and what is tied to a person or a device. */
const FOR_PEOPLE_ONLY: ReadonlySet<Verb> = new Set([
  'manage-people',
  'issue-token',
  'edit-interlock',
  'restrain',
  'report',
]);

/** What a machine may be given. */
export const TOKEN_VERBS = verbSchema.options.filter((verb) => !FOR_PEOPLE_ONLY.has(verb));

const tokenSchema = z.strictObject({
  id: documentIdSchema,
  title: z.string().trim().min(3, 'say in at least 3 characters what it is for').max(200),
  verbs: z.array(z.enum(TOKEN_VERBS)).min(1, 'name at least one verb').max(verbSchema.options.length),
  /** Days until it ends: 1 to 366, default 90. */
  days: z.int().min(1).max(366).default(90),
});

/** Lists, makes and ends tokens. */
export function tokenRoutes({ authentication, tokens, clock }: TokenParts): Router {
  const router = Router();
  router
    .route('/tokens')
    .get(async (request, response) => {
      const { actor } = authentication.signedIn(request);
      const seen = (await tokens.list()).filter(({ department }) => may(actor, 'issue-token', department).allowed);
      response.json({ tokens: seen.map(withoutHash) });
    })
    .post(async (request, response) => {
      const { actor } = authentication.confirmed(request, 'making a token');
      const asked = check(tokenSchema, request.body);
      if (!asked.ok) throw invalid('The token', asked.problems);
      const { id, title, days } = asked.value;
      const department = departmentOf(id);
      const verbs = [...new Set(asked.value.verbs)];
      demand(actor, 'issue-token', department);
      // Nobody gives a machine more than they have.
      for (const verb of verbs) if (verb !== 'ingest') demand(actor, verb, department);
      const secret = TOKEN_PREFIX + randomBytes(32).toString('base64url');
      const at = clock.now();
      const createdBy = actorName(actor);
      const expiresAt = at + days * DAY_MS;
      const token = {
        id,
        department,
        title,
        tokenHash: hashSecret(secret),
        verbs,
        createdBy,
        createdAt: at,
        expiresAt,
      };
      await tokens.add(token, {
        at,
        actor: createdBy,
        department,
        verb: 'issue-token',
        subject: id,
        detail: { title, verbs, expiresAt },
      });
      response.status(201).json({ ...withoutHash(token), secret });
    });
  router.delete('/tokens/:department/:name', async (request, response) => {
    const { department, name } = request.params;
    const { actor } = authentication.signedIn(request);
    demand(actor, 'issue-token', department);
    const id = `${department}/${name}`;
    const entry = { at: clock.now(), actor: actorName(actor), department, verb: 'end-token', subject: id, detail: {} };
    if (!(await tokens.remove(id, entry))) throw new SignalboxError('not-found', { what: `token ${id}` });
    response.status(204).end();
  });
  return router;
}

function withoutHash(token: Token): Omit<Token, 'tokenHash'> {
  const { id, department, title, verbs, createdBy, createdAt, expiresAt } = token;
  return { id, department, title, verbs, createdBy, createdAt, expiresAt };
}
