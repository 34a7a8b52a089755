// /api/stand-downs, /api/assets/:id/out-of-service, /api/restraints: people keep parts of the city from being moved, and let go again.
import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';

import type { DocumentStore, RedisRestraints, StoredDocument } from '../../engine/index.ts';
import type { Actor } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import { pause, type Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { problem } from '../../engine/model/result.ts';
import { departmentOf } from '../../engine/model/rule.ts';
import {
  endAskers,
  mayEnd,
  isInScope,
  restraintSchema,
  scopeInWords,
  standDownScopeSchema,
  type Restraint,
  type StandDown,
  type StandDownScope,
} from '../../engine/model/restraint.ts';
import type { AssetDirectory } from '../asset-directory.ts';
import type { DocumentAnnouncer } from '../document-announcer.ts';
import { demand, demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import { seesRestraint } from '../visibility.ts';

/** The restraints of the box; Redis has them. */
export type Restraints = Pick<RedisRestraints, 'list' | 'put' | 'remove'>;

/** What these routes need. */
export interface RestraintParts {
  authentication: Authentication;
  documents: Pick<DocumentStore, 'put' | 'versions'>;
  announcer: Pick<DocumentAnnouncer, 'announce'>;
  directory: Pick<AssetDirectory, 'get' | 'all'>;
  restraints: Restraints;
  clock: Clock;
  log: Logger;
}

const reasonSchema = z.string().trim().min(3, 'a reason has at least 3 characters').max(300);
const standDownSchema = z.strictObject({ scope: standDownScopeSchema, reason: reasonSchema });
const reasonOnlySchema = z.strictObject({ reason: reasonSchema });

/** A worker that looked just before the end believes what it saw for this long, in milliseconds. */
const WORKERS_BELIEVE_MS = 300;

/**
 * GET lists what stands. `POST /stand-downs` and `POST /assets/:id/out-of-service` answer 202 once it holds at the wire:
 * `recorded` says whether the record plane has it too. `POST /restraints/:department/:name/end` answers 202 with `ended`;
 * as long as that is false, `asked` has those who want it and another person must ask as well.
 */
export function restraintRoutes(parts: RestraintParts): Router {
  const router = Router();
  router.get('/restraints', async (request, response) => {
    const { actor } = parts.authentication.signedIn(request);
    response.json({ restraints: (await parts.restraints.list()).filter(({ id }) => seesRestraint(actor, id)) });
  });
  router.post('/stand-downs', async (request, response) => {
    const wish = check(standDownSchema, request.body);
    if (!wish.ok) throw invalid('The stand-down', wish.problems);
    const { scope, reason } = wish.value;
    const department = scope.department ?? '*';
    const begun = begin(parts, request, { department, reason });
    const standDown: StandDown = { kind: 'stand-down', ...begun, scope };
    requireSomething(parts.directory, scope);
    response.status(202).json(await set(parts, request, standDown));
  });
  router.post('/assets/:id/out-of-service', async (request, response) => {
    const { id } = request.params;
    const asset = parts.directory.get(id);
    const what = `asset ${id}`;
    if (!asset) throw new SignalboxError('not-found', { what });
    demandOf(parts.authentication.signedIn(request).actor, 'restrain', { department: asset.department, what });
    const wish = check(reasonOnlySchema, request.body);
    if (!wish.ok) throw invalid('The request', wish.problems);
    const begun = begin(parts, request, { department: asset.department, reason: wish.value.reason });
    response.status(202).json(await set(parts, request, { kind: 'out-of-service', ...begun, asset: asset.id }));
  });
  router.post('/restraints/:department/:name/end', async (request, response) => {
    const restraint = await find(parts, request);
    const wish = check(reasonOnlySchema, request.body);
    if (!wish.ok) throw invalid('The request', wish.problems);
    response.status(202).json(await askEnd(parts, request, { restraint, reason: wish.value.reason }));
  });
  return router;
}

/** Asks whether this person may, and says who, when and why. */
function begin(
  { authentication, clock }: RestraintParts,
  request: Request,
  { department, reason }: { department: string; reason: string },
): Pick<Restraint, 'id' | 'by' | 'at' | 'reason' | 'endAsked'> {
  const { actor } = authentication.signedIn(request);
  demand(actor, 'restrain', department);
  return { id: `${department}/${randomUUID()}`, by: actor.id, at: clock.now(), reason, endAsked: [] };
}

/** Who presses must not believe that something stands down because of a misspelt zone. */
function requireSomething(directory: Pick<AssetDirectory, 'all'>, scope: StandDownScope): void {
  if (Object.keys(scope).length === 0) return;
  if ([...directory.all()].some((asset) => isInScope(scope, asset))) return;
  throw invalid('The stand-down', [
    problem('scope-empty', '/scope', scope, `allowed is a scope with assets in it; ${scopeInWords(scope)} has none`),
  ]);
}

/** Redis first, which the workers ask; then the engine and the record at once, so that neither waits for the other. */
async function set(
  parts: RestraintParts,
  request: Request,
  restraint: Restraint,
): Promise<{ restraint: string; recorded: boolean }> {
  const { actor } = parts.authentication.signedIn(request);
  await parts.restraints.put(restraint);
  const [recorded] = await Promise.all([
    store(parts, actor, { restraint, expected: 0 }).then(
      () => true,
      (error: unknown) => {
        parts.log.error({ err: error, restraint: restraint.id }, 'a restraint holds, but is not in the record yet');
        return false;
      },
    ),
    parts.announcer.announce(firstVersion(restraint)),
  ]);
  return { restraint: restraint.id, recorded };
}

const firstVersion = (restraint: Restraint): StoredDocument => ({
  kind: 'restraint',
  id: restraint.id,
  department: departmentOf(restraint.id),
  version: 1,
  body: restraint,
  changedAt: restraint.at,
  changedBy: `person:${restraint.by}`,
});

async function find({ restraints, authentication }: RestraintParts, request: Request): Promise<Restraint> {
  const id = `${String(request.params['department'])}/${String(request.params['name'])}`;
  const found = (await restraints.list()).find((one) => one.id === id);
  const { actor } = authentication.signedIn(request);
  if (!found || !seesRestraint(actor, id)) throw new SignalboxError('not-found', { what: `restraint ${id}` });
  demand(actor, 'restrain', departmentOf(id));
  return found;
}

/** The record decides between two who ask at the same moment; it also keeps who ended it and why. */
async function askEnd(
  parts: RestraintParts,
  request: Request,
  { restraint, reason }: { restraint: Restraint; reason: string },
): Promise<{ ended: boolean; asked: string[] }> {
  const { actor } = parts.authentication.signedIn(request);
  const now = parts.clock.now();
  const [known] = await parts.documents.versions('restraint', restraint.id);
  const newest = known ?? (await store(parts, actor, { restraint, expected: 0 }));
  // Removed already by one who did not get as far as Redis.
  if (newest.body === null) return letGo(parts, newest, endAskers(restraint, now));
  const before = restraintSchema.parse(newest.body);
  const after = { ...before, endAsked: [...before.endAsked, { by: actor.id, at: now, reason }].slice(-MOST_ASKS) };
  const asked = await store(parts, actor, { restraint: after, expected: newest.version });
  if (!mayEnd(after, now)) {
    await parts.restraints.put(after);
    await parts.announcer.announce(asked);
    return { ended: false, asked: endAskers(after, now) };
  }
  const removed = await store(parts, actor, { restraint: after, expected: asked.version, isRemoval: true });
  return letGo(parts, removed, endAskers(after, now));
}

const MOST_ASKS = 16;

/** Workers first, then the engine: what it sends at once must not be refused by an old look. */
async function letGo(
  { restraints, announcer, clock }: RestraintParts,
  removed: StoredDocument,
  asked: string[],
): Promise<{ ended: true; asked: string[] }> {
  await restraints.remove(removed.id);
  await pause(clock, WORKERS_BELIEVE_MS);
  await announcer.announce(removed);
  return { ended: true, asked };
}

const store = (
  { documents }: Pick<RestraintParts, 'documents'>,
  actor: Actor,
  { restraint, expected, isRemoval = false }: { restraint: Restraint; expected: number; isRemoval?: boolean },
): Promise<StoredDocument> =>
  documents.put({
    kind: 'restraint',
    id: restraint.id,
    department: departmentOf(restraint.id),
    body: isRemoval ? null : restraint,
    expected,
    actor,
  });
