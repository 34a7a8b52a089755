// What cannot work in a decision table, each problem at the cell, the column or the value that has it.
import type { DecisionTable, TableCell, TableColumn } from '../model/decision-table.ts';
import { problem, type Problem } from '../model/result.ts';
import type { Condition, RuleDocument } from '../model/rule.ts';
import { isClaim } from '../model/rule.ts';
import { actionsOf, cellCondition } from './table.ts';

/** The checks of a rule without a table, used on each part of one. */
export interface PartChecks {
  /** What is wrong with conditions that stand at `path`. */
  conditions(condition: Condition, path: string): Problem[];
  /** What is wrong with a rule's actions, at `/actions/<index>`. */
  actions(rule: RuleDocument): Problem[];
}

/** Checks the table of a rule: columns, cells, and what the rows ask for. */
export function checkTable(rule: RuleDocument, table: DecisionTable, checks: PartChecks): Problem[] {
  const problems = [...checkColumns(table, checks), ...checkRows(rule, table, checks)];
  // A column's own problem shows in each of its cells.
  return [...new Map(problems.map((one) => [`${one.code} ${one.path} ${one.message}`, one])).values()];
}

function checkColumns({ columns, rows }: DecisionTable, checks: PartChecks): Problem[] {
  return columns.flatMap((column, index) => {
    const here = `/table/columns/${index}`;
    const cells = rows.flatMap(({ when }, row) => ({ cell: when[index] ?? null, row }));
    if (cells.every(({ cell }) => cell === null))
      return [problem('rule-table', here, column, 'no row asks anything of this column: remove it')];
    return cells.flatMap(({ cell, row }) =>
      checkCell(column, cell, checks, { here, cell: `/table/rows/${row}/when/${index}` }),
    );
  });
}

function checkCell(
  column: TableColumn,
  cell: TableCell,
  checks: PartChecks,
  places: { here: string; cell: string },
): Problem[] {
  if ('condition' in column && cell !== null && typeof cell !== 'boolean')
    return [problem('rule-value', places.cell, cell, 'the cell of a named condition is true, false or null')];
  const condition = cellCondition(column, cell);
  if (!condition) return [];
  return checks.conditions(condition, '').map((one) => ({
    ...one,
    path: one.path.startsWith('/value')
      ? `${places.cell}${one.path.slice('/value'.length)}`
      : `${places.here}${one.path.replace(/^\/not\//, '/')}`,
  }));
}

function checkRows(rule: RuleDocument, { rows }: DecisionTable, checks: PartChecks): Problem[] {
  return rows.flatMap((row, index) => {
    const { then } = row;
    if (then === undefined || Array.isArray(then)) return [];
    const actions = actionsOf(row, rule.actions);
    return checks.actions({ ...rule, actions }).flatMap((one) => {
      const [, , action = '', field] = one.path.split('/');
      const asked = actions[Number(action)];
      const point = asked && isClaim(asked) ? asked.point : '';
      // What is wrong with the point itself is said where the action stands.
      return field === 'point' ? [] : [{ ...one, path: `/table/rows/${index}/then/${point}` }];
    });
  });
}
