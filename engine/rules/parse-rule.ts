// From a text that somebody wrote to a rule that can work: every problem at once, each with its place.
import { check } from '../model/check.ts';
import { POINTS } from '../model/points.ts';
import { PROPERTIES } from '../model/properties.ts';
import { ok, problem, refused, type Problem, type Result } from '../model/result.ts';
import { ruleSchema, type Comparison, type Condition, type Rule } from '../model/rule.ts';
import { misfit, type Value } from '../model/value.ts';
import { comparisonsIn, namesIn } from './judge.ts';
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
export function parseRule(text: string, catalogue: RuleCatalogue): Result<Rule> {
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
export function checkRule(document: unknown, catalogue: RuleCatalogue): Result<Rule> {
  const shaped = check(ruleSchema, document);
  if (!shaped.ok) return shaped;
  const rule = shaped.value;
  const problems = [
    ...checkConditions(rule.conditions, '/conditions', catalogue),
    ...(rule.clear ? checkConditions(rule.clear, '/clear', catalogue) : []),
    ...checkActions(rule, catalogue),
  ];
  return problems.length === 0 ? ok(rule) : { ok: false, problems };
}

/** Checks conditions on their own, as named conditions and interlocks have them. */
export function checkConditions(conditions: Condition, path: string, catalogue: RuleCatalogue): Problem[] {
  const missing = [...namesIn(conditions)].filter((name) => !catalogue.conditions.has(name));
  return [
    ...missing.map((name) => problem('rule-condition', path, name, `allowed is one of ${list(catalogue.conditions)}`)),
    ...[...comparisonsIn([conditions], [path])].flatMap((found) =>
      checkComparison(found.comparison, found.path, catalogue),
    ),
  ];
}

function checkComparison(comparison: Comparison, path: string, catalogue: RuleCatalogue): Problem[] {
  const { fact, operator, value, params } = comparison;
  const problems: Problem[] = [];
  if (!OPERATORS[operator])
    problems.push(
      problem('rule-operator', `${path}/operator`, operator, `allowed is one of ${list(Object.keys(OPERATORS))}`),
    );
  if (fact === 'attribute') {
    if (params?.name === undefined)
      problems.push(problem('rule-fact', `${path}/params`, params, 'the fact "attribute" needs params.name'));
    return problems;
  }
  const property = PROPERTIES[fact];
  if (!property && !catalogue.properties.has(fact)) {
    problems.push(
      problem(
        'rule-fact',
        `${path}/fact`,
        fact,
        `allowed is "attribute" or a property: ${list(Object.keys(PROPERTIES))}`,
      ),
    );
  }
  if (params?.of?.startsWith('zone:') === true && params.across === undefined) {
    problems.push(
      problem(
        'rule-across',
        `${path}/params`,
        params.of,
        'a zone has several assets: "across" says how their values become one',
      ),
    );
  }
  const counted = params?.aggregate === 'count' || params?.across === 'count' || params?.aggregate === 'delta';
  if (property && !counted) problems.push(...checkWanted(property.value, value, path));
  return problems;
}

function checkWanted(type: (typeof PROPERTIES)[string]['value'], value: Comparison['value'], path: string): Problem[] {
  if (typeof value === 'object' && !Array.isArray(value)) return [];
  const wanted: Value[] = Array.isArray(value) ? value : [value];
  return wanted.flatMap((one) => {
    const wrong = misfit(type, one);
    return wrong === undefined
      ? []
      : [problem('rule-value', `${path}/value`, one, `${wrong}${percentHint(type, one)}`)];
  });
}

/** 80 where 0.8 is meant is the commonest slip: ratios are 0 to 1 in documents, percent on screens. */
function percentHint(type: (typeof PROPERTIES)[string]['value'], value: Value): string {
  const isRatio = type.type === 'number' && type.unit === '1' && type.max === 1;
  return isRatio && typeof value === 'number' && value > 1 && value <= 100
    ? `; ${value} % is written ${value / 100}`
    : '';
}

function checkActions(rule: Rule, catalogue: RuleCatalogue): Problem[] {
  const known = new Set([
    ...Object.values(POINTS).flatMap((points) => Object.keys(points)),
    ...[...catalogue.points.values()].flatMap((points) => [...points]),
  ]);
  return rule.actions.flatMap((action, index) => {
    const path = `/actions/${index}`;
    if (!known.has(action.point))
      return [problem('rule-point', `${path}/point`, action.point, `allowed is one of ${list(known)}`)];
    const type = action.of === undefined ? POINTS[rule.scope.type]?.[action.point]?.value : undefined;
    const wanted = action.set ?? action.atLeast ?? action.atMost;
    if (!type || wanted === undefined || typeof wanted === 'object') return [];
    const wrong = misfit(type, wanted);
    return wrong === undefined ? [] : [problem('rule-value', path, wanted, `${wrong}${percentHint(type, wanted)}`)];
  });
}

const list = (names: Iterable<string>): string => [...names].toSorted().join(', ') || 'none defined';
