// The book of writes in the database: appended and sealed in the same transaction as the change itself.
import { toIso } from '../model/clock.ts';
import type { AuditEntry, AuditHead, AuditQuery, AuditRecord } from '../model/audit.ts';
import { headOf, sealEntries } from './audit-chain.ts';
import { requireLimit } from './list-limit.ts';
import type { AuditLog, Database } from './ports.ts';
import { inMilliseconds, textOrNull, toStorableJson } from './sql-text.ts';

/** Records per statement. */
const LARGEST_STATEMENT = 500;

const HEAD = "select sequence::float8 as sequence, encode(hash, 'hex') as hash from audit_head";

// before, after and detail as texts within the JSON: json_to_recordset refuses some escapes (U+0000) that json itself holds.
const APPEND = `with added as (
    insert into audit_records
      (sequence, at, actor, department, verb, subject, before, after, reason, origin, detail, previous, hash)
    select sequence, at, actor, department, verb, subject, before::json, after::json, reason, origin, detail::json,
      decode(previous, 'hex'), decode(hash, 'hex')
    from json_to_recordset($1::json)
      as record (sequence bigint, at timestamptz, actor text, department text, verb text, subject text, before text,
                 after text, reason text, origin text, detail text, previous text, hash text)
  ) update audit_head set sequence = $2::bigint, hash = decode($3, 'hex')`;

const COLUMNS = `sequence::float8 as sequence, ${inMilliseconds('at')} as at, actor, department, verb, subject, before,
  after, reason, origin, detail, encode(previous, 'hex') as previous, encode(hash, 'hex') as hash`;

const FITS = `($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
  and ($4::text is null or actor = $4) and ($5::text is null or verb = $5) and ($6::text is null or subject = $6)
  and ($7::json is null or department in (select json_array_elements_text($7::json)))`;

/**
 * Locks the end of the chain until the transaction is over: nobody else can append meanwhile. To be the last thing that a
 * transaction locks, since everybody waits for it.
 */
export async function lockHead(transaction: Database): Promise<AuditHead> {
  const [head] = await transaction.query<AuditHead>(`${HEAD} for update`);
  if (!head) throw new Error('the table audit_head has lost its row');
  return head;
}

/** Appends entries behind a head that `lockHead` gave in the same transaction. @returns the new head */
export async function appendBehind(
  transaction: Database,
  entries: readonly AuditEntry[],
  head: AuditHead,
): Promise<AuditHead> {
  let end = head;
  for (let start = 0; start < entries.length; start += LARGEST_STATEMENT) {
    const records = sealEntries(entries.slice(start, start + LARGEST_STATEMENT), end);
    end = headOf(records, end);
    await transaction.query(APPEND, [JSON.stringify(records.map(toRow)), end.sequence, end.hash]);
  }
  return end;
}

const toRow = ({ at, before, after, detail, ...rest }: AuditRecord) => ({
  ...rest,
  at: toIso(at),
  before: inText(before),
  after: inText(after),
  detail: inText(detail),
});

const inText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Writes one entry. Give the transaction of the change itself, so that neither exists without the other. */
export async function appendAudit(transaction: Database, entry: AuditEntry): Promise<void> {
  await appendBehind(transaction, [entry], await lockHead(transaction));
}

/** The book of a database. The database itself refuses changes and removals, and the chain shows those that it did not see. */
export const createAuditLog = (database: Database): AuditLog => ({
  append: (entry) => database.transaction((transaction) => appendAudit(transaction, entry)),
  newest: (limit, query = {}, before) =>
    page(database, { limit, query, rest: 'sequence < $8', cursor: before ?? null }),
  after: (sequence, limit, query = {}) =>
    page(database, { limit, query, rest: 'sequence > $8', cursor: sequence, isAscending: true }),
  async head() {
    const [head] = await database.query<AuditHead>(HEAD);
    if (!head) throw new Error('the table audit_head has lost its row');
    return head;
  },
});

async function page(
  database: Database,
  asked: { limit: number; query: AuditQuery; rest: string; cursor: number | null; isAscending?: boolean },
): Promise<AuditRecord[]> {
  const { limit, query, rest, cursor, isAscending = false } = asked;
  const { from, to, actor, verb, subject, departments } = query;
  return database.query<AuditRecord>(
    `select ${COLUMNS} from audit_records where ($8::bigint is null or ${rest}) and ${FITS}
     order by audit_records.sequence ${isAscending ? 'asc' : 'desc'} limit $1`,
    [
      requireLimit(limit),
      from === undefined ? null : toIso(from),
      to === undefined ? null : toIso(to),
      textOrNull(actor),
      textOrNull(verb),
      textOrNull(subject),
      departments === undefined ? null : toStorableJson(departments),
      cursor,
    ],
  );
}

/**
 * Puts entries that stand outside of the chain into it: those of before there was one, and those of migrations.
 *
 * @returns how many there were
 */
export async function sealWaiting(database: Database): Promise<number> {
  let total = 0;
  for (;;) {
    const moved = await database.transaction(async (transaction) => {
      const head = await lockHead(transaction);
      const rows = await transaction.query<AuditEntry & { entry: number }>(
        `select entry::float8 as entry, ${inMilliseconds('at')} as at, actor, department, verb, subject, detail
         from audit_entries order by audit_entries.entry limit ${LARGEST_STATEMENT}`,
      );
      await appendBehind(transaction, rows, head);
      const sealed = JSON.stringify(rows.map(({ entry }) => entry));
      await transaction.query(
        'delete from audit_entries where entry in (select json_array_elements_text($1::json)::bigint)',
        [sealed],
      );
      return rows.length;
    });
    total += moved;
    if (moved < LARGEST_STATEMENT) return total;
  }
}
