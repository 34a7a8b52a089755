// One comparison: do fact, operator and value fit together?
import {
  DECORATORS,
  needsList,
  OPERATOR_NAMES,
  OPERATOR_NOTES,
  readOperator,
  type OperatorRead,
  type PlainOperator,
  writeOperator,
} from '../../model/operators.ts';
import { own } from '../../model/own.ts';
import { typeInWords, type Value } from '../../model/value.ts';
import { KIND_WORDS, kindOf } from './catalogue.ts';
import { checkFact, factKey } from './fact.ts';
import { unitOf, type FactValues } from './fact-values.ts';
import { Findings, type Checking } from './findings.ts';
import { isFactUse, isWhole, type FactUse, type LooseComparison } from './loose.ts';
import { misfitOf } from './value-fit.ts';
import { list, nearest, oneOf } from '../../model/words.ts';

/** A sound comparison: what it asks of one fact, or of how two facts stand to each other. */
export interface Constraint {
  /** Equal for the same fact, or the same two. */
  key: string;
  /** Of two facts: whether the first is less than (-1), equal to (0) or greater than (1) the second. */
  fact: FactValues;
  operator: string;
  value: Value | Value[];
  /** As its author wrote it, in a few words: `occupancy greaterThan 0.5`. */
  text: string;
}

/**
 * Checks a comparison, as far as it can be read.
 *
 * @returns what it asks, when nothing is wrong with it
 */
export function checkComparison(comparison: LooseComparison, path: string, checking: Checking): Constraint | undefined {
  const before = checking.findings.problems.length;
  const { value } = comparison;
  const place = { path, checking };
  const fact = checkFact(comparison, path, checking);
  const other = isFactUse(value) ? checkFact(value, `${path}/value`, checking) : undefined;
  const read = comparison.operator === undefined ? undefined : checkOperator(comparison.operator, fact, place);
  if (!read) return undefined;
  const { plain, operator } = read;
  if (isFactUse(value)) checkFacts({ operator, value, plain, fact, other }, place);
  else if (value !== undefined && isListRight({ operator, value, plain }, place))
    checkValues({ operator, value, plain, fact }, place);
  if (!fact || !isWhole(comparison) || checking.findings.problems.length > before) return undefined;
  if (isFactUse(value)) return other && ofTwoFacts(comparison, value, { plain, fact, other });
  if (value === undefined) return undefined;
  const wanted = Array.isArray(value) ? `[${list(value.map(String))}]` : JSON.stringify(value);
  return { key: factKey(comparison), fact, operator, value, text: `${fact.name} ${operator} ${wanted}` };
}

/** Both ways to write it come to the same: `x < y` and `y > x`. A fact is always equal to itself. */
function ofTwoFacts(
  comparison: LooseComparison,
  value: FactUse,
  { plain, fact, other }: { plain: PlainOperator; fact: FactValues; other: FactValues },
): Constraint {
  const [left, right] = [factKey(comparison), factKey(value)];
  const operator = writeOperator(plain);
  const most = left === right ? 0 : 1;
  return {
    key: [left, right].toSorted().join(' '),
    fact: {
      name: `${fact.name} beside ${other.name}`,
      kinds: new Set(['number']),
      type: { type: 'number', unit: '', min: -most, max: most, integer: true },
      isRelation: true,
    },
    operator: left <= right ? operator : `swap:${operator}`,
    value: 0,
    text: `${fact.name} ${comparison.operator} ${other.name}`,
  };
}

/** What is not read from the city. */
type Fixed = Value | Value[];

interface Place {
  path: string;
  checking: Checking;
}

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

/** An operator, or the one that was probably meant, with what it comes down to. */
interface OperatorUse {
  operator: string;
  plain: PlainOperator;
}

/** Refuses what is no operator, what no fact fits, and an order of what is no number. */
function checkOperator(
  operator: string,
  fact: FactValues | undefined,
  { path, checking }: Place,
): OperatorUse | undefined {
  const read = readOperator(operator);
  const place = { path: `${path}/operator`, found: operator };
  if (!read.ok) {
    const refused = refusal(operator, read);
    checking.findings.refuse({ ...place, ...refused });
    if (refused.code !== 'rule-operator' || refused.fix === undefined) return undefined;
    return checkOperator(refused.fix, fact, { path, checking: { ...checking, findings: new Findings() } });
  }
  const { name } = read.value;
  if (OPERATOR_NOTES[name].compares !== 'numbers' || fact?.kinds?.has('number') !== false)
    return { operator, plain: read.value };
  const fitting = OPERATOR_NAMES.filter((one) => OPERATOR_NOTES[one].compares !== 'numbers');
  const allowed = `"${operator}" compares numbers, and ${fact.name} is ${describe(fact)}; ${oneOf(fitting)}`;
  checking.findings.refuse({ ...place, code: 'rule-operator-fit', allowed });
  return undefined;
}

/** What to say of an operator that cannot be read. */
function refusal(operator: string, read: OperatorRead & { ok: false }) {
  if (read.problem === 'unfit') return { code: 'rule-operator-fit', allowed: read.why, fix: read.instead };
  const { word, problem } = read;
  const isDecorator = problem === 'no decorator';
  const known = isDecorator ? Object.keys(DECORATORS) : OPERATOR_NAMES;
  const meant = own(ALIASES, word) ?? nearest(word, known);
  const fix =
    meant === undefined
      ? undefined
      : operator
          .split(':')
          .map((one) => (one === word ? meant : one))
          .join(':');
  const why = PATTERNS.test(word) ? 'regular expressions are not run here; ' : '';
  const what = isDecorator ? `there is no decorator "${word}" to stand before an operator; ` : '';
  return { code: 'rule-operator', allowed: `${why}${what}${oneOf(known)}`, fix };
}

const describe = ({ type, kinds }: FactValues): string =>
  type ? typeInWords(type) : [...(kinds ?? [])].map((kind) => KIND_WORDS[kind]).join(' or ');

/** A comparison with what is known of its sides. */
interface Sides<V> extends OperatorUse {
  value: V;
  fact: FactValues | undefined;
}

/** A fact beside a fact: of one kind, in one unit. */
function checkFacts(sides: Sides<FactUse> & { other: FactValues | undefined }, { path, checking }: Place): void {
  const { operator, value, plain, fact, other } = sides;
  const place = { path: `${path}/value`, found: value };
  if (needsList(plain)) {
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

/** The operators that compare with a list throw in json-rules-engine when they meet anything else. */
function isListRight({ operator, value, plain }: Omit<Sides<Fixed>, 'fact'>, { path, checking }: Place): boolean {
  const isNeeded = needsList(plain);
  const place = { code: 'rule-list', path: `${path}/value`, found: value };
  if (isNeeded !== Array.isArray(value)) {
    const allowed = isNeeded
      ? 'needs a list of values'
      : 'needs one value; for a list there are in, notIn, someValue: and everyValue:';
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

function checkValues({ operator, value, plain, fact }: Sides<Fixed>, { path, checking }: Place): void {
  const isOrdering = OPERATOR_NOTES[plain.name].compares === 'numbers';
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
