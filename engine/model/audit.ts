// The book of writes: who did what to which document or point, each record chained to the one before it.
import { z } from 'zod';

/** What is to be written down. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  at: number;
  /** Who: `person:ann`, `flow:traffic`, `rule:traffic/queue-relief@3`, `system:start`. */
  actor: string;
  /** Whose thing it is; `*` for the whole city. */
  department: string;
  /** What was done: `edit-rule`, `override`, `command-sent`. */
  verb: string;
  /** To what: `rule traffic/queue-relief`, or a point. */
  subject: string;
  /** How it was before, where something was changed. */
  before?: unknown;
  /** How it is from then on; absent after a removal. */
  after?: unknown;
  /** Why, in somebody's words. */
  reason?: string | undefined;
  /** From where: a network address, or the engine's epoch. */
  origin?: string | undefined;
  /** Anything else that belongs to it. */
  detail?: unknown;
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const textSchema = z.string().nullable();

/** One record of the book. What an entry leaves out is null: every record has the same keys. */
export const auditRecordSchema = z.strictObject({
  /** 1, 2, 3 and so on without a gap. */
  sequence: z.int().min(1),
  at: z.int(),
  actor: z.string(),
  department: z.string(),
  verb: z.string(),
  subject: z.string(),
  before: z.json(),
  after: z.json(),
  reason: textSchema,
  origin: textSchema,
  detail: z.json(),
  /** The hash of the record before; 64 zeros for the first. */
  previous: hashSchema,
  /** SHA-256 of the canonical JSON of all the others, in hexadecimal. */
  hash: hashSchema,
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** Where the chain ends: the last record's number and hash. */
export const auditHeadSchema = z.object({
  /** 0 for an empty book. */
  sequence: z.int().min(0),
  hash: hashSchema,
  /** When it was noted, milliseconds since the epoch. */
  at: z.int().optional(),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** The end of an empty chain. */
export const BEFORE_FIRST: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

/** The verb of the record that says which older records were removed because their time was up. */
export const PRUNE_VERB = 'prune-audit';

/** What such a record says in `after`: all records up to this one are gone, and this was its hash. */
export const prunedSchema = z.object({ through: z.int().min(1), hash: hashSchema, records: z.int() });

/** Which records are asked for; what is left out is not asked about. */
export interface AuditQuery {
  /** Milliseconds since the epoch; `from` is included, `to` is not. */
  from?: number | undefined;
  to?: number | undefined;
  actor?: string | undefined;
  /** Of one of these departments. */
  departments?: readonly string[] | undefined;
  verb?: string | undefined;
  subject?: string | undefined;
}
