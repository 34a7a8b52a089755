// json-rules-engine has the last word: no rule starts unless the library, run on that rule alone, says so too.
import { Engine, type TopLevelCondition } from 'json-rules-engine';

import type { Condition, FactParams, NamedCondition } from '../model/rule.ts';
import type { EvaluationContext } from './evaluate.ts';

/** Answers whether one rule's conditions hold, by json-rules-engine. */
export interface Judge {
  holds(context: EvaluationContext): Promise<boolean>;
}

/**
 * Prepares json-rules-engine for one set of conditions.
 *
 * Facts are given to it as they were read; one that is unknown is undefined there. That is sound here because the judge
 * is asked only where three-valued logic has said true, and then the answer is the same whatever an unknown fact would be.
 *
 * @param conditions as in the document, unchanged
 * @param named the named conditions that may be used
 */
export function createJudge(conditions: Condition, named: readonly NamedCondition[]): Judge {
  const engine = new Engine([], { allowUndefinedFacts: true, allowUndefinedConditions: true });
  let current: EvaluationContext | undefined;
  for (const { name, conditions: body } of named) engine.setCondition(name, topLevel(body));
  for (const fact of factNames([conditions, ...named.map((one) => one.conditions)])) {
    engine.addFact(fact, (params: FactParams) => valueIn(current, fact, params), { cache: false });
  }
  engine.addRule({ conditions: topLevel(conditions), event: { type: 'holds' } });
  return {
    async holds(context) {
      current = context;
      const { events } = await engine.run();
      return events.length > 0;
    },
  };
}

function valueIn(context: EvaluationContext | undefined, fact: string, params: FactParams): unknown {
  const read = context?.read(fact, params);
  return read?.known ? read.value : undefined;
}

/** json-rules-engine gets a copy of its own, and a join at the top, which it wants; the shapes are otherwise the same. */
function topLevel(condition: Condition): TopLevelCondition {
  const joined = 'fact' in condition ? { all: [condition] } : condition;
  const copy: TopLevelCondition = JSON.parse(JSON.stringify(joined));
  return copy;
}

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
): Generator<{ comparison: Extract<Condition, { fact: string }>; path: string }> {
  for (const [index, condition] of conditions.entries()) {
    const path = paths[index] ?? `/${index}`;
    if ('all' in condition)
      yield* comparisonsIn(
        condition.all,
        condition.all.map((_, part) => `${path}/all/${part}`),
      );
    else if ('any' in condition)
      yield* comparisonsIn(
        condition.any,
        condition.any.map((_, part) => `${path}/any/${part}`),
      );
    else if ('not' in condition) yield* comparisonsIn([condition.not], [`${path}/not`]);
    else if ('fact' in condition) yield { comparison: condition, path };
  }
}

/** Every named condition that conditions refer to. */
export function* namesIn(condition: Condition): Generator<string> {
  if ('all' in condition) for (const part of condition.all) yield* namesIn(part);
  else if ('any' in condition) for (const part of condition.any) yield* namesIn(part);
  else if ('not' in condition) yield* namesIn(condition.not);
  else if ('condition' in condition) yield condition.condition;
}
