// Versioned documents: assets, rules, conditions, interlocks, calendars, schedules. Every version is kept, every change asks and is written down.
import { may, type Actor, type Verb } from '../model/actor.ts';
import { toIso, type Clock } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import { describeProblems, problem, type Problem } from '../model/result.ts';
import { departmentOf } from '../model/rule.ts';
import { appendAudit } from './audit.ts';
import { EDIT_VERBS, type Database, type DocumentKind, type DocumentStore, type StoredDocument } from './ports.ts';
import { isUniqueViolation } from './sql-error.ts';
import { inMilliseconds, toStorableJson } from './sql-text.ts';

type Change = Parameters<DocumentStore['put']>[0];

const COLUMNS = `kind, id, department, version, body, ${inMilliseconds('changed_at')} as "changedAt", changed_by as "changedBy"`;

const NEWEST = `select distinct on (kind, id) ${COLUMNS} from documents`;

/** The documents of a database; `clock` dates the versions. */
export function createDocumentStore(database: Database, clock: Clock): DocumentStore {
  return {
    list: (kind, department) =>
      database.query<StoredDocument>(
        `select * from (${NEWEST} where kind = $1 order by kind, id, version desc) as newest
         where body is not null and ($2::text is null or department = $2) order by id`,
        [kind, department ?? null],
      ),
    newest: (since = 0) =>
      database.query<StoredDocument>(`${NEWEST} where changed_at >= $1 order by kind, id, version desc`, [
        toIso(since),
      ]),
    get: async (kind, id) => {
      const found = await newestVersion(database, kind, id);
      return found?.body === null ? undefined : found;
    },
    inForce: ({ kind, ids, type }, at) =>
      database.query<StoredDocument>(
        `select * from (
           ${NEWEST} where kind = $1 and changed_at <= $2
             and ($3::jsonb is null or id in (select jsonb_array_elements_text($3::jsonb)))
           order by kind, id, version desc
         ) as newest
         where body is not null and ($4::text is null or body ->> 'type' = $4) order by id`,
        [kind, toIso(at), ids === undefined ? null : toStorableJson(ids), type ?? null],
      ),
    versions: (kind, id) =>
      database.query<StoredDocument>(
        `select ${COLUMNS} from documents where kind = $1 and id = $2 order by version desc`,
        [kind, id],
      ),
    put: (change) => put(database, clock, change),
  };
}

async function put(database: Database, clock: Clock, change: Change): Promise<StoredDocument> {
  requireRight(change.actor, EDIT_VERBS[change.kind], change.department);
  requireConsistency(change);
  try {
    return await database.transaction(async (transaction) => {
      const newest = await newestVersion(transaction, change.kind, change.id);
      if (newest && newest.department !== change.department)
        requireRight(change.actor, EDIT_VERBS[change.kind], newest.department);
      if ((newest?.version ?? 0) !== change.expected) throw conflict(change, newest);
      if (change.body === null && (newest?.body ?? null) === null)
        throw new SignalboxError('not-found', { what: nameOf(change) });
      return insertVersion(transaction, clock, { ...change, before: newest?.body });
    });
  } catch (error) {
    // Two writers that read the same newest version: the key lets one of them in.
    if (isUniqueViolation(error)) throw conflict(change, await newestVersion(database, change.kind, change.id));
    throw error;
  }
}

async function insertVersion(
  database: Database,
  clock: Clock,
  change: Change & { before: unknown },
): Promise<StoredDocument> {
  const { kind, id, department, body, before, actor } = change;
  const version = change.expected + 1;
  const changedAt = clock.now();
  const changedBy = `${actor.kind}:${actor.id}`;
  await database.query(
    `insert into documents (kind, id, version, department, body, changed_at, changed_by)
     values ($1, $2, $3, $4, $5::json, $6, $7)`,
    [kind, id, version, department, body === null ? null : JSON.stringify(body), toIso(changedAt), changedBy],
  );
  await appendAudit(database, {
    at: changedAt,
    actor: changedBy,
    department,
    verb: EDIT_VERBS[kind],
    subject: nameOf(change),
    before,
    after: body,
    detail: { version, change: body === null ? 'removed' : version === 1 ? 'created' : 'changed' },
  });
  return { kind, id, department, version, body, changedAt, changedBy };
}

async function newestVersion(database: Database, kind: DocumentKind, id: string): Promise<StoredDocument | undefined> {
  const [found] = await database.query<StoredDocument>(
    `select ${COLUMNS} from documents where kind = $1 and id = $2 order by version desc limit 1`,
    [kind, id],
  );
  return found;
}

function requireRight(actor: Actor, verb: Verb, department: string): void {
  const permission = may(actor, verb, department);
  if (!permission.allowed) throw new SignalboxError('forbidden', { reason: permission.reason });
}

/** The right was asked for `department`, so nothing in the document may name another one. */
function requireConsistency(change: Change): void {
  const problems: Problem[] = [];
  if (change.kind !== 'asset' && departmentOf(change.id) !== change.department)
    problems.push(problem('document-department', '/id', change.id, `allowed is ${change.department}/<name>`));
  for (const key of ['id', 'department'] as const) {
    const found: unknown = isRecord(change.body) ? change.body[key] : undefined;
    if (found !== undefined && found !== change[key])
      problems.push(problem('document-department', `/${key}`, found, `allowed is ${change[key]}`));
  }
  if (problems.length > 0)
    throw new SignalboxError('invalid', { what: `${nameOf(change)}: ${describeProblems(problems)}`, problems });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const nameOf = (change: Change): string => `${change.kind} ${change.id}`;

function conflict(change: Change, newest: StoredDocument | undefined): SignalboxError {
  return new SignalboxError('version-conflict', {
    what: nameOf(change),
    found: newest?.version ?? 0,
    expected: change.expected,
    newest,
  });
}
