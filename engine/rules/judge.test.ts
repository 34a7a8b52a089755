// json-rules-engine's word on one rule, beside our own three-valued one.
import { assert, asyncProperty } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Truth } from '../model/decision.ts';
import type { Condition, NamedCondition } from '../model/rule.ts';
import { evaluate } from './evaluate.ts';
import { createJudge } from './judge.ts';
import { NO_NAMES } from './named-conditions.ts';
import {
  contextOf,
  DEPARTMENT,
  knownWorlds,
  namesOf,
  nothingKnown,
  partlyKnownWorlds,
  rules,
} from './random-conditions.testsuite.ts';
import { comparisonsIn } from './walk.ts';

const RUNS = { numRuns: 5_000 };
const LONG_MS = 120_000;

describe('for every rule', () => {
  test(
    'with all facts known and of the right type, it is true exactly when json-rules-engine says so',
    { timeout: LONG_MS },
    () =>
      assert(
        asyncProperty(rules, knownWorlds, async ({ conditions, named }, world) => {
          const context = contextOf(world, named);
          expect(evaluate(conditions, context).outcome).toBe(
            await createJudge(conditions, namesOf(named)).holds(context),
          );
        }),
        RUNS,
      ),
  );

  test(
    'what is settled while facts are unknown stays settled, whatever they turn out to be, and json-rules-engine agrees',
    { timeout: LONG_MS },
    () =>
      assert(
        asyncProperty(rules, partlyKnownWorlds, knownWorlds, async ({ conditions, named }, world, filling) => {
          const before = contextOf(world, named);
          const known = Object.entries(world).filter(([, value]) => value !== undefined);
          const after = contextOf({ ...filling, ...Object.fromEntries(known) }, named);
          const { outcome } = evaluate(conditions, before);
          const judge = createJudge(conditions, namesOf(named));
          const settled = [evaluate(conditions, after).outcome, await judge.holds(before), await judge.holds(after)];
          expect(outcome === 'unknown' ? [] : settled).toEqual(
            outcome === 'unknown' ? [] : [outcome, outcome, outcome],
          );
        }),
        RUNS,
      ),
  );

  test('with every fact unknown nothing is true, and nothing false', () =>
    assert(
      asyncProperty(rules, async ({ conditions, named }) => {
        expect(evaluate(conditions, contextOf(nothingKnown, named)).outcome).toBe('unknown');
      }),
      RUNS,
    ));

  test('the trace names every condition once, by its own path, and every comparison is among them', () =>
    assert(
      asyncProperty(rules, knownWorlds, async ({ conditions, named }, world) => {
        const { trace } = evaluate(conditions, contextOf(world, named));
        const paths = trace.map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
        const comparisons = [...comparisonsIn([conditions], ['/conditions'])].map(({ path }) => path);
        expect(comparisons.filter((path) => !paths.includes(path))).toEqual([]);
      }),
      { numRuns: 1_000 },
    ));
});

const isTrue = (fact: string): Condition => ({ fact, operator: 'equal', value: true });
const name = (called: string, conditions: Condition): NamedCondition => ({
  id: `${DEPARTMENT}/${called}`,
  name: called,
  title: called,
  conditions,
});
const bothWays = (conditions: Condition, named: NamedCondition[], world: Record<string, boolean | undefined>) => {
  const facts = Object.fromEntries(Object.entries(world).map(([fact, value]) => [`${fact} {}`, value]));
  const context = contextOf(facts, named);
  return { ours: evaluate(conditions, context).outcome, judge: createJudge(conditions, namesOf(named)).holds(context) };
};

describe('named conditions in a circle', () => {
  const circle = [
    name('a', { any: [{ condition: 'b' }, isTrue('b1')] }),
    name('b', { all: [{ condition: 'a' }, { condition: 'a' }] }),
    name('self', { any: [{ condition: 'self' }, { condition: 'self' }] }),
  ];

  test.each<[string, Condition, Truth, boolean]>([
    ['are unknown', { condition: 'a' }, 'unknown', false],
    ['settle nothing that they are part of', { all: [isTrue('b0'), { condition: 'self' }] }, 'unknown', false],
    [
      'do no harm to what is true without them',
      { any: [isTrue('b0'), { condition: 'a' }, { condition: 'self' }] },
      true,
      true,
    ],
  ])('%s', async (...[, conditions, ours, judge]) => {
    const answer = bothWays(conditions, circle, { b0: true, b1: false });
    expect(answer.ours).toBe(ours);
    await expect(answer.judge).resolves.toBe(judge);
  });

  test('are found out at once, however often they name themselves', () => {
    const wide = [name('wide', { any: Array.from({ length: 64 }, () => ({ condition: 'wide' })) })];
    const { trace } = evaluate({ condition: 'wide' }, contextOf({}, wide));
    expect(trace).toHaveLength(65);
  });
});

test('a condition that nobody has defined is unknown, and json-rules-engine does not throw on it', async () => {
  const answer = bothWays({ any: [isTrue('b0'), { condition: 'nobody' }] }, [], { b0: true });
  expect(answer.ours).toBe(true);
  await expect(answer.judge).resolves.toBe(true);
});

test('the judge leaves the conditions it was given as they are', async () => {
  const conditions: Condition = { any: [{ condition: 'a' }, { not: isTrue('b0') }] };
  const named = [name('a', isTrue('b1'))];
  const before = structuredClone([conditions, named]);
  const judge = createJudge(conditions, namesOf(named));
  await judge.holds(contextOf({ 'b1 {}': true }, named));
  await judge.holds(contextOf({ 'b1 {}': false }, named));
  expect([conditions, named]).toEqual(before);
});

test('the judge answers two questions at a time, each by its own facts', async () => {
  const judge = createJudge({ all: [isTrue('b0'), { not: isTrue('b1') }] }, NO_NAMES);
  const yes = contextOf({ 'b0 {}': true, 'b1 {}': false }, []);
  const no = contextOf({ 'b0 {}': true, 'b1 {}': true }, []);
  expect(await Promise.all([judge.holds(yes), judge.holds(no), judge.holds(yes)])).toEqual([true, false, true]);
});

test('one name may mean two conditions of one rule, each in its own department', async () => {
  const named = [
    name('dark', isTrue('b0')),
    { ...name('dark', isTrue('b1')), id: 'beta/dark' },
    { ...name('late', { condition: 'dark' }), id: 'beta/late' },
  ];
  const conditions: Condition = { all: [{ condition: 'dark' }, { not: { condition: 'late' } }] };
  const answer = bothWays(conditions, named, { b0: true, b1: false });
  expect(answer.ours).toBe(true);
  await expect(answer.judge).resolves.toBe(true);
});
