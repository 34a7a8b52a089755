// From a text that somebody wrote to a rule that can work: every problem at once, each with its place.
import { check } from '../model/check.ts';
import { effectSchema } from '../model/claim.ts';
import { own } from '../model/own.ts';
import { POINTS } from '../model/points.ts';
import { PROPERTIES } from '../model/properties.ts';
import { ok, problem, refused, type Problem, type Result } from '../model/result.ts';
import { ruleSchema, type Comparison, type Condition, type RuleDocument } from '../model/rule.ts';
import { misfit, type Value, type ValueType } from '../model/value.ts';
import { checkTable, type PartChecks } from './check-table.ts';
import { comparisonsIn, referencesIn } from './judge.ts';
import { OPERATORS } from './operators.ts';

/** What a rule may name beyond the city's own vocabulary: what assets and other documents define. */
export interface RuleCatalogue {
  /** Properties that assets declare beside `PROPERTIES`. */
  properties: ReadonlySet<string>;
  /** Points that assets declare beside `POINTS`, per asset type. */
  points: ReadonlyMap<string, ReadonlySet<string>>;
  /** Named conditions. */
  conditions: ReadonlySet<string>;
}

/**
 * Reads a rule.
 *
 * @returns the rule, or all problems: `rule-json`, `schema`, and `rule-operator`, `rule-fact`, `rule-value`, `rule-across`, `rule-condition`, `rule-point` for what cannot work
 */
export function parseRule(text: string, catalogue: RuleCatalogue): Result<RuleDocument> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refused({
      code: 'rule-json',
      path: '',
      message: `not JSON: ${error instanceof Error ? error.message : ''}`,
    });
  }
  return checkRule(document, catalogue);
}

/** The same for a document that is already JSON. */
export function checkRule(document: unknown, catalogue: RuleCatalogue): Result<RuleDocument> {
  const shaped = check(ruleSchema, document);
  if (!shaped.ok) return shaped;
  const rule = shaped.value;
  const problems = [
    ...(rule.conditions ? checkConditions(rule.conditions, '/conditions', catalogue) : []),
    ...(rule.table ? checkTable(rule, rule.table, partChecks(catalogue)) : []),
    ...(rule.clear ? checkConditions(rule.clear, '/clear', catalogue) : []),
    ...checkActions(rule, catalogue),
  ];
  return problems.length === 0 ? ok(rule) : { ok: false, problems };
}

const partChecks = (catalogue: RuleCatalogue): PartChecks => ({
  conditions: (condition, path) => checkConditions(condition, path, catalogue),
  actions: (rule) => checkActions(rule, catalogue),
});

/** Checks conditions on their own, as named conditions and interlocks have them. */
export function checkConditions(conditions: Condition, path: string, catalogue: RuleCatalogue): Problem[] {
  const missing = [...referencesIn(conditions, path)].filter(({ name }) => !catalogue.conditions.has(name));
  return [
    ...missing.map((one) => problem('rule-condition', `${one.path}/condition`, one.name, oneOf(catalogue.conditions))),
    ...[...comparisonsIn([conditions], [path])].flatMap((found) =>
      checkComparison(found.comparison, found.path, catalogue),
    ),
  ];
}

function checkComparison(comparison: Comparison, path: string, catalogue: RuleCatalogue): Problem[] {
  const { fact, value, params } = comparison;
  const problems = [...checkFact(comparison, path, catalogue), ...checkOperator(comparison, path)];
  if (typeof value === 'object' && !Array.isArray(value))
    return [...problems, ...checkFact(value, `${path}/value`, catalogue)];
  const property = own(PROPERTIES, fact);
  const isOfRange = params?.across !== 'count' && !BEYOND_RANGE.includes(params?.aggregate);
  return property && isOfRange ? [...problems, ...checkWanted(property.value, value, path)] : problems;
}

/** What comes of a window in these ways need not lie in the property's own range. */
const BEYOND_RANGE: (string | undefined)[] = ['count', 'delta', 'sum'];

