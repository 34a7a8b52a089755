// Whole conditions: every comparison, every name, and whether they can be true together.
import type { Names } from '../named-conditions.ts';
import { checkComparison, type Constraint } from './comparison.ts';
import { contradictions, type Demand } from './contradiction.ts';
import { Findings, type Checking } from './findings.ts';
import { checkExtent, MOST_COMPARISONS } from './named.ts';
import { everyPart, MOST_LEVELS, readPart, type Part } from './part.ts';

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
  refuseContradictions(part, { checking, constraints, areNamesSound });
}

interface Gathering {
  checking: Checking;
  /** What each comparison asks; those that are not sound are absent. */
  constraints: ReadonlyMap<Part, Constraint | undefined>;
  /** False when names cannot be followed: some are unknown or lead in circles. */
  areNamesSound: boolean;
}

/** Refuses, in each group of conditions that must all hold, what cannot hold together. */
export function refuseContradictions(part: Part, gathering: Gathering): void {
  const groups: Demand[][] = [];
  gather(part, { group: startGroup(groups), groups, isNegated: false }, gathering);
  for (const found of groups.flatMap(contradictions)) gathering.checking.findings.refuse(found);
}

interface Walk {
  /** What must hold together with this place. */
  group: Demand[];
  groups: Demand[][];
  isNegated: boolean;
  /** Where a named condition is referred to, inside of which this place is. */
  reference?: { path: string; names: Names; levels: number };
}

function startGroup(groups: Demand[][]): Demand[] {
  const group: Demand[] = [];
  groups.push(group);
  return group;
}

function gather(part: Part, walk: Walk, gathering: Gathering): void {
  switch (part.kind) {
    case 'all':
    case 'any': {
      const isTogether = (part.kind === 'all') !== walk.isNegated || part.parts.length === 1;
      for (const inner of part.parts) {
        // Alternatives within a named condition were judged when that was saved.
        if (!isTogether && walk.reference) return;
        gather(inner, isTogether ? walk : { ...walk, group: startGroup(walk.groups) }, gathering);
      }
      return;
    }
    case 'not':
      return gather(part.part, { ...walk, isNegated: !walk.isNegated }, gathering);
    case 'named':
      return gatherNamed(part, walk, gathering);
    case 'comparison': {
      const { reference, isNegated, group } = walk;
      const constraint = reference ? quietly(part, gathering) : gathering.constraints.get(part);
      if (constraint) group.push({ constraint, isNegated, path: reference?.path ?? part.path });
      return;
    }
    case 'too deep':
    case 'broken':
  }
}

function gatherNamed({ name, path }: Part & { kind: 'named' }, walk: Walk, gathering: Gathering): void {
  const { checking, areNamesSound } = gathering;
  const { names, levels } = walk.reference ?? { names: checking.names, levels: 0 };
  const meant = names.find(name);
  if (!meant.ok || !areNamesSound || levels > MOST_LEVELS) return;
  const reference = {
    path: walk.reference?.path ?? path,
    names: meant.names,
    levels: levels + 1,
  };
  gather(readPart(meant.conditions, ''), { ...walk, reference }, gathering);
}

/** What a comparison of a named condition asks; what is wrong with it is that document's affair. */
const quietly = ({ comparison, path }: Part & { kind: 'comparison' }, { checking }: Gathering) =>
  checkComparison(comparison, path, { ...checking, findings: new Findings() });
