// json-rules-engine has the last word: no rule starts unless the library, run on that rule alone, says so too.
import { Engine, type Almanac, type TopLevelCondition } from 'json-rules-engine';

import type { Comparison, Condition, FactParams, NamedCondition } from '../model/rule.ts';
import type { EvaluationContext } from './evaluate.ts';

/** Under this name each run carries where its facts are read from; no fact of a rule can be called so. */
const CONTEXT = ' context';

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
  for (const { name, conditions: body } of withoutCircles(named)) engine.setCondition(name, topLevel(body));
  for (const fact of factNames([conditions, ...named.map((one) => one.conditions)])) {
    const read = async (params: FactParams, almanac: Almanac) =>
      valueIn(await almanac.factValue<EvaluationContext>(CONTEXT), fact, params);
    engine.addFact(fact, read, { cache: false });
  }
  engine.addRule({ conditions: topLevel(conditions), event: { type: 'holds' } });
  return {
    async holds(context) {
      const { events } = await engine.run({ [CONTEXT]: context });
      return events.length > 0;
    },
  };
}

function valueIn(context: EvaluationContext, fact: string, params: FactParams): unknown {
  const read = context.read(fact, params);
  return read.known ? read.value : undefined;
}

/** Those that never come back to themselves: json-rules-engine would follow a circle until the memory is full. */
function withoutCircles(named: readonly NamedCondition[]): NamedCondition[] {
  let sound: NamedCondition[] = [];
  let rest = [...named];
  const isSound = ({ conditions }: NamedCondition) =>
    [...namesIn(conditions)].every((name) => !rest.some((other) => other.name === name));
  for (let found = rest.filter(isSound); found.length > 0; found = rest.filter(isSound)) {
    sound = [...sound, ...found];
    rest = rest.filter((one) => !found.includes(one));
  }
  return sound;
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
): Generator<{ comparison: Comparison; path: string }> {
  for (const [index, condition] of conditions.entries()) {
    for (const { leaf, path } of leavesIn(condition, paths[index] ?? `/${index}`))
      if ('fact' in leaf) yield { comparison: leaf, path };
  }
}

/** Every reference to a named condition, with its JSON pointer below `path`. */
export function* referencesIn(condition: Condition, path: string): Generator<{ name: string; path: string }> {
  for (const { leaf, path: place } of leavesIn(condition, path))
    if ('condition' in leaf) yield { name: leaf.condition, path: place };
}

/** Every named condition that conditions refer to. */
export function* namesIn(condition: Condition): Generator<string> {
  for (const { name } of referencesIn(condition, '')) yield name;
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
