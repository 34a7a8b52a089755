// The operators that conditions may use, json-rules-engine's own with its decorators in front, and what each comes down to.
import { own } from './own.ts';

/** The operators that compare one fact; everything that json-rules-engine can say of one value comes down to these. */
export const OPERATOR_NAMES = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
] as const;
export type OperatorName = (typeof OPERATOR_NAMES)[number];

/** One operator as an author sees it. */
export interface OperatorNote {
  description: string;
  /** As sentences write it, before the value. */
  sign: string;
  /** What it compares: any two values of one type, numbers only, or one value with a list. */
  compares: 'same type' | 'numbers' | 'list';
  /** True exactly where this one is false: what `not:` makes of it. */
  opposite: OperatorName;
}

/** Every operator that needs no decorator to fit a fact, which is one value. */
export const OPERATOR_NOTES: Readonly<Record<OperatorName, OperatorNote>> = {
  equal: { description: 'is the same', sign: '=', compares: 'same type', opposite: 'notEqual' },
  notEqual: {
    description: 'is another value; unknown while the fact is unknown',
    sign: '≠',
    compares: 'same type',
    opposite: 'equal',
  },
  in: { description: 'is one of a list', sign: 'one of', compares: 'list', opposite: 'notIn' },
  notIn: {
    description: 'is none of a list; unknown while the fact is unknown',
    sign: 'none of',
    compares: 'list',
    opposite: 'in',
  },
  lessThan: {
    description: 'is less than',
    sign: '<',
    compares: 'numbers',
    opposite: 'greaterThanInclusive',
  },
  lessThanInclusive: {
    description: 'is less than or equal to',
    sign: '≤',
    compares: 'numbers',
    opposite: 'greaterThan',
  },
  greaterThan: {
    description: 'is greater than',
    sign: '>',
    compares: 'numbers',
    opposite: 'lessThanInclusive',
  },
  greaterThanInclusive: {
    description: 'is greater than or equal to',
    sign: '≥',
    compares: 'numbers',
    opposite: 'lessThan',
  },
};

/** The operators that look for a value in a list in the fact's place: as a fact is one value, they fit only after `swap:`. */
const LIST_OPERATORS = ['contains', 'doesNotContain'];

/** What `swap:` makes of an operator; those that would need a list in the fact's place are not there. */
const MIRRORED: Readonly<Record<string, OperatorName>> = {
  equal: 'equal',
  notEqual: 'notEqual',
  lessThan: 'greaterThan',
  lessThanInclusive: 'greaterThanInclusive',
  greaterThan: 'lessThan',
  greaterThanInclusive: 'lessThanInclusive',
  contains: 'in',
  doesNotContain: 'notIn',
};

/** Every operator of json-rules-engine. */
const WRITTEN: readonly string[] = [...OPERATOR_NAMES, ...LIST_OPERATORS];

/** What an operator with its decorators comes down to. */
export interface PlainOperator {
  name: OperatorName;
  /** The operator is asked of each of a list of values, and must hold for some of them, or for every one. */
  over?: 'some' | 'every';
}

/** Where the walk through the decorators stands, from the outermost one inwards. */
interface Walk {
  isNegated: boolean;
  /** The value stands in the fact's place. */
  isSwapped: boolean;
  /** The list of values was taken apart: each of them stands for itself. */
  over?: 'some' | 'every';
}

/** One decorator. */
interface Decorator {
  description: string;
  example: string;
  /** What it makes of the walk, or why it does not fit there. */
  step(walk: Walk): Walk | string;
}

/** json-rules-engine's decorators, written before an operator with a colon: `not:in`. The first one is the outermost. */
export const DECORATORS: Readonly<Record<string, Decorator>> = {
  not: {
    description: 'the opposite, where the fact is known; unknown stays unknown',
    example: 'not:in',
    step: (walk) => ({ ...walk, isNegated: !walk.isNegated }),
  },
  swap: {
    description: 'fact and value change places: the value is compared with the fact',
    example: 'swap:lessThan',
    step: (walk) => ({ ...walk, isSwapped: !walk.isSwapped }),
  },
  someValue: {
    description: 'true for at least one of a list of values',
    example: 'someValue:equal',
    step: (walk) => goThrough('some', walk, { word: 'someValue', isThere: !walk.isSwapped }),
  },
  everyValue: {
    description: 'true for each of a list of values',
    example: 'everyValue:notEqual',
    step: (walk) => goThrough('every', walk, { word: 'everyValue', isThere: !walk.isSwapped }),
  },
  someFact: {
    description: 'goes through a list in the fact’s place; a fact is one value, so there is one only after swap',
    example: 'swap:someFact:lessThan',
    step: (walk) => goThrough('some', walk, { word: 'someFact', isThere: walk.isSwapped }),
  },
  everyFact: {
    description: 'the same, true for each of the list',
    example: 'swap:everyFact:lessThan',
    step: (walk) => goThrough('every', walk, { word: 'everyFact', isThere: walk.isSwapped }),
  },
};

/** So many decorators may stand before an operator; more say nothing that fewer cannot say. */
export const MOST_DECORATORS = 4;

/** A text read as an operator, or why it is none: a word of it does not exist, or it fits no fact, and what would instead. */
export type OperatorRead =
  | { ok: true; value: PlainOperator }
  | { ok: false; problem: 'no decorator' | 'no operator'; word: string }
  | ({ ok: false; problem: 'unfit' } & Unfit);

/** Why an operator fits no fact. */
export interface Unfit {
  why: string;
  /** What says the same and fits. */
  instead?: string;
}

/** What was read before; only what could be read, of which there is no more than the decorators allow. */
const known = new Map<string, OperatorRead>();

