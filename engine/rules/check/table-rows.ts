// Rows of a decision table whose cells can never hold together.
import { conditionNameSchema } from '../../model/condition.ts';
import type { TableCell } from '../../model/decision-table.ts';
import { checkComparison, type Constraint } from './comparison.ts';
import { refuseContradictions } from './conditions.ts';
import { checkFact } from './fact.ts';
import { Findings, type Checking } from './findings.ts';
import type { LooseTable } from './loose-table.ts';
import { readComparison, readFact } from './loose.ts';
import { everyPart, type Part } from './part.ts';

/** Problems of named conditions that one had better not follow. */
const ENDLESS: ReadonlySet<string> = new Set(['rule-circle', 'rule-depth', 'rule-size']);

/** Refuses such rows at the cell that disagrees; adds what is worth a warning about the columns' facts. */
export function checkRowsTogether({ columns, rows }: LooseTable, checking: Checking): void {
  const quiet: Checking = { ...checking, findings: new Findings() };
  for (const [index, column] of columns.entries())
    if (column && !('condition' in column)) checkFact(readFact(column), `/table/columns/${index}`, quiet);
  checking.findings.warnings.push(...quiet.findings.warnings);
  const areNamesSound = !checking.findings.problems.some(({ code }) => ENDLESS.has(code));
  for (const [index, { when }] of rows.entries()) {
    const path = `/table/rows/${index}/when`;
    const parts = columns.flatMap((column, cell) => cellPart(column, when[cell], `${path}/${cell}`));
    const row: Part = { kind: 'all', path, parts };
    const comparisons = [...everyPart(row)].filter((part) => part.kind === 'comparison');
    const constraints = new Map<Part, Constraint | undefined>(
      comparisons.map((part) => [part, checkComparison(part.comparison, part.path, quiet)]),
    );
    refuseContradictions(row, { checking, constraints, areNamesSound });
  }
}

function cellPart(column: LooseTable['columns'][number], cell: TableCell | undefined, path: string): Part[] {
  if (!column || cell === null || cell === undefined) return [];
  if (!('condition' in column))
    return [{ kind: 'comparison', path, comparison: readComparison({ ...column, value: cell }) }];
  const name = conditionNameSchema.safeParse(column['condition']).data;
  if (name === undefined) return [];
  const named: Part = { kind: 'named', path, name, level: 1 };
  return [cell === false ? { kind: 'not', path, part: named } : named];
}
