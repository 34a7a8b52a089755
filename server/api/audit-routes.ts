// /api/audit: who did what. Lists, whole exports, and where the chain ends.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';

import type { AuditLog } from '../../engine/index.ts';
import { may, type Actor } from '../../engine/model/actor.ts';
import type { AuditHead, AuditQuery, AuditRecord } from '../../engine/model/audit.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { departmentSchema } from '../../engine/model/names.ts';
import { demand, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import { AUDIT_CSV_HEADER, auditCsvLine } from './audit-csv.ts';
import { instantSchema } from './query.ts';

/** What these routes need. */
export interface AuditParts {
  authentication: Authentication;
  audit: AuditLog;
  clock: Clock;
}

/** Records read at once for an export. */
const EXPORT_PAGE = 1_000;

const sequenceSchema = z.coerce.number('allowed is the number of a record').int().min(0).max(Number.MAX_SAFE_INTEGER);
const textSchema = z.string().min(1).max(300).optional();
const filterSchema = z.object({
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  actor: textSchema,
  verb: textSchema,
  subject: textSchema,
  department: departmentSchema.or(z.literal('*')).optional(),
});
const listSchema = filterSchema.extend({
  limit: z.coerce.number('allowed is 1 to 1000').int().min(1).max(1_000).default(100),
  before: sequenceSchema.optional(),
});
const exportSchema = filterSchema.extend({
  format: z.enum(['jsonl', 'csv']).default('jsonl'),
  after: sequenceSchema.default(0),
});

/**
 * GET /audit lists the newest first; `next` is the `before` of the following page. GET /audit/export gives everything
 * that fits, the oldest first, as JSON lines or CSV; GET /audit/head where the chain ends.
 */
export function auditRoutes({ authentication, audit, clock }: AuditParts): Router {
  const router = Router();
  router.get('/audit', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const asked = check(listSchema, request.query);
    if (!asked.ok) throw invalid('The query', asked.problems);
    const { limit, before, ...filter } = asked.value;
    const records = await audit.newest(limit, queryFor(actor, filter), before);
    const next = records.length === limit ? { next: records.at(-1)?.sequence } : {};
    response.json({ records, ...next });
  });
  router.get('/audit/export', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const asked = check(exportSchema, request.query);
    if (!asked.ok) throw invalid('The query', asked.problems);
    const { format, after, ...filter } = asked.value;
    const pages = pagesOf(audit, { query: queryFor(actor, filter), after, head: await audit.head() });
    response.set('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8');
    response.set('content-disposition', `attachment; filename="signalbox-audit.${format}"`);
    try {
      // What fails halfway ends the connection, so that no part looks whole.
      await pipeline(Readable.from(format === 'csv' ? asCsv(pages) : asLines(pages)), response);
    } catch (error) {
      const hasHungUp = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
      if (!hasHungUp) throw error;
    }
  });
  router.get('/audit/head', async (request, response) => {
    demand(authentication.signedIn(request).actor, 'read-audit', '*');
    const { sequence, hash } = await audit.head();
    response.json({ sequence, hash, at: clock.now() });
  });
  return router;
}

/** Narrows a filter to what the actor may read. Throws `forbidden` where that is nothing. */
function queryFor(actor: Actor, { department, ...filter }: z.infer<typeof filterSchema>): AuditQuery {
  if (department !== undefined) {
    demand(actor, 'read-audit', department);
    return { ...filter, departments: [department] };
  }
  const mayRead = (name: string): boolean => may(actor, 'read-audit', name).allowed;
  // Roles in `*` hold in every department.
  if ((actor.roles['*'] ?? []).length > 0 && mayRead('*')) return filter;
  const named = new Set([...Object.keys(actor.roles), ...actor.id.split('/').slice(0, 1)]);
  const departments = [...named].filter(mayRead);
  if (departments.length === 0) demand(actor, 'read-audit', '*');
  return { ...filter, departments };
}

/** The pages of an export, up to the head that stood at its beginning: it ends, however much is written meanwhile. */
async function* pagesOf(
  audit: Pick<AuditLog, 'after'>,
  { query, after, head }: { query: AuditQuery; after: number; head: AuditHead },
): AsyncGenerator<AuditRecord[]> {
  let last = after;
  for (;;) {
    const records = await audit.after(last, EXPORT_PAGE, query);
    yield records.filter(({ sequence }) => sequence <= head.sequence);
    last = records.at(-1)?.sequence ?? head.sequence;
    if (records.length < EXPORT_PAGE || last >= head.sequence) return;
  }
}

async function* asLines(pages: AsyncIterable<AuditRecord[]>): AsyncGenerator<string> {
  for await (const records of pages) yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

async function* asCsv(pages: AsyncIterable<AuditRecord[]>): AsyncGenerator<string> {
  yield AUDIT_CSV_HEADER;
  for await (const records of pages) yield records.map(auditCsvLine).join('');
}