/** A fact on either side of a comparison. */
function checkFact(
  { fact, params }: Pick<Comparison, 'fact' | 'params'>,
  path: string,
  catalogue: RuleCatalogue,
): Problem[] {
  const problems: Problem[] = [];
  if (fact === 'attribute') {
    if (params?.name === undefined)
      problems.push(problem('rule-fact', `${path}/params`, params, 'the fact "attribute" needs params.name'));
  } else if (!Object.hasOwn(PROPERTIES, fact) && !catalogue.properties.has(fact)) {
    const known = list([...Object.keys(PROPERTIES), ...catalogue.properties]);
    problems.push(problem('rule-fact', `${path}/fact`, fact, `allowed is "attribute" or a property: ${known}`));
  }
  if (params?.of?.startsWith('zone:') === true && params.across === undefined) {
    const why = 'a zone has several assets: "across" says how their values become one';
    problems.push(problem('rule-across', `${path}/params`, params.of, why));
  }
  return problems;
}

/** The operators that compare with a list; json-rules-engine throws when they meet anything else. */
const LIST_OPERATORS = ['in', 'notIn'];

function checkOperator({ operator, value }: Comparison, path: string): Problem[] {
  if (!Object.hasOwn(OPERATORS, operator)) {
    return [problem('rule-operator', `${path}/operator`, operator, oneOf(Object.keys(OPERATORS)))];
  }
  const needsList = LIST_OPERATORS.includes(operator);
  if (needsList === Array.isArray(value)) return [];
  const allowed = needsList ? 'needs a list of values' : 'needs one value; for a list there are in and notIn';
  return [problem('rule-value', `${path}/value`, value, `"${operator}" ${allowed}`)];
}

function checkWanted(type: ValueType, value: Value | Value[], path: string): Problem[] {
  const wanted: Value[] = Array.isArray(value) ? value : [value];
  return wanted.flatMap((one) => {
    const wrong = misfit(type, one);
    return wrong === undefined
      ? []
      : [problem('rule-value', `${path}/value`, one, `${wrong}${percentHint(type, one)}`)];
  });
}

/** 80 where 0.8 is meant is the commonest slip: ratios are 0 to 1 in documents, percent on screens. */
function percentHint(type: ValueType, value: Value): string {
  const isRatio = type.type === 'number' && type.unit === '1' && type.max === 1;
  return isRatio && typeof value === 'number' && value > 1 && value <= 100
    ? `; ${value} % is written ${value / 100}`
    : '';
}

function checkActions(rule: RuleDocument, catalogue: RuleCatalogue): Problem[] {
  const { type } = rule.scope;
  const ownPoints = own(POINTS, type) ?? {};
  const known = {
    self: new Set([...Object.keys(ownPoints), ...(catalogue.points.get(type) ?? [])]),
    anybody: new Set([
      ...Object.values(POINTS).flatMap(Object.keys),
      ...[...catalogue.points.values()].flatMap((points) => [...points]),
    ]),
  };
  return rule.actions.flatMap((action, index) => {
    const path = `/actions/${index}`;
    const isSelf = action.of === undefined || action.of === 'self';
    const allowed = isSelf ? known.self : known.anybody;
    if (!allowed.has(action.point)) {
      const words = `${isSelf ? `for a ${type} ` : ''}${oneOf(allowed)}`;
      return [problem('rule-point', `${path}/point`, action.point, words)];
    }
    const valueType = isSelf ? own(ownPoints, action.point)?.value : undefined;
    const effect = effectSchema.options.find((one) => action[one] !== undefined) ?? 'set';
    const wanted = action[effect];
    if (!valueType || wanted === undefined || typeof wanted === 'object') return [];
    const wrong = misfit(valueType, wanted);
    return wrong === undefined
      ? []
      : [problem('rule-value', `${path}/${effect}`, wanted, `${wrong}${percentHint(valueType, wanted)}`)];
  });
}

const list = (names: Iterable<string>): string => [...new Set(names)].toSorted().join(', ');

function oneOf(names: Iterable<string>): string {
  const known = list(names);
  return known === '' ? 'none is defined' : `allowed is one of ${known}`;
}
