// A decision table as somebody wrote it: whatever has a right form is read, at its own place.
import { z } from 'zod';

import { cellSchema, decisionTableSchema, type TableCell } from '../../model/decision-table.ts';
import { wantedSchema } from '../../model/wanted.ts';
import { isObject, readFactValue, type LooseWanted } from './loose.ts';

/** A column, of whatever form. */
type Column = Readonly<Record<string, unknown>>;

interface LooseRow {
  /** One for each column. Undefined: missing, or without a form. */
  when: readonly (TableCell | undefined)[];
  /** What it asks for by point. */
  then: Readonly<Record<string, LooseWanted>>;
}

/** A table as far as it can be read. What has no form is undefined, so that everything else keeps its place. */
export interface LooseTable {
  hit: 'first' | 'collect' | undefined;
  columns: readonly (Column | undefined)[];
  rows: readonly LooseRow[];
}

const partsSchema = z.object({
  hit: decisionTableSchema.shape.hit.optional().catch(undefined),
  columns: z.array(z.unknown()).catch([]),
  rows: z.array(z.unknown()).catch([]),
});
const rowPartsSchema = z
  .object({ when: z.array(z.unknown()).catch([]), then: z.unknown().optional() })
  .catch({ when: [] });

/** Reads a table; undefined where it is none at all. */
export function readTable(raw: unknown): LooseTable | undefined {
  const parts = partsSchema.safeParse(raw).data;
  return (
    parts && {
      hit: parts.hit,
      columns: parts.columns.map((column) => (isObject(column) ? column : undefined)),
      rows: parts.rows.map((row) => readRow(row, parts.columns.length)),
    }
  );
}

function readRow(raw: unknown, columns: number): LooseRow {
  const { when, then } = rowPartsSchema.parse(raw);
  const asked = isObject(then) ? Object.entries(then) : [];
  return {
    when: Array.from({ length: columns }, (_, index) => cellSchema.safeParse(when[index]).data),
    then: Object.fromEntries(
      asked.flatMap(([point, one]) => {
        const wanted = wantedSchema.safeParse(one).data ?? readFactValue(one);
        return wanted === undefined ? [] : [[point, wanted]];
      }),
    ),
  };
}
