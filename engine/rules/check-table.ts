// What cannot work in a decision table, each problem at the cell, the column or the value that has it.
import { effectSchema } from '../model/claim.ts';
import type { TableCell } from '../model/decision-table.ts';
import { problem, type Problem } from '../model/result.ts';
import type { LooseTable } from './check/loose-table.ts';
import type { LooseClaim } from './check/loose.ts';

/** The checks of a rule without a table, used on each part of one. */
export interface PartChecks {
  /** What is wrong with conditions; their own JSON pointer is the empty one. */
  conditions(condition: unknown): Problem[];
  /** What is wrong with an action that holds a point; its own JSON pointer is the empty one. */
  claim(claim: LooseClaim): Problem[];
}

/**
 * Checks the table of a rule: columns, cells, and what the rows ask for.
 *
 * @param claims those of the rule's own actions that hold a point
 */
export function checkTable(table: LooseTable, claims: readonly LooseClaim[], checks: PartChecks): Problem[] {
  const problems = [...checkColumns(table, checks), ...checkRows(table, claims, checks)];
  // A column's own problem shows in each of its cells.
  return [...new Map(problems.map((one) => [`${one.code} ${one.path} ${one.message}`, one])).values()];
}

function checkColumns({ columns, rows }: LooseTable, checks: PartChecks): Problem[] {
  return columns.flatMap((column, index) => {
    if (!column) return [];
    const here = `/table/columns/${index}`;
    if (rows.length > 0 && rows.every(({ when }) => when[index] === null))
      return [problem('rule-table', here, column, 'no row asks anything of this column: remove it')];
    const own = checks.conditions(column).map((one) => ({ ...one, path: `${here}${one.path}` }));
    const ofCells = rows.flatMap(({ when }, row) =>
      checkCell(column, when[index], checks, { here, cell: `/table/rows/${row}/when/${index}` }),
    );
    return [...own, ...ofCells];
  });
}

function checkCell(
  column: Readonly<Record<string, unknown>>,
  cell: TableCell | undefined,
  checks: PartChecks,
  places: { here: string; cell: string },
): Problem[] {
  if (cell === null || cell === undefined) return [];
  if ('condition' in column)
    return typeof cell === 'boolean'
      ? []
      : [problem('rule-value', places.cell, cell, 'the cell of a named condition is true, false or null')];
  return checks.conditions({ ...column, value: cell }).map((one) => ({
    ...one,
    path: one.path.startsWith('/value')
      ? `${places.cell}${one.path.slice('/value'.length)}`
      : `${places.here}${one.path}`,
  }));
}

function checkRows({ rows }: LooseTable, claims: readonly LooseClaim[], checks: PartChecks): Problem[] {
  return rows.flatMap(({ then }, index) =>
    Object.entries(then).flatMap(([point, wanted]) =>
      claims
        .filter((claim) => claim.point === point)
        .flatMap((claim) =>
          effectSchema.options.filter((effect) => effect in claim).map((effect) => ({ claim, effect })),
        )
        .flatMap(({ claim, effect }) =>
          checks.claim({ ...claim, [effect]: wanted }).filter(({ path }) => path.startsWith(`/${effect}`)),
        )
        .map((one) => ({ ...one, path: `/table/rows/${index}/then/${point}` })),
    ),
  );
}
