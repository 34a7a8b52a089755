// The book of writes: who did what to which document or point.
import { toIso } from '../model/clock.ts';
import type { AuditEntry, AuditLog, Database } from './ports.ts';
import { requireLimit } from './list-limit.ts';
import { inMilliseconds, toStorableJson } from './sql-text.ts';

/** Writes one entry. Give the transaction of the change itself, so that neither exists without the other. */
export async function appendAudit(database: Database, entry: AuditEntry): Promise<void> {
  await database.query(
    'insert into audit_entries (at, actor, department, verb, subject, detail) values ($1, $2, $3, $4, $5, $6::jsonb)',
    [toIso(entry.at), entry.actor, entry.department, entry.verb, entry.subject, toStorableJson(entry.detail ?? null)],
  );
}

/** The audit log of a database. The database itself refuses changes and removals. */
export const createAuditLog = (database: Database): AuditLog => ({
  append: (entry) => appendAudit(database, entry),
  recent: async (limit) =>
    database.query<AuditEntry>(
      `select ${inMilliseconds('at')} as at, actor, department, verb, subject, detail
       from audit_entries order by audit_entries.at desc, entry desc limit $1`,
      [requireLimit(limit)],
    ),
});
