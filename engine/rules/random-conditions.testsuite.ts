// Random conditions and worlds for properties that must hold for every rule.
import { array, boolean, constantFrom, letrec, oneof, option, record, tuple, type Arbitrary } from 'fast-check';

import type { Condition, FactParams, NamedCondition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import type { EvaluationContext } from './evaluate.ts';

/** Facts by type; few values, so that equality is met often. */
const TYPES = {
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
    named: (name) => named.find((one) => one.name === name)?.conditions,
  };
}

const paramsPart = constantFrom(...PARAMS).map((params) => (params === undefined ? {} : { params }));

function comparisonsOf(type: TypeName): Arbitrary<Condition> {
  const { facts, values } = TYPES[type];
  const oneFact = tuple(constantFrom(...facts), paramsPart).map(([fact, params]) => ({ fact, ...params }));
  const ordering = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'];
  const single = constantFrom('equal', 'notEqual', ...(type === 'number' ? ordering : []));
  const list = array(values, { minLength: 1, maxLength: 3 });
  return oneof(
    record({ left: oneFact, operator: single, value: oneof(values, oneFact) }),
    record({ left: oneFact, operator: constantFrom('in', 'notIn'), value: list }),
  ).map(({ left, operator, value }): Condition => ({ ...left, operator, value }));
}

function conditionsNaming(names: readonly string[]): Arbitrary<Condition> {
  const leaves: Arbitrary<Condition>[] = [comparisonsOf('number'), comparisonsOf('boolean'), comparisonsOf('word')];
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

/** Conditions with the named conditions they refer to; a name refers only to later names, so there is no circle. */
export const rules: Arbitrary<{ conditions: Condition; named: NamedCondition[] }> = record({
  conditions: conditionsNaming(['c0', 'c1', 'c2']),
  named: tuple(conditionsNaming(['c1', 'c2']), conditionsNaming(['c2']), conditionsNaming([])).map((bodies) =>
    bodies.map((conditions, index) => ({ id: `x/c${index}`, name: `c${index}`, title: 'x', conditions })),
  ),
});

/** A world in which nothing is known. */
export const nothingKnown: World = {};
