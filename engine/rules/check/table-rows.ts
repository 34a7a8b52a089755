// Rows of a decision table that can never apply: their cells never hold together, or earlier rows leave nothing for them.
import { conditionNameSchema } from '../../model/condition.ts';
import type { TableCell } from '../../model/decision-table.ts';
import { checkComparison, type Constraint } from './comparison.ts';
import { checkFact } from './fact.ts';
import { Findings, type Checking } from './findings.ts';
import { canHold, formulaOf, neverHeld } from './formula.ts';
import type { LooseTable } from './loose-table.ts';
import { readComparison, readFact } from './loose.ts';
import { everyPart, type Part } from './part.ts';

/** Problems of named conditions that one had better not follow. */
const ENDLESS: ReadonlySet<string> = new Set(['rule-circle', 'rule-depth', 'rule-size']);

/**
 * Refuses such rows at the cell that disagrees, and with hit policy `first` rows for which those before them leave no
 * case; adds what is worth a warning about the columns' facts.
 */
export function checkRowsTogether({ hit, columns, rows }: LooseTable, checking: Checking): void {
  const quiet: Checking = { ...checking, findings: new Findings() };
  for (const [index, column] of columns.entries())
    if (column && !('condition' in column)) checkFact(readFact(column), `/table/columns/${index}`, quiet);
  checking.findings.warnings.push(...quiet.findings.warnings);
  const areNamesSound = !checking.findings.problems.some(({ code }) => ENDLESS.has(code));
  const parts = rows.map(({ when }, row): Part & { kind: 'all' } => {
    const path = `/table/rows/${row}/when`;
    const cells = columns.flatMap((column, index) => cellPart(column, when[index], `${path}/${index}`));
    return { kind: 'all', path, parts: cells };
  });
  const comparisons = parts.flatMap((row) => [...everyPart(row)]).filter((part) => part.kind === 'comparison');
  const constraints = new Map<Part, Constraint | undefined>(
    comparisons.map((part) => [part, checkComparison(part.comparison, part.path, quiet)]),
  );
  const gathering = { checking, constraints, areNamesSound };
  for (const [index, row] of parts.entries()) {
    const never = neverHeld(formulaOf(row, gathering));
    for (const found of never) checking.findings.refuse(found);
    if (never.length > 0 || hit !== 'first') continue;
    const notEarlier: Part[] = parts
      .slice(0, index)
      .filter((earlier) => earlier.parts.length > 0)
      .map((part) => ({ kind: 'not', path: part.path, part }));
    if (canHold(formulaOf({ ...row, parts: [...row.parts, ...notEarlier] }, gathering))) continue;
    const allowed = 'this row can never apply: wherever it would, one of the rows before it applies';
    checking.findings.refuse({ code: 'rule-table', path: row.path, found: rows[index]?.when, allowed });
  }
}

function cellPart(column: LooseTable['columns'][number], cell: TableCell | undefined, path: string): Part[] {
  if (cell === null) return [];
  // What cannot be read may be true or false.
  if (!column || cell === undefined) return [{ kind: 'broken', path }];
  if (!('condition' in column))
    return [{ kind: 'comparison', path, comparison: readComparison({ ...column, value: cell }) }];
  const name = conditionNameSchema.safeParse(column['condition']).data;
  if (name === undefined) return [{ kind: 'broken', path }];
  const named: Part = { kind: 'named', path, name, level: 1 };
  return [cell === false ? { kind: 'not', path, part: named } : named];
}
