// The book of writes in memory, sealed as the real one is.
import {
  BEFORE_FIRST,
  type AuditEntry,
  type AuditHead,
  type AuditQuery,
  type AuditRecord,
} from '../engine/model/audit.ts';
import { headOf, sealEntries } from '../engine/store/audit-chain.ts';
import type { AuditLog } from '../engine/store/ports.ts';

/** The book of writes. */
export class MemoryAudit implements AuditLog {
  readonly entries: AuditEntry[] = [];
  readonly records: AuditRecord[] = [];

  async append(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
    this.records.push(...sealEntries([entry], await this.head()));
  }

  async newest(limit: number, query: AuditQuery = {}, before = Infinity): Promise<AuditRecord[]> {
    const fitting = this.records.filter((record) => record.sequence < before && fits(record, query));
    return fitting.toReversed().slice(0, limit);
  }

  async after(sequence: number, limit: number, query: AuditQuery = {}): Promise<AuditRecord[]> {
    return this.records.filter((record) => record.sequence > sequence && fits(record, query)).slice(0, limit);
  }

  async head(): Promise<AuditHead> {
    return headOf(this.records, BEFORE_FIRST);
  }
}

const fits = (record: AuditRecord, { from = 0, to = Infinity, departments, ...texts }: AuditQuery): boolean =>
  record.at >= from &&
  record.at < to &&
  (departments?.includes(record.department) ?? true) &&
  [texts.actor ?? record.actor, texts.verb ?? record.verb, texts.subject ?? record.subject].join('\n') ===
    [record.actor, record.verb, record.subject].join('\n');
