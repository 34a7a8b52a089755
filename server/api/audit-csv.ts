// Records of the book of writes as lines of CSV (RFC 4180), for people with a spreadsheet.
import type { AuditRecord } from '../../engine/model/audit.ts';
import { toIso } from '../../engine/model/clock.ts';

const COLUMNS = [
  'sequence',
  'at',
  'actor',
  'department',
  'verb',
  'subject',
  'before',
  'after',
  'reason',
  'origin',
  'detail',
  'previous',
  'hash',
] as const satisfies readonly (keyof AuditRecord)[];

/** The first line. */
export const AUDIT_CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** One record: instants in ISO 8601 (UTC), values as JSON, nothing for what is absent. */
export function auditCsvLine(record: AuditRecord): string {
  const { before, after, detail } = record;
  const texts = {
    ...record,
    at: toIso(record.at),
    before: inText(before),
    after: inText(after),
    detail: inText(detail),
  };
  return `${COLUMNS.map((column) => cell(String(texts[column] ?? ''))).join(',')}\r\n`;
}

const inText = (value: AuditRecord['detail']): string => (value === null ? '' : JSON.stringify(value));

/** A spreadsheet takes what begins with one of these for a formula and would run it: an apostrophe makes it a text. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
