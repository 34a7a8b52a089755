// Walks through conditions: what they compare, what they name, what they read.
import type { Comparison, Condition } from '../model/rule.ts';
import type { Names } from './named-conditions.ts';

/** Every fact that conditions read, on either side of a comparison. */
export function factNames(conditions: readonly Condition[]): Set<string> {
  const names = new Set<string>();
  for (const { comparison } of comparisonsIn(conditions)) {
    names.add(comparison.fact);
    if (typeof comparison.value === 'object' && !Array.isArray(comparison.value)) names.add(comparison.value.fact);
  }
  return names;
}

/** Every comparison in conditions, with its JSON pointer below the given paths. */
export function* comparisonsIn(
  conditions: readonly Condition[],
  paths: readonly string[] = [],
): Generator<{ comparison: Comparison; path: string }> {
  for (const [index, condition] of conditions.entries()) {
    for (const { leaf, path } of leavesIn(condition, paths[index] ?? `/${index}`))
      if ('fact' in leaf) yield { comparison: leaf, path };
  }
}

/** Every named condition that conditions refer to, as they write it. */
export function* namesIn(condition: Condition): Generator<string> {
  for (const { leaf } of leavesIn(condition, '')) if ('condition' in leaf) yield leaf.condition;
}

/** A named condition, and the names that it sees itself. */
export interface NamedPart {
  conditions: Condition;
  names: Names;
}

/** The named conditions that conditions refer to, directly or through others, each once, by id. */
export function partsNamedIn(
  condition: Condition,
  names: Names,
  found = new Map<string, NamedPart>(),
): Map<string, NamedPart> {
  for (const name of namesIn(condition)) {
    const meant = names.find(name);
    if (!meant.ok || found.has(meant.id)) continue;
    found.set(meant.id, meant);
    partsNamedIn(meant.conditions, meant.names, found);
  }
  return found;
}

type Leaf = Comparison | { condition: string };

function* leavesIn(condition: Condition, path: string): Generator<{ leaf: Leaf; path: string }> {
  if ('all' in condition)
    for (const [index, part] of condition.all.entries()) yield* leavesIn(part, `${path}/all/${index}`);
  else if ('any' in condition)
    for (const [index, part] of condition.any.entries()) yield* leavesIn(part, `${path}/any/${index}`);
  else if ('not' in condition) yield* leavesIn(condition.not, `${path}/not`);
  else yield { leaf: condition, path };
}
