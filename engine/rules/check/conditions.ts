// Whole conditions: every comparison, every name, and whether they can be true together.
import { checkComparison, type Constraint } from './comparison.ts';
import type { Checking } from './findings.ts';
import { formulaOf, neverHeld } from './formula.ts';
import { checkExtent, MOST_COMPARISONS } from './named.ts';
import { everyPart, readPart, type Part } from './part.ts';

/**
 * Checks conditions that stand at a JSON pointer, as far as their form is right.
 *
 * @param raw as somebody wrote them
 * @param self the id of the named condition that they belong to, if they do
 */
export function checkConditionTree(raw: unknown, path: string, checking: Checking, self?: string): void {
  checkTree(readPart(raw, path), checking, self);
}

/** The same for conditions that were read. */
function checkTree(part: Part, checking: Checking, self?: string): void {
  const before = checking.findings.problems.length;
  checkExtent(part, checking, self);
  const areNamesSound = checking.findings.problems.length === before;
  const comparisons = [...everyPart(part)].filter((one) => one.kind === 'comparison');
  // What is far too large is told once, not at each of ten thousand comparisons.
  if (comparisons.length > MOST_COMPARISONS) return;
  const constraints = new Map<Part, Constraint | undefined>(
    comparisons.map((one) => [one, checkComparison(one.comparison, one.path, checking)]),
  );
  for (const found of neverHeld(formulaOf(part, { checking, constraints, areNamesSound })))
    checking.findings.refuse(found);
}
