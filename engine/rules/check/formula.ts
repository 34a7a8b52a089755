// Conditions as demands that must hold together and alternatives of which one must: what of it can hold at all?
import { MOST_LEVELS } from '../../model/condition.ts';
import type { Names } from '../named-conditions.ts';
import { checkComparison, type Constraint } from './comparison.ts';
import { contradictions, type Contradiction, type Demand } from './contradiction.ts';
import { Findings, type Checking } from './findings.ts';
import { readPart, type Part } from './part.ts';

/** What must hold together. What cannot be judged demands nothing. */
export interface Formula {
  demands: Demand[];
  choices: Choice[];
}

/** Alternatives of which at least one must hold. */
export interface Choice {
  branches: readonly Formula[];
  /** Where they stand; within a named condition, where that is referred to. */
  path: string;
  /** False within a named condition: which of its alternatives can hold here is no affair of its author. */
  isOwn: boolean;
}

/** What is known of the comparisons and names in conditions. */
export interface Gathering {
  checking: Checking;
  /** What each comparison asks; those that are not sound are absent. */
  constraints: ReadonlyMap<Part, Constraint | undefined>;
  /** False when names cannot be followed: some are unknown or lead in circles. */
  areNamesSound: boolean;
}

interface Walk {
  into: Formula;
  isNegated: boolean;
  /** Where a named condition is referred to, inside of which this place is. */
  reference?: { path: string; names: Names; levels: number };
}

/** What conditions demand, or with `isNegated` what must hold for them to be false. */
export function formulaOf(part: Part, gathering: Gathering, isNegated = false): Formula {
  const into: Formula = { demands: [], choices: [] };
  gather(part, { into, isNegated }, gathering);
  return into;
}

function gather(part: Part, walk: Walk, gathering: Gathering): void {
  switch (part.kind) {
    case 'all':
    case 'any':
      return gatherJoin(part, walk, gathering);
    case 'not':
      return gather(part.part, { ...walk, isNegated: !walk.isNegated }, gathering);
    case 'named':
      return gatherNamed(part, walk, gathering);
    case 'comparison': {
      const { reference, isNegated, into } = walk;
      const constraint = reference ? quietly(part, gathering) : gathering.constraints.get(part);
      if (constraint) into.demands.push({ constraint, isNegated, path: reference?.path ?? part.path });
      return;
    }
    case 'too deep':
    case 'broken':
  }
}

function gatherJoin({ kind, path, parts }: Part & { kind: 'all' | 'any' }, walk: Walk, gathering: Gathering): void {
  // One alternative is none.
  if ((kind === 'all') !== walk.isNegated || parts.length === 1) {
    for (const inner of parts) gather(inner, walk, gathering);
    return;
  }
  const branches = parts.map((inner) => {
    const into: Formula = { demands: [], choices: [] };
    gather(inner, { ...walk, into }, gathering);
    return into;
  });
  const { reference } = walk;
  if (branches.length > 0)
    walk.into.choices.push({ branches, path: reference?.path ?? path, isOwn: reference === undefined });
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

/** So many ways to choose among alternatives are tried; where there are more, what is left is taken to hold. */
const MOST_TRIED = 2_000;

/**
 * Can it ever hold, whatever values the facts have?
 *
 * @param around what must hold besides
 */
export function canHold({ demands, choices }: Formula, around: readonly Demand[] = []): boolean {
  const tries = { left: MOST_TRIED };
  const together = [...around, ...demands];
  return contradictions(together).length === 0 && canChoose(choices, together, tries);
}

function canChoose(choices: readonly Choice[], around: readonly Demand[], tries: { left: number }): boolean {
  const [choice, ...others] = choices;
  if (!choice) return true;
  return choice.branches.some(({ demands, choices: inner }) => {
    tries.left -= 1;
    if (tries.left < 0) return true;
    const facts = new Set(demands.map(({ constraint }) => constraint.key));
    const together = [...around, ...demands];
    const touched = together.filter(({ constraint }) => facts.has(constraint.key));
    return contradictions(touched).length === 0 && canChoose([...inner, ...others], together, tries);
  });
}

/**
 * What can never hold in conditions: demands that disagree with others, alternatives that can never be the one that
 * holds, and alternatives of which none can.
 *
 * @param around what must hold besides and does not contradict itself
 */
export function neverHeld(formula: Formula, around: readonly Demand[] = []): Contradiction[] {
  const together = [...around, ...formula.demands];
  const found = contradictions(together);
  const beside = found.length > 0 ? [] : together;
  const own = formula.choices.filter(({ isOwn }) => isOwn);
  const inBranches = own.flatMap(({ branches }) => branches.flatMap((branch) => neverHeld(branch, beside)));
  const all = [...found, ...inBranches];
  if (all.length > 0) return all;
  const impossible = formula.choices.findIndex(
    (_, index) => !canHold({ demands: [], choices: formula.choices.slice(0, index + 1) }, together),
  );
  const choice = formula.choices[impossible];
  return choice ? [noneLeft(choice)] : [];
}

const noneLeft = ({ branches, path }: Choice): Contradiction => ({
  code: 'rule-contradiction',
  path,
  found: branches.map(inWords).join(' or '),
  allowed: 'whichever of them holds, it can never be true together with what else must hold there',
});

/** What stands in a formula, in words. */
export const inWords = ({ demands, choices }: Formula): string =>
  [
    ...demands.map(({ constraint, isNegated }) => `${isNegated ? 'not ' : ''}${constraint.text}`),
    ...choices.map(({ branches }) => `(${branches.map(inWords).join(' or ')})`),
  ].join(' and ') || 'something else';

/** The facts that a formula asks something of, by their keys. */
export const factsIn = ({ demands, choices }: Formula): Set<string> =>
  new Set([
    ...demands.map(({ constraint }) => constraint.key),
    ...choices.flatMap(({ branches }) => branches.flatMap((branch) => [...factsIn(branch)])),
  ]);

/** In how many ways one alternative of each choice can be taken. */
export const waysIn = ({ choices }: Formula): number =>
  choices.reduce((ways, { branches }) => ways * branches.reduce((sum, branch) => sum + waysIn(branch), 0), 1);
