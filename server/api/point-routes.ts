// /api/points/:point/claims: an operator takes a point by hand for a while, and gives it back.
import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import { z } from 'zod';

import { RestraintIndex, whyRestrained, type AuditLog } from '../../engine/index.ts';
import { actorName, type Verb } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import { actorOwner, effectSchema, requestClaimId } from '../../engine/model/claim.ts';
import { pause, type Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { PointRequest } from '../../engine/model/input.ts';
import { splitPointKey } from '../../engine/model/names.ts';
import { pointsOf } from '../../engine/model/asset.ts';
import { needsTwoPeople, type Point } from '../../engine/model/points.ts';
import { problem } from '../../engine/model/result.ts';
import { misfit, valueSchema, type Value } from '../../engine/model/value.ts';
import type { AssetDirectory } from '../asset-directory.ts';
import { demand, demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LiveHub } from '../live.ts';
import type { LogWriter } from '../log-writer.ts';
import type { Restraints } from './restraint-routes.ts';

/** What these routes need. */
export interface PointParts {
  authentication: Authentication;
  directory: AssetDirectory;
  inputs: Pick<LogWriter, 'append'>;
  live: Pick<LiveHub, 'snapshot'>;
  audit: AuditLog;
  restraints: Pick<Restraints, 'list'>;
  clock: Clock;
}

/** The longest override, in seconds: a day. There are no endless ones. */
const LONGEST_LEASE_SECONDS = 86_400;

const overrideSchema = z.strictObject({
  effect: effectSchema.default('set'),
  value: valueSchema,
  leaseSeconds: z.number().min(1).max(LONGEST_LEASE_SECONDS),
  rampSeconds: z.number().min(0).max(3_600).default(0),
  reason: z.string().trim().min(3, 'a reason has at least 3 characters').max(300),
});
const releaseSchema = z.strictObject({
  reason: z.string().trim().min(1).max(300).default('released by hand'),
  owner: z.string().min(1).max(128).optional().describe('The account whose override ends; default: one’s own.'),
});

/** What pages see of the engine is up to this old, in milliseconds. */
const LIVE_LAG_MS = 1_000;

/**
 * POST takes, in the slot that the point declares for people; a value that needs two people waits for the second, and the answer names the `confirmation`; DELETE gives back one's own override, or, with `owner`, another operator's. Both answer 202: the
 * engine decides, and the live events tell. DELETE answers 404 when there is no such override.
 */
export function pointRoutes(parts: PointParts): Router {
  const router = Router();
  router
    .route('/points/:point/claims')
    .post(async (request, response) => {
      const { key, department, point } = findPoint(parts, request, 'override');
      const override = check(overrideSchema, request.body);
      if (!override.ok) throw invalid('The override', override.problems);
      const wrong = misfit(point.value, override.value.value);
      if (wrong !== undefined)
        throw invalid('The override', [problem('point-value', '/value', override.value.value, wrong)]);
      await requireFree(parts, { key, point, value: override.value.value });
      const wish: PointRequest = { do: 'claim', point: key, slot: point.slot, key: '', ...override.value };
      const id = await ask(parts, request, { department, wish });
      const waits = needsTwoPeople(override.value.value, point) ? { confirmation: id } : {};
      response.status(202).json({ request: id, ...waits });
    })
    .delete(async (request, response) => {
      const { key, department } = findPoint(parts, request, 'release');
      const { actor } = parts.authentication.signedIn(request);
      const release = check(releaseSchema, request.body ?? {});
      if (!release.ok) throw invalid('The release', release.problems);
      const { reason, owner = actor.id } = release.value;
      const isOfAnother = owner !== actor.id;
      if (isOfAnother) demand(actor, 'override', department);
      await requireOverride(parts, key, owner);
      const wish: PointRequest = { do: 'release', point: key, key: '', reason, ...(isOfAnother ? { owner } : {}) };
      response.status(202).json({ request: await ask(parts, request, { department, wish }) });
    });
  return router;
}

/** The point in the address, for who may do this to it. */
function findPoint(
  { authentication, directory }: Pick<PointParts, 'authentication' | 'directory'>,
  request: Request,
  verb: Verb,
): { key: string; department: string; point: Point } {
  const key = String(request.params['point']);
  const { asset: id, point: name } = splitPointKey(key);
  const asset = directory.get(id);
  const point = asset && pointsOf(asset)[name];
  const what = `point ${key}`;
  if (!asset || !point) throw new SignalboxError('not-found', { what });
  demandOf(authentication.signedIn(request).actor, verb, { department: asset.department, what });
  return { key, department: asset.department, point };
}

/** Rejects with `restrained` where a stand-down or out of service would let nothing of it leave the box. */
async function requireFree(
  { directory, restraints }: Pick<PointParts, 'directory' | 'restraints'>,
  { key, point, value }: { key: string; point: Point; value: Value },
): Promise<void> {
  const asset = directory.get(splitPointKey(key).asset);
  const index = new RestraintIndex();
  for (const restraint of await restraints.list()) index.put(restraint);
  const find = (id: string) => directory.get(id);
  const why = asset && whyRestrained(index, { value, rampSeconds: 0 }, { asset, point, find });
  if (why !== undefined) throw new SignalboxError('restrained', { point: key, why });
}

/** Rejects with `not-found` when the operator holds nothing there; looks twice, for an override that was made just now. */
async function requireOverride(
  { live, clock }: Pick<PointParts, 'live' | 'clock'>,
  point: string,
  owner: string,
): Promise<void> {
  const claimId = requestClaimId(actorOwner({ kind: 'person', id: owner }), '', point);
  if (await isClaimed(live, point, claimId)) return;
  await pause(clock, LIVE_LAG_MS);
  if (!(await isClaimed(live, point, claimId)))
    throw new SignalboxError('not-found', { what: `override of ${point} by ${owner}` });
}

async function isClaimed(live: PointParts['live'], point: string, claimId: string): Promise<boolean> {
  const view = (await live.snapshot()).points.find((each) => each.point === point);
  if (!view) return false;
  const { winner, bounds, losers } = view.arbitration;
  return [winner, ...bounds, ...losers].some((claim) => claim?.claimId === claimId);
}

/** Puts the wish into the log and the book. Resolves with the request's id once it is durable. */
async function ask(
  { authentication, inputs, audit, clock }: PointParts,
  request: Request,
  { department, wish }: { department: string; wish: PointRequest },
): Promise<string> {
  const { actor } = authentication.signedIn(request);
  const id = randomUUID();
  // The book comes first: nothing is moved by hand that it does not show.
  await audit.append({
    at: clock.now(),
    actor: actorName(actor),
    department,
    verb: wish.do === 'claim' ? 'override' : 'release',
    subject: wish.point,
    detail: { request: id, ...wish },
  });
  await inputs.append({ kind: 'request', id, actor, department, request: wish });
  return id;
}
