// One name, several departments: what a rule means by it is the same in evaluation, in the index, for json-rules-engine, in a rule's tests and in explanations of the past.
import { beforeEach, describe, expect, it, test } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import { MemoryDocuments, MemoryRecords } from '../../test/memory-store.ts';
import { systemActor } from '../model/actor.ts';
import { assetSchema } from '../model/asset.ts';
import type { Condition } from '../model/condition.ts';
import { namedConditionSchema, ruleSchema } from '../model/rule.ts';
import { createRecordedPast } from '../store/recorded-past.ts';
import { explainPast } from './explain-past.ts';
import { runRuleTests } from './rule-test-runner.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  points: { level: {} },
  relations: { itself: [LAMP] },
  reports: { illuminance: { onChange: true, heartbeat: '24 h' }, temperature: { onChange: true, heartbeat: '24 h' } },
  binding: { adapter: 'mqtt', device: 'c1' },
};
const below = (fact: string, value: number): Condition => ({ fact, operator: 'lessThan', value });
const named = (id: string, name: string, conditions: Condition) => ({ id, name, title: id, conditions });

/** Two departments call different things dark; `late` of lighting names its own. */
const CONDITIONS = [
  named('lighting/dark', 'dark', below('illuminance', 10)),
  named('traffic/dark', 'dark', below('illuminance', 100)),
  named('lighting/late', 'late', { all: [{ condition: 'dark' }] }),
  named('traffic/cold', 'cold', { not: { fact: 'temperature', operator: 'not:lessThan', value: 0 } }),
];

/** The quick form, which the index finds, and the slow one, which reads its asset through a relation. */
const FORMS = [
  ['that the index finds', {}],
  ['that stand for each related asset', { each: 'itself' }],
] as const;

const rule = (id: string, condition: string, scope: object = {}) => ({
  id,
  title: id,
  scope: { type: 'Streetlight', ...scope },
  conditions: { all: [{ condition }, { fact: 'temperature', operator: 'lessThan', value: 50 }] },
  actions: [{ point: 'level', atLeast: 0.5 }],
});

/** What each rule means, by the illuminance that it takes. */
const RULES: readonly [id: string, condition: string, below: number][] = [
  ['lighting/a', 'dark', 10],
  ['traffic/b', 'dark', 100],
  ['traffic/c', 'lighting/dark', 10],
  ['lighting/d', 'traffic/dark', 100],
  ['traffic/e', 'late', 10],
  ['traffic/f', 'lighting/late', 10],
  ['waste/g', 'late', 10],
];

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset(lamp);
});

const measure = async (property: string, value: number): Promise<void> => {
  await run.pass(1);
  await run.reading(LAMP, property, value);
};

describe.each(FORMS)('of rules %s,', (_, scope) => {
  beforeEach(async () => {
    for (const condition of CONDITIONS) await run.condition(condition);
    for (const [id, condition] of RULES) await run.rule(rule(id, condition, scope));
    await measure('temperature', 20);
  });

  it('each means its own department’s, or the one it names', async () => {
    for (const lux of [200, 50, 9, 50, 5, 100, 99, 10]) {
      await measure('illuminance', lux);
      const expected = RULES.filter(([, , limit]) => lux < limit).map(([id]) => id);
      expect(run.activeRules().toSorted()).toEqual(expected.toSorted());
    }
    expect(run.fold.counts.disagreements).toBe(0);
    expect(run.failures).toEqual([]);
  });

  it('a name that several others have is unknown and says so, until the own department has one', async () => {
    await run.rule(rule('waste/h', 'dark', scope));
    await measure('illuminance', 5);
    expect(run.activeRules()).not.toContain('waste/h');
    const key = `waste/h|${LAMP}|${'each' in scope ? LAMP : ''}`;
    expect((await run.fold.examine(key))?.conditions.trace[1]).toMatchObject({
      path: '/conditions/all/0/condition:dark',
      outcome: 'unknown',
      why: 'several conditions have the name "dark": lighting/dark, traffic/dark',
    });
    await run.condition(named('waste/dark', 'dark', below('illuminance', 6)));
    expect(run.activeRules()).toContain('waste/h');
    expect(decisionsIn(run.outputs).findLast(({ rule: of }) => of === 'waste/h')?.trace).toMatchObject([
      {},
      { path: '/conditions/all/0/condition:dark', found: 5, wanted: 6 },
      {},
    ]);
  });

  it('a change of one department’s condition concerns only the rules that mean it', async () => {
    await measure('illuminance', 50);
    const decided = run.outputs.length;
    const changed = namedConditionSchema.parse(named('traffic/dark', 'dark', below('illuminance', 20)));
    await run.put({ kind: 'document', document: { of: 'condition', id: changed.id, version: 2, body: changed } });
    const ended = decisionsIn(run.outputs.slice(decided)).map(({ rule: of, kind }) => `${kind} ${of}`);
    expect(ended.toSorted()).toEqual(['ended lighting/d', 'ended traffic/b']);
  });
});

test('decorators inside a named condition hold through the index too', async () => {
  for (const condition of CONDITIONS) await run.condition(condition);
  await run.rule(rule('traffic/frost', 'cold'));
  await measure('temperature', 5);
  expect(run.activeRules()).toEqual([]);
  await measure('temperature', -1);
  expect(run.activeRules()).toEqual(['traffic/frost']);
  await measure('temperature', 0);
  expect(run.activeRules()).toEqual([]);
});

test('a rule’s own tests mean the same', async () => {
  const city = {
    assets: [assetSchema.parse(lamp)],
    conditions: CONDITIONS.map((one) => namedConditionSchema.parse(one)),
  };
  for (const [id, condition, limit] of RULES) {
    const tests = [limit - 1, limit].map((value) => ({
      name: String(value),
      given: [
        { at: '1 s', asset: LAMP, property: 'temperature', value: 20 },
        { at: '1 s', asset: LAMP, property: 'illuminance', value },
      ],
      expect: [{ at: '2 s', activation: value < limit ? 'active' : 'none' }],
    }));
    const results = await runRuleTests(ruleSchema.parse({ ...rule(id, condition), tests }), city);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  }
});

test('an explanation of the past means the same', async () => {
  const documents = new MemoryDocuments({ now: () => run.now, after: () => () => undefined });
  const records = new MemoryRecords();
  const stored = [
    ...CONDITIONS.map((body) => ({ kind: 'condition' as const, body, department: body.id.split('/')[0] ?? '' })),
    ...RULES.map(([id, condition]) => ({
      kind: 'rule' as const,
      body: ruleSchema.parse(rule(id, condition)),
      department: id.split('/')[0] ?? '',
    })),
    { kind: 'asset' as const, body: assetSchema.parse(lamp), department: 'lighting' },
  ];
  for (const { kind, body, department } of stored)
    await documents.put({ kind, id: body.id, department, body, expected: 0, actor: systemActor('test') });
  await measure('temperature', 20);
  await measure('illuminance', 50);
  const readings = run.outputs.flatMap((output) => (output.kind === 'reading' ? [output.reading] : []));
  await records.record({ decisions: [], readings, commands: [] });
  const past = createRecordedPast(documents, records);
  for (const [id, condition, limit] of RULES) {
    const { trace } = await explainPast(past, { rule: id, asset: LAMP, at: run.now });
    const compared = trace.find(({ fact }) => fact === 'illuminance');
    expect(compared).toMatchObject({ wanted: limit, found: 50, outcome: 50 < limit });
    expect(compared?.path).toContain(`/conditions/all/0/condition:${condition}`);
  }
});
