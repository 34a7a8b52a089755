// One comparison: do fact, operator and value fit together?
import { OPERATOR_NOTES } from '../../model/operators.ts';
import { own } from '../../model/own.ts';
import type { Comparison } from '../../model/rule.ts';
import { typeInWords, type Value } from '../../model/value.ts';
import { KIND_WORDS, kindOf } from './catalogue.ts';
import { checkFact, factKey, type FactValues } from './fact.ts';
import type { Checking } from './findings.ts';
import { misfitOf } from './value-fit.ts';
import { list, nearest, oneOf } from './words.ts';

/** A sound comparison with fixed values: what it asks of one fact. */
export interface Constraint {
  /** Equal for the same fact. */
  key: string;
  fact: FactValues;
  operator: string;
  value: Value | Value[];
}

type Values = Comparison['value'];

/**
 * Checks a comparison whose form is right.
 *
 * @returns what it asks, when nothing is wrong with it and it compares with fixed values
 */
export function checkComparison(comparison: Comparison, path: string, checking: Checking): Constraint | undefined {
  const before = checking.findings.problems.length;
  const { operator, value } = comparison;
  const fact = checkFact(comparison, path, checking);
  const isKnown = checkOperator(operator, fact, { path, checking });
  if (isFactValue(value)) {
    const other = checkFact(value, `${path}/value`, checking);
    if (isKnown) checkFacts(comparison, [fact, other], { path, checking });
    return undefined;
  }
  if (isKnown && isListRight(operator, value, { path, checking }))
    checkValues(fact, operator, value, { path, checking });
  if (!fact || checking.findings.problems.length > before) return undefined;
  return { key: factKey(comparison), fact, operator, value };
}

interface Place {
  path: string;
  checking: Checking;
}

const isFactValue = (value: Values): value is Exclude<Values, Value | Value[]> =>
  typeof value === 'object' && !Array.isArray(value);

/** What people write for operators elsewhere. */
const ALIASES: Readonly<Record<string, string>> = {
  '=': 'equal',
  '==': 'equal',
  '===': 'equal',
  equals: 'equal',
  is: 'equal',
  '!=': 'notEqual',
  '!==': 'notEqual',
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
};

const PATTERNS = /regex|regexp|match|pattern|like/i;

function checkOperator(operator: string, fact: FactValues | undefined, { path, checking }: Place): boolean {
  const note = own(OPERATOR_NOTES, operator);
  const place = { path: `${path}/operator`, found: operator };
  if (!note) {
    const names = Object.keys(OPERATOR_NOTES);
    const why = PATTERNS.test(operator) ? 'regular expressions are not run here; ' : '';
    const fix = own(ALIASES, operator) ?? nearest(operator, names);
    checking.findings.refuse({ ...place, code: 'rule-operator', allowed: `${why}${oneOf(names)}`, fix });
    return false;
  }
  if (note.compares !== 'numbers' || fact?.kinds?.has('number') !== false) return true;
  const fitting = Object.keys(OPERATOR_NOTES).filter((name) => OPERATOR_NOTES[name]?.compares !== 'numbers');
  const allowed = `"${operator}" compares numbers, and ${fact.name} is ${describe(fact)}; ${oneOf(fitting)}`;
  checking.findings.refuse({ ...place, code: 'rule-operator-fit', allowed });
  return false;
}

const describe = ({ type, kinds }: FactValues): string =>
  type ? typeInWords(type) : [...(kinds ?? [])].map((kind) => KIND_WORDS[kind]).join(' or ');

/** A fact beside a fact: of one kind, in one unit. */
function checkFacts(
  { operator, value }: Comparison,
  [fact, other]: [FactValues | undefined, FactValues | undefined],
  { path, checking }: Place,
): void {
  const place = { path: `${path}/value`, found: value };
  if (own(OPERATOR_NOTES, operator)?.compares === 'list') {
    const allowed = `"${operator}" needs a list of values`;
    return checking.findings.refuse({ ...place, code: 'rule-list', allowed });
  }
  if (!fact?.kinds || !other?.kinds) return;
  const { kinds } = other;
  if (![...fact.kinds].some((kind) => kinds.has(kind))) {
    const allowed = `${fact.name} is ${describe(fact)}, ${other.name} is ${describe(other)}: they cannot be compared`;
    return checking.findings.refuse({ ...place, code: 'rule-operator-fit', allowed });
  }
  const [unit, otherUnit] = [unitOf(fact), unitOf(other)];
  if (unit === undefined || otherUnit === undefined || unit === otherUnit) return;
  const allowed = `${fact.name} is ${unit}, ${other.name} is ${otherUnit}: they cannot be compared`;
  checking.findings.refuse({ ...place, code: 'rule-unit', allowed });
}

/** A fact's unit in words; counts have none. */
function unitOf({ type }: FactValues): string | undefined {
  if (type?.type !== 'number' || type.unit === '') return undefined;
  if (type.unit !== '1') return `in ${type.unit}`;
  return type.max === 1 ? 'a share of 1' : 'a plain number';
}

/** The operators that compare with a list throw in json-rules-engine when they meet anything else. */
function isListRight(operator: string, value: Value | Value[], { path, checking }: Place): boolean {
  const needsList = own(OPERATOR_NOTES, operator)?.compares === 'list';
  const place = { code: 'rule-list', path: `${path}/value`, found: value };
  if (needsList !== Array.isArray(value)) {
    const allowed = needsList ? 'needs a list of values' : 'needs one value; for a list there are in and notIn';
    const fix = Array.isArray(value) ? undefined : [value];
    checking.findings.refuse({ ...place, allowed: `"${operator}" ${allowed}`, fix });
    return false;
  }
  const kinds = Array.isArray(value) ? new Set(value.map(kindOf)) : new Set();
  if (kinds.size < 2) return true;
  const allowed = 'a list holds values of one kind: numbers, words, or true and false';
  checking.findings.refuse({ ...place, allowed });
  return false;
}

function checkValues(
  fact: FactValues | undefined,
  operator: string,
  value: Value | Value[],
  { path, checking }: Place,
): void {
  const isOrdering = own(OPERATOR_NOTES, operator)?.compares === 'numbers';
  for (const [index, one] of [value].flat().entries()) {
    const place = { code: 'rule-value', path: `${path}/value${Array.isArray(value) ? `/${index}` : ''}`, found: one };
    const wrong = fact?.type && misfitOf(fact.type, one);
    if (wrong) {
      checking.findings.refuse({ ...place, ...wrong });
    } else if (isOrdering && typeof one !== 'number') {
      checking.findings.refuse({ ...place, allowed: `"${operator}" needs a number` });
    } else if (fact?.kinds?.has(kindOf(one)) === false) {
      checking.findings.refuse({ ...place, allowed: `${fact.name} is ${describe(fact)}` });
    }
  }
}

/** A constraint in a few words: `occupancy greaterThan 0.5`. */
export const describeConstraint = ({ fact, operator, value }: Constraint): string =>
  `${fact.name} ${operator} ${Array.isArray(value) ? `[${list(value.map(String))}]` : JSON.stringify(value)}`;
