// Random conditions and worlds for properties that must hold for every rule.
import { array, boolean, constantFrom, letrec, oneof, option, record, tuple, type Arbitrary } from 'fast-check';

import {
  DECORATORS,
  MOST_DECORATORS,
  needsList,
  OPERATOR_NAMES,
  OPERATOR_NOTES,
  plainOperator,
} from '../model/operators.ts';
import type { Comparison, Condition, FactParams, NamedCondition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import type { EvaluationContext } from './evaluate.ts';
import { NamedConditions, type Names } from './named-conditions.ts';

/** Properties by type. */
export const PROPERTIES = { number: ['n0', 'n1', 'n2'], boolean: ['b0', 'b1'], word: ['w0', 'w1'] };
export type TypeName = keyof typeof PROPERTIES;

/** Values by type; few, so that equality is met often. */
export const VALUES: Readonly<Record<TypeName, Arbitrary<Value>>> = {
  number: constantFrom<Value[]>(-1, 0, 0.5, 1, 2),
  boolean: boolean().map((truth): Value => truth),
  word: constantFrom<Value[]>('', 'open', 'closed', '10'),
};

/** A fact as conditions read it. */
interface FactUse {
  fact: string;
  params?: FactParams;
}

/** What conditions may read, by type. */
export type Vocabulary = Readonly<Record<TypeName, readonly FactUse[]>>;

const TYPE_NAMES: TypeName[] = ['number', 'boolean', 'word'];

/** Every property, narrowed down in some ways; each is a fact of its own in the random world. */
const VOCABULARY: Vocabulary = {
  number: narrowed(PROPERTIES.number),
  boolean: narrowed(PROPERTIES.boolean),
  word: narrowed(PROPERTIES.word),
};

function narrowed(facts: readonly string[]): FactUse[] {
  const params: FactParams[] = [{}, { of: 'other' }, { of: 'many', across: 'max' }];
  return facts.flatMap((fact) => [{ fact }, ...params.map((one) => ({ fact, params: one }))]);
}

/** Every fact of the random world by its key, with its type. */
const FACT_KEYS: [string, TypeName][] = TYPE_NAMES.flatMap((type) =>
  VOCABULARY[type].map(({ fact, params }): [string, TypeName] => [keyOf(fact, params), type]),
);

/** The value of every fact by its key; unknown ones are absent. */
export type World = Record<string, Value | undefined>;

function keyOf(fact: string, params: FactParams = {}): string {
  return `${fact} ${JSON.stringify(params)}`;
}

/** Every fact known and of the right type. */
export const knownWorlds: Arbitrary<World> = record(
  Object.fromEntries(FACT_KEYS.map(([key, type]) => [key, VALUES[type]])),
);

/** Some facts unknown. */
export const partlyKnownWorlds: Arbitrary<World> = record(
  Object.fromEntries(FACT_KEYS.map(([key, type]) => [key, option(VALUES[type], { nil: undefined, freq: 3 })])),
);

/** The department of every random rule. */
export const DEPARTMENT = 'alpha';

/** Named conditions as a random rule sees them. */
export const namesOf = (named: readonly NamedCondition[]): Names => new NamedConditions(named).of(DEPARTMENT);

/** Where facts of a world are read from; it changes at no time by itself. */
export function contextOf(world: World, named: readonly NamedCondition[]): EvaluationContext {
  return {
    now: 0,
    read(fact, params) {
      const value = world[keyOf(fact, params)];
      return value === undefined
        ? { known: false, why: 'never seen', changesAt: Infinity }
        : { known: true, value, readings: [], changesAt: Infinity };
    },
    names: namesOf(named),
  };
}

/** Every way to write an operator, by how many decorators stand before it. */
const WRITTEN: readonly (readonly string[])[] = Array.from({ length: MOST_DECORATORS }).reduce<string[][]>(
  (levels) => [
    ...levels,
    (levels.at(-1) ?? []).flatMap((operator) => Object.keys(DECORATORS).map((word) => `${word}:${operator}`)),
  ],
  [[...OPERATOR_NAMES, 'contains', 'doesNotContain']],
);

/** Operators that fit facts of a type, with up to as many decorators as are allowed; few as often as many. */
function operatorsFor(type: TypeName, isForList: boolean): Arbitrary<string> {
  const fits = (text: string): boolean => {
    const plain = plainOperator(text);
    if (!plain || needsList(plain) !== isForList) return false;
    return type === 'number' || OPERATOR_NOTES[plain.name].compares !== 'numbers';
  };
  return oneof(...WRITTEN.map((level) => constantFrom(...level.filter(fits))));
}

const OPERATORS: Readonly<Record<TypeName, { single: Arbitrary<string>; list: Arbitrary<string> }>> = {
  number: { single: operatorsFor('number', false), list: operatorsFor('number', true) },
  boolean: { single: operatorsFor('boolean', false), list: operatorsFor('boolean', true) },
  word: { single: operatorsFor('word', false), list: operatorsFor('word', true) },
};

/** Comparisons of facts of one type, with values, lists of values, and other facts. */
export function comparisonsOf(type: TypeName, vocabulary: Vocabulary): Arbitrary<Comparison> {
  const oneFact = constantFrom(...vocabulary[type]);
  const list = array(VALUES[type], { minLength: 1, maxLength: 3 });
  return oneof(
    record({ left: oneFact, operator: OPERATORS[type].single, value: oneof(VALUES[type], oneFact) }),
    record({ left: oneFact, operator: OPERATORS[type].list, value: list }),
  ).map(({ left, operator, value }): Comparison => ({ ...left, operator, value }));
}

/** Conditions of comparisons and of references to these names, joined and nested. */
export function conditionsNaming(names: readonly string[], vocabulary = VOCABULARY): Arbitrary<Condition> {
  const leaves: Arbitrary<Condition>[] = TYPE_NAMES.map((type) => comparisonsOf(type, vocabulary));
  if (names.length > 0) leaves.push(constantFrom(...names).map((condition) => ({ condition })));
  const { node } = letrec<{ node: Condition; parts: Condition[] }>((tie) => ({
    node: oneof(
      { maxDepth: 4, depthIdentifier: 'condition' },
      oneof(...leaves),
      tie('parts').map((all) => ({ all })),
      tie('parts').map((any) => ({ any })),
      tie('node').map((not) => ({ not })),
    ),
    parts: array(tie('node'), { minLength: 1, maxLength: 4, depthIdentifier: 'condition' }),
  }));
  return node;
}

/**
 * Named conditions of two departments, some of them with one name: those of `alpha` are c0 and c1, those of `beta` c0, c1
 * and c2. A name refers only to later names, so there is no circle.
 */
export function namedConditions(vocabulary = VOCABULARY): Arbitrary<NamedCondition[]> {
  const body = (names: readonly string[]) => conditionsNaming(names, vocabulary);
  return tuple(
    body(['c1', 'c2', 'beta/c1']),
    body(['c2', 'beta/c2']),
    body(['c1', 'c2', 'alpha/c1']),
    body(['c2']),
    body([]),
  ).map((bodies) =>
    bodies.map((conditions, index) => {
      const id = ['alpha/c0', 'alpha/c1', 'beta/c0', 'beta/c1', 'beta/c2'][index] ?? '';
      return { id, name: id.split('/')[1] ?? '', title: id, conditions };
    }),
  );
}

/** What a random rule may refer to: by name its own department's or the only other one's, by id any. */
export const NAMES = ['c0', 'c1', 'c2', 'beta/c0', 'beta/c1', 'alpha/c1'];

/** Conditions with the named conditions they refer to. */
export const rules: Arbitrary<{ conditions: Condition; named: NamedCondition[] }> = record({
  conditions: conditionsNaming(NAMES),
  named: namedConditions(),
});

/** A world in which nothing is known. */
export const nothingKnown: World = {};