/**
 * Reads an operator with its decorators: `greaterThan`, `not:in`, `swap:someFact:lessThan`.
 *
 * Whatever the decorators, one fact is compared with one value or with each of a list; so every one that fits comes down
 * to one of eight operators: `not:greaterThan` is `lessThanInclusive`, `swap:lessThan` is `greaterThan`. Where the fact
 * is unknown or of another type, both are unknown.
 */
export function readOperator(text: string): OperatorRead {
  const before = known.get(text);
  if (before) return before;
  const read = readAnew(text);
  if (read.ok) known.set(text, read);
  return read;
}

/** The same; undefined when it is no operator that fits a fact. */
export function plainOperator(text: string): PlainOperator | undefined {
  const read = readOperator(text);
  return read.ok ? read.value : undefined;
}

/** Does the operator need a list of values? */
export const needsList = ({ name, over }: PlainOperator): boolean =>
  over !== undefined || OPERATOR_NOTES[name].compares === 'list';

/** The shortest way to write it. */
export const writeOperator = ({ name, over }: PlainOperator): string =>
  over === undefined ? name : `${over}Value:${name}`;

const OVER_WORDS = { some: 'at least one of', every: 'each of' } as const;

/** As a sentence writes it before the values: `≤`, `one of`, `> at least one of`; the text itself when it is no operator. */
export function operatorInWords(text: string): string {
  const plain = plainOperator(text);
  if (!plain) return text;
  const { sign } = OPERATOR_NOTES[plain.name];
  return plain.over === undefined ? sign : `${sign} ${OVER_WORDS[plain.over]}`;
}

/** Operators to choose from while one types, each with what it asks of a fact: the plain ones, then those with a decorator. */
export function operatorChoices(): Record<string, string> {
  const plain = OPERATOR_NAMES.map((name) => [name, OPERATOR_NOTES[name].description]);
  const decorated = Object.keys(DECORATORS).flatMap((decorator) =>
    WRITTEN.flatMap((operator) => {
      const text = `${decorator}:${operator}`;
      const meant = plainOperator(text);
      return meant ? [[text, describe(meant)]] : [];
    }),
  );
  return Object.fromEntries([...plain, ...decorated]);
}

/** Every text that has the form of an operator, also of those that fit no fact. */
export const OPERATOR_PATTERN = `^(?:(?:${Object.keys(DECORATORS).join('|')}):){0,${MOST_DECORATORS}}(?:${WRITTEN.join('|')})$`;

function describe({ name, over }: PlainOperator): string {
  const { description } = OPERATOR_NOTES[name];
  return over === undefined ? description : `for ${OVER_WORDS[over]} a list: ${description}`;
}

function readAnew(text: string): OperatorRead {
  const words = text.split(':');
  const operator = words.pop() ?? '';
  const stranger = words.find((word) => !own(DECORATORS, word));
  if (stranger !== undefined) return { ok: false, problem: 'no decorator', word: stranger };
  if (!WRITTEN.includes(operator)) return { ok: false, problem: 'no operator', word: operator };
  let walk: Walk = { isNegated: false, isSwapped: false };
  for (const word of words) {
    const next = own(DECORATORS, word)?.step(walk) ?? walk;
    if (typeof next === 'string') return unfit(next);
    walk = next;
  }
  const read = finish(walk, operator);
  if (!read.ok || words.length <= MOST_DECORATORS) return read;
  return unfit(`allowed are at most ${MOST_DECORATORS} decorators before an operator`, writeOperator(read.value));
}

const isOperator = (text: string): text is OperatorName => Object.hasOwn(OPERATOR_NOTES, text);

const unfit = (why: string, instead?: string): OperatorRead => ({
  ok: false,
  problem: 'unfit',
  why,
  ...(instead === undefined ? {} : { instead }),
});

const NO_LIST = 'and a fact is one value';

/** @param place.isThere does the list of values stand where the decorator looks? */
function goThrough(
  over: 'some' | 'every',
  walk: Walk,
  { word, isThere }: { word: string; isThere: boolean },
): Walk | string {
  if (walk.over !== undefined) return `"${word}" would go through a single value: a list holds no lists`;
  if (isThere) return { ...walk, over: walk.isNegated ? other(over) : over };
  if (walk.isSwapped) return `after "swap" the fact stands where "${word}" needs a list, ${NO_LIST}`;
  return `"${word}" goes through a list of facts, ${NO_LIST}: several assets become one by params.across, and "${over}Value" goes through a list of values`;
}

/** What does not hold for some does hold, negated, for every one. */
const other = (over: 'some' | 'every'): 'some' | 'every' => (over === 'some' ? 'every' : 'some');

/** The operator itself, once all decorators are behind it. */
function finish({ isNegated, isSwapped, over }: Walk, operator: string): OperatorRead {
  const name = isSwapped ? own(MIRRORED, operator) : isOperator(operator) ? operator : undefined;
  if (name === undefined) return unfitForOne(operator, isSwapped);
  const { compares, opposite } = OPERATOR_NOTES[name];
  if (over !== undefined && compares === 'list')
    return unfit(`"${operator}" needs a whole list, and here it is given one value at a time`);
  const plain = isNegated ? opposite : name;
  return { ok: true, value: over === undefined ? { name: plain } : { name: plain, over } };
}

/** Why an operator that needs a list in the fact's place does not fit there. */
function unfitForOne(operator: string, isSwapped: boolean): OperatorRead {
  if (isSwapped) return unfit(`after "swap" the fact stands where "${operator}" needs a list, ${NO_LIST}`);
  const instead = own(MIRRORED, operator) ?? 'in';
  return unfit(
    `"${operator}" looks into a fact that is a list, ${NO_LIST}: "${instead}" looks into a list of values`,
    instead,
  );
}
