// Whole conditions: every comparison, every name, and whether they can be true together.
import { checkComparison, type Constraint } from './comparison.ts';
import type { Checking } from './findings.ts';
import { formulaOf, neverHeld, type Formula } from './formula.ts';
import { checkExtent, MOST_COMPARISONS } from './named.ts';
import { everyPart, readPart, type Part } from './part.ts';
import { warnOfAlways } from './sense.ts';

/**
 * Checks conditions that stand at a JSON pointer, as far as their form is right. Those that are always true are warned of.
 *
 * @param raw as somebody wrote them
 * @param self the id of the named condition that they belong to, if they do
 * @returns what they demand, where nothing is wrong with them
 */
export function checkConditionTree(raw: unknown, path: string, checking: Checking, self?: string): Formula | undefined {
  return checkTree(readPart(raw, path), checking, self);
}

/** The same for conditions that were read. */
function checkTree(part: Part, checking: Checking, self?: string): Formula | undefined {
  const before = checking.findings.problems.length;
  checkExtent(part, checking, self);
  const areNamesSound = checking.findings.problems.length === before;
  const comparisons = [...everyPart(part)].filter((one) => one.kind === 'comparison');
  // What is far too large is told once, not at each of ten thousand comparisons.
  if (comparisons.length > MOST_COMPARISONS) return undefined;
  const constraints = new Map<Part, Constraint | undefined>(
    comparisons.map((one) => [one, checkComparison(one.comparison, one.path, checking)]),
  );
  const gathering = { checking, constraints, areNamesSound };
  const formula = formulaOf(part, gathering);
  for (const found of neverHeld(formula)) checking.findings.refuse(found);
  if (checking.findings.problems.length > before) return undefined;
  warnOfAlways(formulaOf(part, gathering, true), part.path, checking);
  return formula;
}
