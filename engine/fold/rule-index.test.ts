// The index in front of the rules: it may point at too many, never at too few.
import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FoldRun } from '../../test/fold-run.ts';
import type { Truth } from '../model/decision.ts';
import type { Comparison, Condition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { compile, type Watch } from '../rules/compile.ts';
import { evaluate } from '../rules/evaluate.ts';
import { NO_NAMES } from '../rules/named-conditions.ts';
import { RuleIndex } from './rule-index.ts';

const PROPERTIES = ['a', 'b'];
const SENSOR = 'urn:ngsi-ld:Probe:p';

const someValue = oneof(integer({ min: 0, max: 5 }), boolean(), constantFrom('x', 'y', 'z'));
const numeric = record({
  fact: constantFrom(...PROPERTIES),
  operator: constantFrom(
    'equal',
    'notEqual',
    'lessThan',
    'lessThanInclusive',
    'greaterThan',
    'greaterThanInclusive',
    'not:equal',
    'not:lessThan',
    'swap:greaterThan',
    'swap:not:lessThanInclusive',
  ),
  value: someValue,
});
const listed = record({
  fact: constantFrom(...PROPERTIES),
  operator: constantFrom(
    'in',
    'notIn',
    'not:in',
    'swap:contains',
    'someValue:equal',
    'everyValue:notEqual',
    'someValue:lessThan',
    'everyValue:greaterThan',
    'swap:everyFact:lessThanInclusive',
    'not:someValue:greaterThan',
  ),
  value: oneof(
    array(integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }),
    array(constantFrom('x', 'y'), { minLength: 1, maxLength: 2 }),
  ),
});
const facing = constantFrom<Comparison>({ fact: 'a', operator: 'greaterThan', value: { fact: 'b' } });
const comparison = oneof(numeric, listed, facing);
const conditions = oneof(
  comparison.map((one): Condition => one),
  tuple(comparison, comparison).map(([left, right]): Condition => ({ all: [left, { not: right }] })),
  tuple(comparison, comparison).map(([left, right]): Condition => ({ any: [left, right] })),
);
const worlds = tuple(someValue, someValue, boolean(), boolean()).map(([a, b, knowsA, knowsB]) => ({
  ...(knowsA ? { a } : {}),
  ...(knowsB ? { b } : {}),
}));
type World = Partial<Record<string, Value>>;

const outcomeIn = (condition: Condition, world: World): Truth =>
  evaluate(condition, {
    now: 0,
    names: NO_NAMES,
    read: (fact) => {
      const value = world[fact];
      return value === undefined
        ? { known: false, why: 'not known', changesAt: Infinity }
        : { known: true, value, readings: [], changesAt: Infinity };
    },
  }).outcome;

describe('a compiled predicate', () => {
  it('says what the full evaluation says', () => {
    assert(
      property(conditions, worlds, (condition, world: World) => {
        const compiled = compile(condition, NO_NAMES);
        const quick = compiled?.predicate({ property: (name) => world[name], attribute: () => undefined });
        expect(quick).toBe(outcomeIn(condition, world));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[string, Comparison]>([
    ['a window', { fact: 'a', params: { window: '1 min' }, operator: 'equal', value: 1 }],
    ['an age', { fact: 'a', params: { maxAge: '1 min' }, operator: 'equal', value: 1 }],
    ['another asset', { fact: 'a', params: { of: 'gate' }, operator: 'equal', value: 1 }],
    ['another asset on the right', { fact: 'a', operator: 'equal', value: { fact: 'b', params: { of: 'gate' } } }],
  ])('is not made of conditions that read %s', (_, comparisonOfMore) => {
    expect(compile({ all: [comparisonOfMore] }, NO_NAMES)).toBeUndefined();
  });
});

describe('the index', () => {
  it('points at every owner whose outcome a change can alter', () => {
    assert(
      property(
        array(conditions, { minLength: 1, maxLength: 8 }),
        array(worlds, { minLength: 2, maxLength: 12 }),
        (rules, walk: World[]) => {
          const index = new RuleIndex<number>();
          for (const [rule, condition] of rules.entries()) index.add('Probe', rule, watchesOf(condition));
          for (const [step, world] of walk.entries()) {
            const before = walk[step - 1] ?? {};
            const pointedAt = new Set<number>();
            for (const name of PROPERTIES) {
              index.concerned('Probe', name, { before: before[name], after: world[name] }, (rule) =>
                pointedAt.add(rule),
              );
            }
            const altered = rules.flatMap((condition, rule) =>
              outcomeIn(condition, before) === outcomeIn(condition, world) ? [] : [rule],
            );
            expect([...pointedAt]).toEqual(expect.arrayContaining(altered));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('forgets an owner that is removed, and keeps the others', () => {
    const index = new RuleIndex<string>();
    index.add('Probe', 'gone', [{ property: 'a', threshold: 1 }, { property: 'a', words: ['x'] }, { property: 'b' }]);
    index.add('Probe', 'stays', [{ property: 'a', threshold: 1 }]);
    index.remove('Probe', 'gone');
    const seen: string[] = [];
    index.concerned('Probe', 'a', { before: 0, after: 2 }, (owner) => seen.push(owner));
    index.concerned('Probe', 'b', { before: 0, after: 2 }, (owner) => seen.push(owner));
    expect(seen).toEqual(['stays']);
    expect([...index.ofType('Probe')]).toEqual(['stays']);
  });
});

describe('the fold behind its index', () => {
  it('has exactly the activations that an evaluation of every rule would have', { timeout: 60_000 }, async () => {
    await assert(
      asyncProperty(
        array(conditions, { minLength: 1, maxLength: 6 }),
        array(tuple(constantFrom(...PROPERTIES), someValue), { maxLength: 25 }),
        async (rules, readings) => {
          const run = new FoldRun();
          await run.asset({ id: SENSOR, type: 'Probe', title: 'Probe', department: 'test' });
          for (const [index, condition] of rules.entries()) await run.rule(ruleOf(index, condition));
          const world: World = {};
          for (const [name, value] of readings) {
            await run.pass(1);
            await run.reading(SENSOR, name, value);
            world[name] = value;
            const expected = rules.flatMap((condition, index) =>
              holdsInFold(condition, world) ? [`test/rule-${index}`] : [],
            );
            expect(run.activeRules().toSorted()).toEqual(expected.toSorted());
          }
          expect(run.failures).toEqual([]);
          expect(run.fold.counts.disagreements).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function watchesOf(condition: Condition): Watch[] {
  const compiled = compile(condition, NO_NAMES);
  expect(compiled).toBeDefined();
  return compiled?.watches ?? [];
}

const ruleOf = (index: number, conditions_: Condition) => ({
  id: `test/rule-${index}`,
  title: 'A rule',
  scope: { type: 'Probe' },
  conditions: conditions_,
  actions: [{ point: 'none', set: 1 }],
});

const holdsInFold = (condition: Condition, world: World): boolean => outcomeIn(condition, world) === true;
