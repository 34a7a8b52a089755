// What decided: every reason, and the first of several.
import { describe, expect, it, test } from 'vitest';

import type { Condition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { evaluate } from './evaluate.ts';
import { explain, type Situation } from './explain.ts';
import { NamedConditions } from './named-conditions.ts';

const NOW = Date.UTC(2026, 10, 22, 10);

/** What a made-up city reads; what is not here was never seen. */
const FACTS: Readonly<Record<string, Value>> = { level: 0.2, plan: 7, door: 'open', motion: true };

const named = [
  {
    id: 'x/bright',
    name: 'bright',
    title: 'Bright',
    conditions: { fact: 'level', operator: 'greaterThan', value: 0.9 },
  },
];

const look = (condition: Condition, path?: string) =>
  evaluate(
    condition,
    {
      now: NOW,
      names: new NamedConditions(named).of('x'),
      read: (fact) => {
        const value = FACTS[fact];
        return value === undefined
          ? { known: false, why: `${fact} was never seen`, changesAt: Infinity }
          : { known: true, value, ...(fact === 'plan' ? { unit: 'km/h' } : {}), readings: [], changesAt: Infinity };
      },
    },
    path,
  );

const is = (fact: string, value: Value): Condition => ({ fact, operator: 'equal', value });
const explained = (condition: Condition, more: Partial<Situation> = {}) =>
  explain({ conditions: look(condition), judged: true, ...more });

describe('a rule that is idle', () => {
  test.each<[string, Condition, 'false' | 'unknown', string, string]>([
    ['a false comparison', is('level', 0.5), 'false', '/conditions', 'level was 0.2, wanted = 0.5'],
    [
      'one with decorators',
      { fact: 'level', operator: 'swap:not:greaterThan', value: 0.5 },
      'false',
      '/conditions',
      'level was 0.2, wanted ≥ 0.5',
    ],
    [
      'one with a list of values',
      { fact: 'level', operator: 'someValue:greaterThan', value: [0.5, 0.7] },
      'false',
      '/conditions',
      'level was 0.2, wanted > at least one of 0.5, 0.7',
    ],
    [
      'the first that is false, not what is unknown before it',
      { all: [is('humidity', 1), is('motion', true), is('plan', 3)] },
      'false',
      '/conditions/all/2',
      'plan was 7 km/h, wanted = 3',
    ],
    [
      'what is unknown where nothing is false',
      { all: [is('motion', true), is('humidity', 1)] },
      'unknown',
      '/conditions/all/1',
      'humidity was unknown: humidity was never seen',
    ],
    [
      'all of an any, the first one first',
      { any: [is('level', 1), { all: [is('plan', 1), is('door', 'open')] }] },
      'false',
      '/conditions/any/0',
      'level was 0.2, wanted = 1; plan was 7 km/h, wanted = 1',
    ],
    [
      'the open one of an any',
      { any: [is('level', 1), is('humidity', 1)] },
      'unknown',
      '/conditions/any/1',
      'humidity was unknown: humidity was never seen',
    ],
    [
      'what a not keeps out',
      { all: [{ not: { any: [is('door', 'open'), is('plan', 1)] } }] },
      'false',
      '/conditions/all/0/not/any/0',
      'door was open, wanted not = open',
    ],
    [
      'what a not does not know',
      { not: is('humidity', 1) },
      'unknown',
      '/conditions/not',
      'humidity was unknown: humidity was never seen',
    ],
    [
      'the inside of a named condition',
      { all: [{ condition: 'bright' }] },
      'false',
      '/conditions/all/0/condition:bright',
      'level was 0.2, wanted > 0.9',
    ],
    [
      'a named condition that does not exist',
      { all: [{ condition: 'gone' }] },
      'unknown',
      '/conditions/all/0/condition:gone',
      '/conditions/all/0/condition:gone was unknown: there is no condition "gone"',
    ],
    [
      'a list',
      { fact: 'door', operator: 'notIn', value: ['open', 'ajar'] },
      'false',
      '/conditions',
      'door was open, wanted none of open, ajar',
    ],
    [
      'a value that does not fit',
      { fact: 'door', operator: 'lessThan', value: 3 },
      'unknown',
      '/conditions',
      'door was unknown: "lessThan" does not fit string',
    ],
  ])('names %s', (_, condition, ...expected) => {
    const [reason, path, sentence] = expected;
    expect(explained(condition)).toMatchObject({ fired: false, reason, path, sentence });
  });

  it('names three conditions and counts the rest', () => {
    const found = explained({ any: [1, 2, 3, 4, 5].map((value) => is('level', value)) });
    expect(found.sentence).toMatch(/^level was 0\.2, wanted = 1; .*; and 2 more$/);
    expect(found.trace).toHaveLength(6);
  });

  it('although its conditions hold: json-rules-engine, or nobody has decided', () => {
    expect(explained(is('motion', true), { judged: false })).toMatchObject({ reason: 'disagreement', fired: false });
    expect(explained(is('motion', true))).toMatchObject({ reason: 'not-decided', fired: false });
  });

  it('says what kept it back before it says what its conditions lacked', () => {
    const paused = { reason: 'paused', since: NOW, until: NOW + 60_000, words: 'ann: roadworks' } as const;
    expect(explained(is('level', 1), { holdBacks: [paused] })).toMatchObject({
      fired: false,
      reason: 'paused',
      sentence: 'The rule was paused since 2026-11-22T10:00:00.000Z until 2026-11-22T10:01:00.000Z: ann: roadworks',
      until: NOW + 60_000,
    });
  });

  it('says that it was outside of its hours, or not seen often enough', () => {
    expect(explained(is('level', 1), { stopped: 'outside of its hours (weekend)' })).toMatchObject({
      reason: 'outside-hours',
      sentence: 'It was outside of its hours (weekend)',
    });
    const few = { found: 1, wanted: 3 };
    expect(explained(is('motion', true), { sightings: few })).toMatchObject({ reason: 'too-few-readings' });
    expect(explained(is('motion', false), { sightings: few })).toMatchObject({ reason: 'false' });
    expect(explained(is('motion', true), { sightings: { found: 3, wanted: 3 } }).reason).toBe('not-decided');
  });

  it('does not guess where the readings are gone', () => {
    expect(explained(is('level', 1), { isRecorded: false })).toMatchObject({
      fired: false,
      reason: 'not-recorded',
      trace: [],
    });
  });
});

describe('a rule that is counting', () => {
  it('says since when and until when', () => {
    const activation = { phase: 'pending', since: NOW - 1_000, until: NOW + 3_000 } as const;
    expect(explained(is('motion', true), { activation })).toMatchObject({
      fired: false,
      reason: 'counting',
      path: '/for',
      since: NOW - 1_000,
      until: NOW + 3_000,
      sentence:
        'Its conditions held, and "for" was still counting since 2026-11-22T09:59:59.000Z, until 2026-11-22T10:00:03.000Z',
    });
    const endless = { phase: 'pending', since: NOW } as const;
    expect(explained(is('motion', true), { activation: endless }).until).toBeUndefined();
  });
});

describe('a rule that is active', () => {
  const activation = { phase: 'active', since: NOW - 5_000, activeSince: NOW - 5_000 } as const;

  it('says since when, with the whole tree', () => {
    expect(explained({ all: [is('motion', true)] }, { activation })).toMatchObject({
      fired: true,
      reason: 'active',
      path: '/conditions',
      since: NOW - 5_000,
      trace: [{ path: '/conditions/all' }, { path: '/conditions/all/0', found: true }],
    });
  });

  it('says that it is clearing, since when it is active all the same', () => {
    const clearing = { ...activation, phase: 'clearing', since: NOW - 1_000, until: NOW + 1_000 } as const;
    const clear = look(is('motion', true), '/clear');
    expect(explained(is('level', 1), { activation: clearing, clear })).toMatchObject({
      fired: true,
      reason: 'clearing',
      path: '/clearFor',
      since: NOW - 5_000,
      until: NOW + 1_000,
      clear: [{ path: '/clear', outcome: true }],
    });
  });

  it('says that it is held where a fact that would end it is unknown', () => {
    const held = explained({ all: [is('humidity', 1)] }, { activation });
    expect(held).toMatchObject({ fired: true, reason: 'holding', path: '/conditions/all/0' });
    const clear = look(is('humidity', 1), '/clear');
    expect(explained(is('level', 1), { activation, clear })).toMatchObject({ reason: 'holding', path: '/clear' });
  });

  it('is active whatever its readings were, where those are gone', () => {
    const found = explained(is('humidity', 1), { activation: { phase: 'active', since: NOW }, isRecorded: false });
    expect(found).toMatchObject({ fired: true, reason: 'active', since: NOW, trace: [] });
  });
});
