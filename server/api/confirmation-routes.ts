// /api/confirmations: wishes that wait for a second person, who confirms or declines them.
import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import { z } from 'zod';

import type { AuditLog } from '../../engine/index.ts';
import { actorName } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import { pause, type Clock } from '../../engine/model/clock.ts';
import type { Confirmation } from '../../engine/model/confirmation.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { Request as Wish } from '../../engine/model/input.ts';
import { demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LiveHub } from '../live.ts';
import type { LogWriter } from '../log-writer.ts';
import { mayRead } from '../visibility.ts';

/** What these routes need. */
export interface ConfirmationParts {
  authentication: Authentication;
  inputs: Pick<LogWriter, 'append'>;
  live: Pick<LiveHub, 'snapshot'>;
  audit: AuditLog;
  clock: Clock;
}

const declineSchema = z.strictObject({
  reason: z.string().trim().min(3, 'a reason has at least 3 characters').max(300),
});

/** What pages see of the engine is up to this old, in milliseconds. */
const LIVE_LAG_MS = 1_000;

/**
 * GET lists what waits, the newest first. `POST …/confirm` is another person's word (403 for the one who asked);
 * `POST …/decline` is anybody's who may override. Both answer 202: the engine decides, and the live events tell.
 */
export function confirmationRoutes(parts: ConfirmationParts): Router {
  const router = Router();
  router.get('/confirmations', async (request, response) => {
    const { actor } = parts.authentication.signedIn(request);
    const waiting = (await parts.live.snapshot()).confirmations ?? [];
    response.json({ confirmations: waiting.filter(({ department }) => mayRead(actor, department)) });
  });
  router.post('/confirmations/:id/confirm', async (request, response) => {
    const waiting = await findWaiting(parts, request);
    const { actor } = parts.authentication.signedIn(request);
    if (waiting.askedBy === actor.id)
      throw new SignalboxError('forbidden', { reason: `${actor.id} asked for it: another person must confirm` });
    const wish = { do: 'confirm' as const, confirmation: waiting.id };
    response.status(202).json({ request: await ask(parts, request, waiting, wish) });
  });
  router.post('/confirmations/:id/decline', async (request, response) => {
    const waiting = await findWaiting(parts, request);
    const asked = check(declineSchema, request.body);
    if (!asked.ok) throw invalid('The answer', asked.problems);
    const wish = { do: 'decline' as const, confirmation: waiting.id, ...asked.value };
    response.status(202).json({ request: await ask(parts, request, waiting, wish) });
  });
  return router;
}

/** Looks twice, for a wish that was made just now. */
async function findWaiting(parts: ConfirmationParts, request: Request): Promise<Confirmation> {
  const id = String(request.params['id']);
  const look = async () => (await parts.live.snapshot()).confirmations?.find((one) => one.id === id);
  let found = await look();
  if (!found) {
    await pause(parts.clock, LIVE_LAG_MS);
    found = await look();
  }
  // Two people, not a person and their program.
  const { actor } = parts.authentication.person(request, 'answering what another asked for');
  const what = `confirmation ${id}`;
  if (!found) throw new SignalboxError('not-found', { what });
  demandOf(actor, 'override', { department: found.department, what });
  return found;
}

/** Puts the answer into the book and then into the log. */
async function ask(
  { authentication, inputs, audit, clock }: ConfirmationParts,
  request: Request,
  { department, wish: wanted, askedBy }: Confirmation,
  wish: Extract<Wish, { do: 'confirm' | 'decline' }>,
): Promise<string> {
  const { actor } = authentication.signedIn(request);
  const id = randomUUID();
  const detail = { request: id, ...wish, askedBy, value: wanted.value };
  const entry = { actor: actorName(actor), department, verb: wish.do, subject: wanted.point, detail };
  await audit.append({ at: clock.now(), ...entry });
  await inputs.append({ kind: 'request', id, actor, department, request: wish });
  return id;
}
