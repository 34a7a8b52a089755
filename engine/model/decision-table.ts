// Decision tables: a rule's conditions as columns and rows, and what each row asks for.
import { z } from 'zod';

import { comparisonSchema, conditionNameSchema } from './condition.ts';
import { nameSchema } from './names.ts';
import { wantedSchema } from './wanted.ts';

/** Each row of a `first` table carries the rows before it in its conditions: the limits bound that to 4,224 comparisons. */
const MOST_COLUMNS = 8;
const MOST_ROWS = 32;

/** What a column asks: a comparison without its value, or a named condition. */
const columnSchema = z.union([
  comparisonSchema.omit({ value: true }),
  z.strictObject({
    condition: conditionNameSchema.describe('A named condition; its cells are true, false or null.'),
  }),
]);
export type TableColumn = z.infer<typeof columnSchema>;

/** A cell: what the column's fact is compared with; null asks nothing. */
export const cellSchema = z.union([comparisonSchema.shape.value, z.null()]);
export type TableCell = z.infer<typeof cellSchema>;

/** What holds while the row applies: values by point, or actions by their index in the rule. */
const thenSchema = z.union([
  z
    .record(nameSchema, wantedSchema)
    .describe('By point: the rule’s actions on it, with this value instead of their own.'),
  z.array(z.number().int().min(0).max(19)).max(20).describe('Indexes into the rule’s actions, as they stand.'),
]);

const rowSchema = z.strictObject({
  title: z.string().min(1).max(120).optional().describe('What this case is, for explanations.'),
  when: z.array(cellSchema).describe('One cell per column; null asks nothing.'),
  then: thenSchema.optional().describe('Without it: all of the rule’s actions. An empty list: nothing.'),
});
export type TableRow = z.infer<typeof rowSchema>;

/** What the table as a whole may not be is also said of one in which a row or a column has a wrong form. */
const listsSchema = z.object({ columns: z.array(z.unknown()), rows: z.array(z.unknown()) });
const cellsSchema = z.object({ when: z.array(z.unknown()) });

/** Conditions as a table. */
export const decisionTableSchema = z
  .strictObject({
    hit: z
      .enum(['first', 'collect'])
      .default('first')
      .describe('first: only the first row that applies. collect: every row that applies.'),
    columns: z
      .array(columnSchema)
      .min(1)
      .max(MOST_COLUMNS)
      .describe('What each column asks: a comparison without its value, or a named condition.'),
    rows: z.array(rowSchema).min(1).max(MOST_ROWS).describe('The cases.'),
  })
  .superRefine(
    ({ hit, columns, rows }, context) => {
      for (const [index, row] of rows.entries()) {
        const when = cellsSchema.safeParse(row).data?.when;
        if (!when) continue;
        const say = (message: string) => context.addIssue({ code: 'custom', path: ['rows', index, 'when'], message });
        if (when.length !== columns.length)
          say(`one cell for each of the ${columns.length} columns; null where a row asks nothing`);
        else if (when.every((cell) => cell === null) && !isOtherwise(hit, index, rows.length))
          say('a row that asks nothing would always apply: only the last row of a "first" table may, after others');
      }
    },
    { when: ({ value }) => listsSchema.safeParse(value).success },
  );
export type DecisionTable = z.infer<typeof decisionTableSchema>;

/** May this row ask nothing? As the last of several, where the first that applies counts, it means "otherwise". */
const isOtherwise = (hit: string, index: number, rows: number): boolean =>
  hit === 'first' && index > 0 && index === rows - 1;

const askedSchema = z.object({ then: thenSchema });

/**
 * What a table's rows ask of the rule's actions that is not there.
 *
 * @param table whose rows may have a wrong form: of those that have, nothing is said
 * @param actions the rule's own; an action without a point is reached by its index only
 * @returns path below the table, and what is allowed
 */
export function unknownActions(
  { rows }: { rows: readonly unknown[] },
  actions: readonly { point?: string }[],
): { path: (string | number)[]; message: string }[] {
  const points = new Set(actions.flatMap(({ point }) => point ?? []));
  return rows.flatMap((each, row) => {
    const then = askedSchema.safeParse(each).data?.then;
    if (then === undefined) return [];
    if (Array.isArray(then))
      return then.flatMap((action, index) =>
        action < actions.length
          ? []
          : [
              {
                path: ['rows', row, 'then', index],
                message: `an index of the rule’s actions, 0 to ${actions.length - 1}`,
              },
            ],
      );
    return Object.keys(then)
      .filter((point) => !points.has(point))
      .map((point) => ({
        path: ['rows', row, 'then', point],
        message: `a point of the rule’s actions: ${[...points].toSorted().join(', ')}`,
      }));
  });
}
