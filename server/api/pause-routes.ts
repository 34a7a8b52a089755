// /api/rules/:department/:name/pause: a person keeps a rule back for a while, at once and without approval.
import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import { z } from 'zod';

import type { AuditLog, DocumentStore } from '../../engine/index.ts';
import { actorName } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { durationMs, durationSchema } from '../../engine/model/duration.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { Request as Wish } from '../../engine/model/input.ts';
import { demand, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LogWriter } from '../log-writer.ts';

/** What these routes need. */
export interface PauseParts {
  authentication: Authentication;
  documents: Pick<DocumentStore, 'get'>;
  inputs: Pick<LogWriter, 'append'>;
  audit: AuditLog;
  clock: Clock;
}

const SECOND_MS = 1_000;
/** The longest pause: a day. Whoever wants more changes the rule. */
const LONGEST_MS = 86_400 * SECOND_MS;

const reasonSchema = z.string().trim().min(3, 'a reason has at least 3 characters').max(300);
const pauseSchema = z.strictObject({
  duration: durationSchema.refine((text) => {
    const lengthMs = durationMs(text);
    return lengthMs >= SECOND_MS && lengthMs <= LONGEST_MS;
  }, 'allowed is 1 s to 24 h'),
  reason: reasonSchema,
});
const resumeSchema = z.strictObject({ reason: reasonSchema.default('resumed by hand') });

type RuleWish = Extract<Wish, { do: 'pause-rule' | 'resume-rule' }>;

/** POST pauses; DELETE lets the rule go on, also one that was parked. Both answer 202: the live events tell. */
export function pauseRoutes(parts: PauseParts): Router {
  const router = Router();
  router
    .route('/rules/:department/:name/pause')
    .post(async (request, response) => {
      const rule = await findRule(parts, request);
      const pause = check(pauseSchema, request.body);
      if (!pause.ok) throw invalid('The pause', pause.problems);
      const { duration, reason } = pause.value;
      const seconds = durationMs(duration) / SECOND_MS;
      response.status(202).json({ request: await ask(parts, request, { do: 'pause-rule', rule, seconds, reason }) });
    })
    .delete(async (request, response) => {
      const rule = await findRule(parts, request);
      const resume = check(resumeSchema, request.body ?? {});
      if (!resume.ok) throw invalid('The request', resume.problems);
      response.status(202).json({ request: await ask(parts, request, { do: 'resume-rule', rule, ...resume.value }) });
    });
  return router;
}

async function findRule({ authentication, documents }: PauseParts, request: Request): Promise<string> {
  const department = String(request.params['department']);
  demand(authentication.signedIn(request).actor, 'pause-rule', department);
  const rule = `${department}/${String(request.params['name'])}`;
  if (!(await documents.get('rule', rule))) throw new SignalboxError('not-found', { what: `rule ${rule}` });
  return rule;
}

/** Puts the wish into the book and then into the log. */
async function ask(
  { authentication, inputs, audit, clock }: PauseParts,
  request: Request,
  wish: RuleWish,
): Promise<string> {
  const { actor } = authentication.signedIn(request);
  const id = randomUUID();
  const department = String(request.params['department']);
  await audit.append({
    at: clock.now(),
    actor: actorName(actor),
    department,
    verb: wish.do,
    subject: wish.rule,
    detail: { request: id, ...wish },
  });
  await inputs.append({ kind: 'request', id, actor, department, request: wish });
  return id;
}
