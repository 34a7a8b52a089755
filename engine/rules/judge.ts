// json-rules-engine has the last word: no rule starts unless the library, run on that rule alone, says so too.
import { Engine, type Almanac, type TopLevelCondition } from 'json-rules-engine';

import type { Condition, FactParams } from '../model/rule.ts';
import type { EvaluationContext } from './evaluate.ts';
import type { Names } from './named-conditions.ts';
import { factNames, namesIn, partsNamedIn } from './walk.ts';

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
 * @param conditions as in the document, unchanged but for the references to named conditions: json-rules-engine has one
 *   name for each, which is its id
 * @param names the named conditions as the rule's department sees them
 */
export function createJudge(conditions: Condition, names: Names): Judge {
  const engine = new Engine([], { allowUndefinedFacts: true, allowUndefinedConditions: true });
  const parts = [...partsNamedIn(conditions, names)].map(([id, part]) => ({
    id,
    conditions: withIds(part.conditions, part.names),
  }));
  for (const { id, conditions: body } of withoutCircles(parts)) engine.setCondition(id, topLevel(body));
  for (const fact of factNames([conditions, ...parts.map((one) => one.conditions)])) {
    const read = async (params: FactParams, almanac: Almanac) =>
      valueIn(await almanac.factValue<EvaluationContext>(CONTEXT), fact, params);
    engine.addFact(fact, read, { cache: false });
  }
  engine.addRule({ conditions: topLevel(withIds(conditions, names)), event: { type: 'holds' } });
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

/** The same, where each reference is the id of what it means; what means nothing stays, and is no condition there either. */
function withIds(condition: Condition, names: Names): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => withIds(part, names)) };
  if ('any' in condition) return { any: condition.any.map((part) => withIds(part, names)) };
  if ('not' in condition) return { not: withIds(condition.not, names) };
  if (!('condition' in condition)) return condition;
  const meant = names.find(condition.condition);
  return { condition: meant.ok ? meant.id : condition.condition };
}

interface Part {
  id: string;
  conditions: Condition;
}

/** Those that never come back to themselves: json-rules-engine would follow a circle until the memory is full. */
function withoutCircles(parts: readonly Part[]): Part[] {
  let sound: Part[] = [];
  let rest = [...parts];
  const isSound = ({ conditions }: Part) =>
    [...namesIn(conditions)].every((name) => !rest.some((other) => other.id === name));
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
