// json-rules-engine as anybody would use it: all rules in one engine, nothing between it and the conditions.
import { Engine, type TopLevelCondition } from 'json-rules-engine';

import type { FactParams } from '../model/condition.ts';
import { departmentOf, type Condition, type NamedCondition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { factNames } from './walk.ts';

/** Which rules hold by json-rules-engine alone. */
export class PlainLibrary {
  readonly #engine = new Engine();

  /**
   * @param rules conditions by the id of their rule
   * @param named what they may name
   * @param read a fact's value at this moment
   */
  constructor(
    rules: readonly { id: string; conditions: Condition }[],
    named: readonly NamedCondition[],
    read: (fact: string, params: FactParams) => Value | undefined,
  ) {
    for (const { id, conditions } of rules) {
      const filled = filledIn(conditions, departmentOf(id), named);
      for (const fact of factNames([filled]))
        this.#engine.addFact(fact, (params: FactParams) => read(fact, params), { cache: false });
      const top: TopLevelCondition = JSON.parse(JSON.stringify('fact' in filled ? { all: [filled] } : filled));
      this.#engine.addRule({ conditions: top, event: { type: id } });
    }
  }

  /** The ids of the rules that hold now. */
  async holding(): Promise<Set<string>> {
    const { events } = await this.#engine.run();
    return new Set(events.map(({ type }) => type));
  }
}

/** The conditions without names: each is replaced by what docs/rules.md says that it means. */
export function filledIn(condition: Condition, department: string, named: readonly NamedCondition[]): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => filledIn(part, department, named)) };
  if ('any' in condition) return { any: condition.any.map((part) => filledIn(part, department, named)) };
  if ('not' in condition) return { not: filledIn(condition.not, department, named) };
  if (!('condition' in condition)) return condition;
  const { condition: name } = condition;
  const meant =
    named.find(({ id }) => id === name || id === `${department}/${name}`) ?? named.find((one) => one.name === name);
  if (!meant) throw new Error(`there is no ${name} in ${department}`);
  return filledIn(meant.conditions, departmentOf(meant.id), named);
}
