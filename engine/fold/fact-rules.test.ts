// Rules that read the sun, the clocks, silence, points and other rules, over time.
import { describe, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import { toIso } from '../model/clock.ts';
import type { Condition } from '../model/rule.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  location: { type: 'Point', coordinates: [-0.13, 51.51] },
  reports: { motion: { every: '10 s' } },
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'c1' },
};

const ruleOf = (name: string, conditions: Condition, more: Record<string, unknown> = {}) => ({
  id: `lighting/${name}`,
  title: name,
  scope: { type: 'Streetlight' },
  conditions,
  actions: [{ point: 'level', atLeast: 0.5 }],
  ...more,
});
const rule = (name: string, fact: Condition) => ruleOf(name, fact);
const isActive = (name: string, operator = 'equal', value = 'active'): Condition => ({
  fact: 'activation',
  params: { name: `lighting/${name}` },
  operator,
  value,
});
const moves = { fact: 'motion', operator: 'equal', value: true };

/** A run that begins at an instant, with the lamp and rules. */
async function begun(start: string, ...rules: object[]): Promise<FoldRun> {
  const run = new FoldRun({ timeZone: 'Europe/London', holidays: 'GB-ENG' });
  run.now = Date.parse(start);
  await run.asset(lamp);
  for (const one of rules) await run.rule(one);
  return run;
}

/** What was decided, a line each: `2026-11-22T16:00 started lighting/night`. */
const story = (run: FoldRun): string[] =>
  decisionsIn(run.outputs).map(({ at, kind, rule: id }) => `${toIso(at).slice(0, 16)} ${kind} ${id}`);

const until = (run: FoldRun, iso: string) => run.passTo(Date.parse(iso));

describe('time', () => {
  it('starts and ends a rule at sunset and sunrise of the asset’s own place', async () => {
    const night = rule('night', { fact: 'sun.isUp', operator: 'equal', value: false });
    const run = await begun('2026-12-21T12:00:00Z', night);
    await until(run, '2026-12-22T12:00:00Z');
    expect(story(run)).toEqual(['2026-12-21T15:53 started lighting/night', '2026-12-22T08:04 ended lighting/night']);
    expect(run.failures).toEqual([]);
  });

  it('waits for the sun to come to a limit without looking in between', async () => {
    const dusk = rule('dusk', { fact: 'sun.elevation', operator: 'lessThan', value: -6 });
    const run = await begun('2026-12-21T12:00:00Z', dusk);
    await until(run, '2026-12-21T16:33:59Z');
    // The lamp, the rule, and the end of the wait.
    expect(run.entries).toHaveLength(3);
    await until(run, '2026-12-22T12:00:00Z');
    expect(story(run)).toEqual(['2026-12-21T16:34 started lighting/dusk', '2026-12-22T07:24 ended lighting/dusk']);
  });

  it.each([
    [
      'forward',
      '2026-03-28T12:00:00Z',
      ['2026-03-28T23:30', '2026-03-29T05:30', '2026-03-29T22:30', '2026-03-30T05:30'],
    ],
    ['back', '2026-10-24T12:00:00Z', ['2026-10-24T22:30', '2026-10-25T06:30', '2026-10-25T23:30', '2026-10-26T06:30']],
  ])('keeps to the city’s clocks when they go %s', async (_, start, expected) => {
    const late = rule('late', {
      any: [
        { fact: 'time.local', operator: 'greaterThanInclusive', value: 23 * 60 + 30 },
        { fact: 'time.local', operator: 'lessThan', value: 6 * 60 + 30 },
      ],
    });
    const run = await begun(start, late);
    await run.passTo(Date.parse(start) + 46 * 3_600_000);
    const kinds = ['started', 'ended', 'started', 'ended'];
    expect(story(run)).toEqual(expected.map((at, index) => `${at} ${kinds[index]} lighting/late`));
  });

  it('lets the hour that comes twice count twice, and the one that is skipped not at all', async () => {
    const hour = rule('hour', {
      all: [
        { fact: 'time.local', operator: 'greaterThanInclusive', value: 60 },
        { fact: 'time.local', operator: 'lessThan', value: 120 },
      ],
    });
    const spring = await begun('2026-03-28T20:00:00Z', hour);
    await until(spring, '2026-03-29T12:00:00Z');
    expect(story(spring)).toEqual([]);
    const autumn = await begun('2026-10-24T20:00:00Z', hour);
    await until(autumn, '2026-10-25T12:00:00Z');
    expect(story(autumn)).toEqual(['2026-10-25T00:00 started lighting/hour', '2026-10-25T02:00 ended lighting/hour']);
  });

  it('knows workdays from others, at the city’s midnights', async () => {
    const off = rule('off', { fact: 'calendar', operator: 'notEqual', value: 'workday' });
    const run = await begun('2026-12-23T12:00:00Z', off);
    await until(run, '2026-12-30T00:00:00Z');
    expect(story(run)).toEqual(['2026-12-25T00:00 started lighting/off', '2026-12-29T00:00 ended lighting/off']);
    const spring = await begun('2026-03-27T12:00:00Z', off);
    await until(spring, '2026-03-31T00:00:00Z');
    expect(story(spring)).toEqual(['2026-03-28T00:00 started lighting/off', '2026-03-29T23:00 ended lighting/off']);
  });
});

