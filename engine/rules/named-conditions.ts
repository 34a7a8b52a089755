// Which named condition a reference means: the own department's first, then the only other one's, or a whole id.
import { departmentOf, type NamedCondition } from '../model/rule.ts';

/** The condition that is meant, or the ids of those that could be: none, or several. */
export type ConditionFound = { ok: true; value: NamedCondition } | { ok: false; candidates: string[] };

/**
 * Finds the named condition that a reference means.
 *
 * @param name a condition's name (`dark`) or its id (`lighting/dark`). An id means exactly that document.
 * @param department of the document in which the reference stands: a rule's, or that of a named condition that names others
 * @param all every named condition
 * @returns the one, or all candidates' ids in order: empty when there is none of this name
 */
export function resolveCondition(name: string, department: string, all: readonly NamedCondition[]): ConditionFound {
  const isId = name.includes('/');
  const candidates = all.filter((one) => (isId ? one.id : one.name) === name);
  const own = candidates.filter(({ id }) => departmentOf(id) === department);
  const meant = own.length > 0 ? own : candidates;
  const [only] = meant;
  if (only && meant.length === 1) return { ok: true, value: only };
  return { ok: false, candidates: meant.map(({ id }) => id).toSorted() };
}
