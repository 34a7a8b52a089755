// Which named condition a reference means: the own department's first, then the only other one's, or a whole id.
import { departmentOf, type Condition, type NamedCondition } from '../model/rule.ts';

/** What a reference means: a condition's content with the names that it sees itself, or the ids of those that it could be. */
export type Meaning =
  | { ok: true; id: string; conditions: Condition; names: Names }
  /** None, or several in order. */
  | { ok: false; candidates: readonly string[] };

/** The named conditions as the documents of one department see them. */
export interface Names {
  /**
   * Finds what a reference means.
   *
   * @param name a condition's name (`dark`) or its id (`lighting/dark`). A name is the own department's condition, or
   *   else the only one of another department; an id means exactly that document
   */
  find(name: string): Meaning;
}

/** Where there are no named conditions. */
export const NO_NAMES: Names = { find: () => ({ ok: false, candidates: [] }) };

/**
 * The city's named conditions. Checks, evaluation, the index, json-rules-engine and explanations all ask here, so they
 * cannot mean different things.
 */
export class NamedConditions {
  readonly #byId: ReadonlyMap<string, NamedCondition>;
  readonly #byName: ReadonlyMap<string, readonly NamedCondition[]>;
  readonly #views = new Map<string, Names>();

  /** @param all at most one for each id */
  constructor(all: readonly NamedCondition[]) {
    this.#byId = new Map(all.map((one) => [one.id, one]));
    this.#byName = Map.groupBy(all, ({ name }) => name);
  }

  /** As a department's documents see them. What was found once is remembered. */
  of(department: string): Names {
    const known = this.#views.get(department);
    if (known) return known;
    const found = new Map<string, Meaning>();
    const find = (name: string): Meaning => {
      const before = found.get(name);
      if (before) return before;
      const meaning = this.#meaning(name, department);
      // Names that mean nothing are not kept: of those people can write any number.
      if (meaning.ok) found.set(name, meaning);
      return meaning;
    };
    const names: Names = { find };
    this.#views.set(department, names);
    return names;
  }

  #meaning(name: string, department: string): Meaning {
    const byId = this.#byId.get(name);
    const candidates = byId ? [byId] : (this.#byName.get(name) ?? []);
    const own = candidates.filter(({ id }) => departmentOf(id) === department);
    const meant = own.length > 0 ? own : candidates;
    const [only] = meant;
    if (!only || meant.length > 1) return { ok: false, candidates: meant.map(({ id }) => id).toSorted() };
    return { ok: true, id: only.id, conditions: only.conditions, names: this.of(departmentOf(only.id)) };
  }
}
