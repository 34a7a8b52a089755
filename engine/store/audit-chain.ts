// The chain of the book of writes: records sealed one onto the other, and the check that finds the first broken one.
import { createHash } from 'node:crypto';

import {
  BEFORE_FIRST,
  PRUNE_VERB,
  prunedSchema,
  type AuditEntry,
  type AuditHead,
  type AuditRecord,
} from '../model/audit.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { storableText, textOrNull } from './sql-text.ts';

/** The hash that a record must have. */
export function hashOf(record: Omit<AuditRecord, 'hash'>): string {
  const sealed: Partial<AuditRecord> = { ...record };
  delete sealed.hash;
  return createHash('sha256').update(canonicalJson(sealed)).digest('hex');
}

/** Makes records of entries, each onto the one before it; the first onto `head`. */
export function sealEntries(entries: readonly AuditEntry[], head: AuditHead): AuditRecord[] {
  let { sequence, hash } = head;
  return entries.map((entry) => {
    sequence += 1;
    const sealed = { ...asStored(entry), sequence, previous: hash };
    hash = hashOf(sealed);
    return { ...sealed, hash };
  });
}

/** The head that these records end with; `head` where there are none. */
export const headOf = (records: readonly AuditRecord[], head: AuditHead): AuditHead => {
  const last = records.at(-1);
  return last ? { sequence: last.sequence, hash: last.hash } : head;
};

/** Exactly what a database gives back: whole milliseconds, storable texts, null for what is absent. */
function asStored(entry: AuditEntry): Omit<AuditRecord, 'sequence' | 'previous' | 'hash'> {
  return {
    at: Math.trunc(entry.at),
    actor: storableText(entry.actor),
    department: storableText(entry.department),
    verb: storableText(entry.verb),
    subject: storableText(entry.subject),
    before: plainJson(entry.before),
    after: plainJson(entry.after),
    reason: textOrNull(entry.reason),
    origin: textOrNull(entry.origin),
    detail: plainJson(entry.detail),
  };
}

const plainJson = (value: unknown): AuditRecord['detail'] => JSON.parse(JSON.stringify(value ?? null));

/** The first record that is not as it was sealed, and why. */
export interface AuditBreak {
  /** The record's number; where records are missing, the first missing one. */
  sequence: number;
  why: string;
}

/**
 * Walks along the chain, the oldest record first, and finds the first break: a record changed, removed, put in, moved, or
 * cut off at either end.
 */
export class ChainCheck {
  readonly #heads: Map<number, AuditHead[]>;
  readonly #newestHead: AuditHead;
  readonly #isPart: boolean;
  readonly #pruned = new Map<number, string>();
  #first: AuditRecord | undefined;
  #last: AuditHead | undefined;

  /**
   * @param options.heads heads that were noted in other places, in any order: what the chain must still contain. Without
   *   one nobody can tell that its end is missing.
   * @param options.isPart true when records before the first and after the last are not to be expected; default false
   */
  constructor({ heads = [], isPart = false }: { heads?: readonly AuditHead[]; isPart?: boolean } = {}) {
    this.#heads = Map.groupBy(heads, ({ sequence }) => sequence);
    this.#newestHead = heads.reduce((newest, head) => (head.sequence > newest.sequence ? head : newest), BEFORE_FIRST);
    this.#isPart = isPart;
  }

  /** The last record that was fine, or undefined before the first. */
  get last(): AuditHead | undefined {
    return this.#last;
  }

  /** The first record, or undefined before it. */
  get first(): AuditRecord | undefined {
    return this.#first;
  }

  /** Takes the next record. @returns the break if there is one; what comes after it means nothing */
  take(record: AuditRecord): AuditBreak | undefined {
    const found = this.#link(record) ?? this.#seal(record);
    if (found) return found;
    this.#first ??= record;
    this.#last = { sequence: record.sequence, hash: record.hash };
    const pruned = record.verb === PRUNE_VERB ? prunedSchema.safeParse(record.after) : undefined;
    if (pruned?.success) this.#pruned.set(pruned.data.through, pruned.data.hash);
    return undefined;
  }

  /** To be asked after the last record: whether anything is missing at the ends. */
  end(): AuditBreak | undefined {
    if (this.#isPart) return undefined;
    const first = this.#first;
    if (first && first.sequence > 1 && this.#pruned.get(first.sequence - 1) !== first.previous)
      return {
        sequence: 1,
        why: `records 1 to ${first.sequence - 1} are missing, and no record says that they were pruned`,
      };
    const last = this.#last ?? BEFORE_FIRST;
    const { sequence, at } = this.#newestHead;
    if (sequence <= last.sequence) return undefined;
    const when = at === undefined ? '' : ` on ${new Date(at).toISOString()}`;
    return {
      sequence: last.sequence + 1,
      why: `the chain ends with record ${last.sequence}, and went up to ${sequence}${when}`,
    };
  }

  #link({ sequence, previous }: AuditRecord): AuditBreak | undefined {
    if (!this.#last) return this.#begin(sequence, previous);
    const expected = this.#last.sequence + 1;
    if (sequence > expected) return { sequence: expected, why: `records ${expected} to ${sequence - 1} are missing` };
    if (sequence < expected) return { sequence, why: `record ${sequence} stands where ${expected} belongs` };
    if (previous !== this.#last.hash) return { sequence, why: `it does not follow from record ${sequence - 1}` };
    return undefined;
  }

  #begin(sequence: number, previous: string): AuditBreak | undefined {
    if (sequence === 1 && previous !== BEFORE_FIRST.hash)
      return { sequence, why: 'the first record follows from another' };
    return this.#compare({ sequence: sequence - 1, hash: previous }, sequence);
  }

  #seal(record: AuditRecord): AuditBreak | undefined {
    if (hashOf(record) !== record.hash)
      return { sequence: record.sequence, why: 'its content does not match its hash' };
    return this.#compare(record, record.sequence);
  }

  #compare({ sequence, hash }: AuditHead, broken: number): AuditBreak | undefined {
    const other = this.#heads.get(sequence)?.find((head) => head.hash !== hash);
    if (!other) return undefined;
    const when = other.at === undefined ? '' : ` on ${new Date(other.at).toISOString()}`;
    return { sequence: broken, why: `it is not the record that was noted as number ${sequence}${when}` };
  }
}
