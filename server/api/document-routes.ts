// /api/assets, /api/rules, /api/conditions, /api/interlocks, /api/calendars, /api/duties, /api/schedules: one router for every kind of versioned document.
import { Router, type Request, type Response } from 'express';
import type { z } from 'zod';

import { EDIT_VERBS, type DocumentKind, type DocumentStore, type StoredDocument } from '../../engine/index.ts';
import { assetSchema } from '../../engine/model/asset.ts';
import { calendarSchema } from '../../engine/model/calendar.ts';
import { check } from '../../engine/model/check.ts';
import { dutyListSchema } from '../../engine/model/duty.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { interlockSchema } from '../../engine/model/interlock.ts';
import { scheduleSchema } from '../../engine/model/schedule.ts';
import { describeFound, type Problem } from '../../engine/model/result.ts';
import { departmentOf, namedConditionSchema, ruleSchema } from '../../engine/model/rule.ts';
import type { StoredAssetDirectory } from '../asset-directory.ts';
import type { DocumentAnnouncer } from '../document-announcer.ts';
import { demand, demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import { etagOf, expectedVersion, isKnownToReader } from '../http/versions.ts';
import { mayRead } from '../visibility.ts';

/** What a kind's own checks find: all problems, also those of the form; warnings do not refuse it. */
export interface DocumentFindings {
  problems: readonly Problem[];
  warnings: readonly Problem[];
}
/** Checks a body as it came, whatever its form; an asset has only its schema. */
export type DocumentCheck = (kind: DocumentKind, body: unknown) => Promise<DocumentFindings> | DocumentFindings;

/** What these routes need. */
export interface DocumentParts {
  authentication: Authentication;
  documents: DocumentStore;
  announcer: DocumentAnnouncer;
  directory: Pick<StoredAssetDirectory, 'refresh'>;
  checkDocument: DocumentCheck;
}

interface Kind {
  kind: DocumentKind;
  /** The path's parts that make up the id. */
  path: string;
  schema: z.ZodType<{ id: string }>;
  /** Whose document a checked body is. */
  owner: (body: { id: string }) => string;
}

const byId = (body: { id: string }): string => departmentOf(body.id);
const KINDS: Readonly<Record<string, Kind>> = {
  assets: {
    kind: 'asset',
    path: ':id',
    schema: assetSchema,
    owner: (body) => assetSchema.parse(body).department,
  },
  rules: { kind: 'rule', path: ':department/:name', schema: ruleSchema, owner: byId },
  conditions: {
    kind: 'condition',
    path: ':department/:name',
    schema: namedConditionSchema,
    owner: byId,
  },
  duties: { kind: 'duty', path: ':department/:name', schema: dutyListSchema, owner: byId },
  interlocks: {
    kind: 'interlock',
    path: ':department/:name',
    schema: interlockSchema,
    owner: byId,
  },
  schedules: { kind: 'schedule', path: ':department/:name', schema: scheduleSchema, owner: byId },
  calendars: { kind: 'calendar', path: ':department/:name', schema: calendarSchema, owner: byId },
};

/** Lists, reads, writes and removes documents of every kind. */
export function documentRoutes(parts: DocumentParts): Router {
  const router = Router();
  for (const [name, kind] of Object.entries(KINDS)) {
    const routes = new KindRoutes(kind, parts);
    router.get(`/${name}`, (request, response) => routes.list(request, response));
    router
      .route(`/${name}/${kind.path}`)
      .get((request, response) => routes.read(request, response))
      .put((request, response) => routes.write(request, response))
      .delete((request, response) => routes.remove(request, response));
  }
  return router;
}

/** The handlers of one kind. */
class KindRoutes {
  readonly #kind: Kind;
  readonly #parts: DocumentParts;

  constructor(kind: Kind, parts: DocumentParts) {
    this.#kind = kind;
    this.#parts = parts;
  }

  async list(request: Request, response: Response): Promise<void> {
    const { actor } = this.#parts.authentication.signedIn(request);
    const { department } = request.query;
    const stored = await this.#parts.documents.list(
      this.#kind.kind,
      typeof department === 'string' ? department : undefined,
    );
    response.json({ documents: stored.filter((document) => mayRead(actor, document.department)) });
  }

  async read(request: Request, response: Response): Promise<void> {
    const { actor } = this.#parts.authentication.signedIn(request);
    const stored = await this.#parts.documents.get(this.#kind.kind, idOf(request));
    if (!stored) throw this.#missing(request);
    demandOf(actor, 'read', { department: stored.department, what: this.#nameOf(request) });
    response.set('etag', etagOf(stored.version));
    if (isKnownToReader(request, stored.version)) response.status(304).end();
    else response.json(stored);
  }

  async write(request: Request, response: Response): Promise<void> {
    const { actor } = this.#parts.authentication.signedIn(request);
    const id = idOf(request);
    const stored = await this.#parts.documents.get(this.#kind.kind, id);
    if (stored) demand(actor, EDIT_VERBS[this.#kind.kind], stored.department);
    const expected = expectedVersion(request);
    const { kind } = this.#kind;
    // Answers name what the city has: only for those who may write here.
    if (kind !== 'asset') demand(actor, EDIT_VERBS[this.#kind.kind], departmentOf(id));
    const checked = check(this.#kind.schema, request.body);
    const found = await this.#parts.checkDocument(kind, request.body);
    if (!checked.ok) throw invalid(`The ${kind}`, found.problems.length > 0 ? found.problems : checked.problems);
    const department = this.#kind.owner(checked.value);
    demand(actor, EDIT_VERBS[this.#kind.kind], department);
    const problems = [...sameId(id, checked.value.id), ...found.problems];
    if (problems.length > 0) throw invalid(`The ${kind}`, problems);
    await this.#finish(
      response,
      await this.#parts.documents.put({
        kind,
        id,
        department,
        body: checked.value,
        // A removed document may be made anew: the next version follows the removal.
        expected: expected === 0 && !stored ? await this.#removedVersion(id) : expected,
        actor,
      }),
      found.warnings,
    );
  }

  async remove(request: Request, response: Response): Promise<void> {
    const { actor } = this.#parts.authentication.signedIn(request);
    const id = idOf(request);
    const stored = await this.#parts.documents.get(this.#kind.kind, id);
    if (!stored) throw this.#missing(request);
    demandOf(actor, EDIT_VERBS[this.#kind.kind], { department: stored.department, what: this.#nameOf(request) });
    const { kind } = this.#kind;
    const { department } = stored;
    const expected = expectedVersion(request);
    await this.#finish(
      response,
      await this.#parts.documents.put({ kind, id, department, body: null, expected, actor }),
    );
  }

  /** The version that removed the document, or 0 when there never was one. */
  async #removedVersion(id: string): Promise<number> {
    const versions = await this.#parts.documents.versions(this.#kind.kind, id);
    const newest = versions.toSorted((left, right) => right.version - left.version)[0];
    // Somebody else may have made it anew just now: then 0 leads to a conflict, as it should.
    return newest?.body === null ? newest.version : 0;
  }

  /** The version is stored; the engine learns of it, at the latest when the log is back. */
  async #finish(response: Response, stored: StoredDocument, warnings: readonly Problem[] = []): Promise<void> {
    const announced = await this.#parts.announcer.announce(stored);
    if (stored.kind === 'asset') await this.#parts.directory.refresh([stored.id]);
    response.set('etag', etagOf(stored.version));
    response.status(stored.version === 1 ? 201 : 200).json({ ...stored, announced, warnings });
  }

  #missing(request: Request): SignalboxError {
    return new SignalboxError('not-found', { what: this.#nameOf(request) });
  }

  #nameOf(request: Request): string {
    return `${this.#kind.kind} ${idOf(request)}`;
  }
}

function idOf(request: Request): string {
  const { id, department, name } = request.params;
  return String(id ?? `${String(department)}/${String(name)}`);
}

const sameId = (inPath: string, inBody: string): Problem[] =>
  inPath === inBody
    ? []
    : [
        {
          code: 'id-mismatch',
          path: '/id',
          message: `found ${describeFound(inBody)}; allowed is the id of the address, ${describeFound(inPath)}`,
        },
      ];
