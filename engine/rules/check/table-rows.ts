// Rows of a decision table whose cells can never hold together.
import type { DecisionTable, TableColumn } from '../../model/decision-table.ts';
import { checkComparison, type Constraint } from './comparison.ts';
import { refuseContradictions } from './conditions.ts';
import { checkFact } from './fact.ts';
import { Findings, type Checking } from './findings.ts';
import { everyPart, type Part } from './part.ts';

/** Problems of named conditions that one had better not follow. */
const ENDLESS: ReadonlySet<string> = new Set(['rule-circle', 'rule-depth', 'rule-size']);

/** Refuses such rows at the cell that disagrees; adds what is worth a warning about the columns' facts. */
export function checkRowsTogether({ columns, rows }: DecisionTable, checking: Checking): void {
  const quiet: Checking = { ...checking, findings: new Findings() };
  for (const [index, column] of columns.entries())
    if ('fact' in column) checkFact(column, `/table/columns/${index}`, quiet);
  checking.findings.warnings.push(...quiet.findings.warnings);
  const areNamesSound = !checking.findings.problems.some(({ code }) => ENDLESS.has(code));
  for (const [index, { when }] of rows.entries()) {
    const path = `/table/rows/${index}/when`;
    const parts = columns.flatMap((column, cell) => cellPart(column, when[cell] ?? null, `${path}/${cell}`));
    const row: Part = { kind: 'all', path, parts };
    const comparisons = [...everyPart(row)].filter((part) => part.kind === 'comparison');
    const constraints = new Map<Part, Constraint | undefined>(
      comparisons.map((part) => [part, checkComparison(part.comparison, part.path, quiet)]),
    );
    refuseContradictions(row, { checking, constraints, areNamesSound });
  }
}

function cellPart(column: TableColumn, cell: DecisionTable['rows'][number]['when'][number], path: string): Part[] {
  if (cell === null) return [];
  if ('fact' in column) return [{ kind: 'comparison', path, comparison: { ...column, value: cell } }];
  const named: Part = { kind: 'named', path, name: column.condition, level: 1 };
  return [cell === false ? { kind: 'not', path, part: named } : named];
}