describe('silence', () => {
  const silent = rule('silent', { fact: 'silentFor', params: { name: 'motion' }, operator: 'greaterThan', value: 60 });

  it('starts a rule when it has lasted, long after the property is stale, and a reading ends it', async () => {
    const run = await begun('2026-11-22T10:00:00Z', silent);
    await run.pass(300);
    expect(run.activeRules()).toEqual([]);
    await run.reading(LAMP, 'motion', true);
    await run.pass(60);
    expect(run.activeRules()).toEqual([]);
    await run.pass(1);
    expect(run.activeRules()).toEqual(['lighting/silent']);
    await run.reading(LAMP, 'motion', false, { quality: 'bad' });
    expect(run.activeRules()).toEqual([]);
    expect(run.failures).toEqual([]);
  });
});

describe('points', () => {
  it('a report concerns the rules that read it within the same entry', async () => {
    const bright = rule('bright', { fact: 'reported', params: { name: 'level' }, operator: 'greaterThan', value: 0.7 });
    const run = await begun('2026-11-22T10:00:00Z', bright);
    await run.report(LAMP, { points: { level: { value: 0.9, cause: 'programme' } } });
    expect(run.activeRules()).toEqual(['lighting/bright']);
    await run.report(LAMP, { points: { level: { value: 0.3, cause: 'programme' } } });
    expect(run.activeRules()).toEqual([]);
  });

  it('a report is too old after maxAge', async () => {
    const params = { name: 'level', maxAge: '1 min' };
    const bright = rule('bright', { fact: 'reported', params, operator: 'greaterThan', value: 0.7 });
    const run = await begun('2026-11-22T10:00:00Z', bright);
    await run.report(LAMP, { points: { level: { value: 0.9, cause: 'programme' } } });
    await run.pass(59);
    expect(run.activeRules()).toEqual(['lighting/bright']);
    await run.report(LAMP, { points: { level: { value: 0.9, cause: 'programme' } } });
    await run.pass(59);
    expect(run.activeRules()).toEqual(['lighting/bright']);
    await run.pass(1);
    expect(run.activeRules()).toEqual([]);
  });

  it('what is wanted of it concerns them too, from the claim on to its end', async () => {
    const lift = ruleOf('lift', moves, { actions: [{ point: 'level', set: 0.9 }] });
    const wanted = rule('wanted', { fact: 'desired', params: { name: 'level' }, operator: 'greaterThan', value: 0.7 });
    const run = await begun('2026-11-22T10:00:00Z', lift, wanted);
    expect(decisionsIn(await run.reading(LAMP, 'motion', true)).map((one) => one.rule)).toEqual([
      'lighting/lift',
      'lighting/wanted',
    ]);
    await run.reading(LAMP, 'motion', false);
    // `wanted` asks for at least 0.5 itself, which is not more than 0.7.
    expect(run.activeRules()).toEqual([]);
    expect(run.failures).toEqual([]);
  });
});

describe('activations of other rules', () => {
  const lift = ruleOf('lift', moves);

  it('are followed within the same entry, through several rules', async () => {
    const run = await begun('2026-11-22T10:00:00Z', rule('c', isActive('b')), rule('b', isActive('lift')), lift);
    expect(decisionsIn(await run.reading(LAMP, 'motion', true)).map((one) => `${one.kind} ${one.rule}`)).toEqual([
      'started lighting/lift',
      'started lighting/b',
      'started lighting/c',
    ]);
    await run.reading(LAMP, 'motion', false);
    expect(run.activeRules()).toEqual([]);
    expect(run.failures).toEqual([]);
  });

  it('are pending while "for" counts', async () => {
    const waiting = rule('waiting', isActive('lift', 'equal', 'pending'));
    const idle = rule('idle', isActive('lift', 'equal', 'none'));
    const run = await begun('2026-11-22T10:00:00Z', { ...lift, for: '5 s' }, waiting, idle);
    expect(run.activeRules()).toEqual(['lighting/idle']);
    await run.reading(LAMP, 'motion', true);
    expect(run.activeRules()).toEqual(['lighting/waiting']);
    await run.pass(5);
    expect(run.activeRules()).toEqual(['lighting/lift']);
    expect(story(run).slice(-2)).toEqual([
      '2026-11-22T10:00 started lighting/lift',
      '2026-11-22T10:00 ended lighting/waiting',
    ]);
  });

  it('of a rule that does not exist are unknown, until it does', async () => {
    const other = rule('other', isActive('lift', 'notEqual', 'active'));
    const run = await begun('2026-11-22T10:00:00Z', other);
    expect(run.activeRules()).toEqual([]);
    await run.rule(lift);
    expect(run.activeRules()).toEqual(['lighting/other']);
    await run.put({ kind: 'document', document: { of: 'rule', id: 'lighting/lift', version: 2, body: null } });
    expect(run.activeRules()).toEqual([]);
  });

  it('that never agree are left as they are, told of, and stop no other rule', async () => {
    const contrary = rule('contrary', isActive('contrary', 'notEqual', 'active'));
    const run = await begun('2026-11-22T10:00:00Z', contrary, lift);
    expect(run.failures).toEqual([expect.stringContaining('rule lighting/contrary|urn:ngsi-ld:Streetlight:l1|')]);
    await run.reading(LAMP, 'motion', true);
    expect(run.activeRules()).toContain('lighting/lift');
    expect(run.failures).toHaveLength(1);
  });
});
