// Random conditions and worlds for properties that must hold for every rule.
import { array, boolean, constantFrom, letrec, oneof, option, record, tuple, type Arbitrary } from 'fast-check';

import { DECORATORS, MOST_DECORATORS, needsList, OPERATOR_NOTES, plainOperator } from '../model/operators.ts';
import type { Condition, FactParams, NamedCondition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import type { EvaluationContext } from './evaluate.ts';
import { NamedConditions, type Names } from './named-conditions.ts';

/** Facts by type; few values, so that equality is met often. */
export const TYPES = {
  number: { facts: ['n0', 'n1', 'n2'], values: constantFrom<Value[]>(-1, 0, 0.5, 1, 2) },
  boolean: { facts: ['b0', 'b1'], values: boolean().map((truth): Value => truth) },
  word: { facts: ['w0', 'w1'], values: constantFrom<Value[]>('', 'open', 'closed', '10') },
};
type TypeName = keyof typeof TYPES;

/** What a fact may be narrowed down by; each is a fact of its own in the random world. */
const PARAMS: (FactParams | undefined)[] = [undefined, {}, { of: 'other' }, { of: 'many', across: 'max' }];

const TYPE_NAMES: TypeName[] = ['number', 'boolean', 'word'];

/** Every fact of the random world by its key, with its type. */
const FACT_KEYS: [string, TypeName][] = TYPE_NAMES.flatMap((type) =>
  TYPES[type].facts.flatMap((fact) => PARAMS.map((params): [string, TypeName] => [keyOf(fact, params), type])),
);

/** The value of every fact by its key; unknown ones are absent. */
export type World = Record<string, Value | undefined>;

function keyOf(fact: string, params: FactParams = {}): string {
  return `${fact} ${JSON.stringify(params)}`;
}

/** Every fact known and of the right type. */
export const knownWorlds: Arbitrary<World> = record(
  Object.fromEntries(FACT_KEYS.map(([key, type]) => [key, TYPES[type].values])),
);

/** Some facts unknown. */
export const partlyKnownWorlds: Arbitrary<World> = record(
  Object.fromEntries(FACT_KEYS.map(([key, type]) => [key, option(TYPES[type].values, { nil: undefined, freq: 3 })])),
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

/** Operators that fit facts of a type, with up to as many decorators as are allowed; few more often than many. */
function operatorsFor(type: TypeName, isForList: boolean): Arbitrary<string> {
  const fits = (text: string): boolean => {
    const plain = plainOperator(text);
    if (!plain || needsList(plain) !== isForList) return false;
    return type === 'number' || OPERATOR_NOTES[plain.name].compares !== 'numbers';
  };
  const bare = [...Object.keys(OPERATOR_NOTES), 'contains', 'doesNotContain'];
  const decorated = Array.from({ length: MOST_DECORATORS }).reduce<string[][]>(
    (levels) => [
      ...levels,
      (levels.at(-1) ?? []).flatMap((operator) => Object.keys(DECORATORS).map((word) => `${word}:${operator}`)),
    ],
    [bare],
  );
  return oneof(...decorated.map((level) => constantFrom(...level.filter(fits))));
}

/** Comparisons of facts of one type, with values, lists of values, and other facts. */
export function comparisonsOf(
  type: TypeName,
  params: readonly (FactParams | undefined)[] = PARAMS,
): Arbitrary<Condition> {
  const { facts, values } = TYPES[type];
  const paramsPart = constantFrom(...params).map((one) => (one === undefined ? {} : { params: one }));
  const oneFact = tuple(constantFrom(...facts), paramsPart).map(([fact, narrowed]) => ({ fact, ...narrowed }));
  const list = array(values, { minLength: 1, maxLength: 3 });
  return oneof(
    record({ left: oneFact, operator: operatorsFor(type, false), value: oneof(values, oneFact) }),
    record({ left: oneFact, operator: operatorsFor(type, true), value: list }),
  ).map(({ left, operator, value }): Condition => ({ ...left, operator, value }));
}

/** Conditions of comparisons and of references to these names, joined and nested. */
export function conditionsNaming(
  names: readonly string[],
  params: readonly (FactParams | undefined)[] = PARAMS,
): Arbitrary<Condition> {
  const leaves = TYPE_NAMES.map((type) => comparisonsOf(type, params));
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
export function namedConditions(params: readonly (FactParams | undefined)[] = PARAMS): Arbitrary<NamedCondition[]> {
  const body = (names: readonly string[]) => conditionsNaming(names, params);
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
