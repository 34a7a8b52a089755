// Explanations of recorded moments against what the fold did at those moments.
import { beforeEach, describe, expect, it, test } from 'vitest';

import { START } from '../../test/fold-run.ts';
import { RecordedRun } from '../../test/recorded-run.ts';
import type { FactView } from '../model/live.ts';
import { explain } from '../rules/explain.ts';
import { explainPast, type Question } from './explain-past.ts';
import type { Past } from './past-port.ts';

const J4 = 'urn:ngsi-ld:TrafficController:J4';
const EAST = 'urn:ngsi-ld:Approach:J4-east';
const WEST = 'urn:ngsi-ld:Approach:J4-west';
const LOOP = 'urn:ngsi-ld:Detector:J4-east-1';
const RULE = 'traffic/queue-relief';

const controller = {
  id: J4,
  type: 'TrafficController',
  title: 'J4',
  department: 'traffic',
  tags: ['relief'],
  relations: { approach: [EAST] },
  points: { timePlan: {} },
  binding: { adapter: 'mqtt', device: 'J4' },
};
const approach = {
  id: EAST,
  type: 'Approach',
  title: 'J4 east',
  department: 'traffic',
  relations: { detectors: [LOOP] },
  attributes: { queueAbove: 0.4 },
};
const loop = {
  id: LOOP,
  type: 'Detector',
  title: 'Loop',
  department: 'traffic',
  reports: { occupancy: { every: '2 s' } },
};
const ready = {
  id: 'traffic/ready',
  name: 'ready',
  title: 'Ready',
  conditions: { fact: 'controlMode', operator: 'equal', value: 'control' },
};
const relief = {
  id: RULE,
  title: 'Queue relief',
  scope: { type: 'TrafficController', tag: 'relief', each: 'approach' },
  conditions: {
    all: [
      {
        fact: 'occupancy',
        params: { of: 'approach/detectors', across: 'max', window: '6 s', aggregate: 'avg' },
        operator: 'greaterThan',
        value: { fact: 'attribute', params: { of: 'approach', name: 'queueAbove' } },
      },
      { condition: 'ready' },
    ],
  },
  for: '4 s',
  clear: {
    all: [{ fact: 'occupancy', params: { of: 'approach/detectors', across: 'max' }, operator: 'lessThan', value: 0.2 }],
  },
  clearFor: '4 s',
  actions: [{ point: 'timePlan', set: 3 }],
};

const thinned = (past: Past): Past => ({
  ...past,
  readings: async () => ({ readings: [], isWhole: false }),
});
let city: RecordedRun;
const shown = (property: string, asset: string, value: string | number): FactView => ({
  asset,
  property,
  value,
  observedAt: city.run.now,
  state: 'known',
  source: 'flow:test',
});

beforeEach(async () => {
  city = new RecordedRun();
  for (const asset of [controller, approach, loop]) await city.store('asset', asset);
  await city.store('condition', ready);
  await city.store('rule', relief);
});

/** Second by second: what the loop says, and what the controller says of itself. */
async function play(occupancies: readonly (number | undefined)[]): Promise<void> {
  for (const occupancy of occupancies) {
    await city.run.pass(1);
    if (occupancy !== undefined) await city.run.reading(LOOP, 'occupancy', occupancy);
    await city.record();
  }
}

const ask = (more: Partial<Question> = {}) =>
  explainPast(city.past, { rule: RULE, asset: J4, related: EAST, at: city.run.now, ...more });

describe('a scripted morning', () => {
  it('is explained the same while it happens, from the live plane, and afterwards, from the record', async () => {
    const script = [
      ...Array.from({ length: 5 }, () => 0.1),
      ...Array.from({ length: 14 }, () => 0.7),
      ...Array.from({ length: 9 }, () => undefined),
      ...Array.from({ length: 12 }, () => 0.8),
      ...Array.from({ length: 4 }, () => 0.3),
      ...Array.from({ length: 12 }, () => 0.05),
    ];
    const seen: { at: number; reason: string; path: string; sentence: string }[] = [];
    for (const [second, occupancy] of script.entries()) {
      if (second === 3) await city.run.reading(J4, 'controlMode', 'control');
      await play([occupancy]);
      const examined = await city.run.fold.examine(`${RULE}|${J4}|${EAST}`);
      const { reason, path, sentence } = explain(examined!);
      seen.push({ at: city.run.now, reason, path, sentence });
      expect(await ask({ live: city.live() })).toMatchObject({ reason, path, sentence });
    }
    for (const { at, ...wanted } of seen) expect(await ask({ at })).toMatchObject({ at, ...wanted });
    expect(new Set(seen.map(({ reason }) => reason))).toEqual(
      new Set(['false', 'unknown', 'counting', 'active', 'clearing']),
    );
  });

  it('names the readings behind the conditions, and the decision that began it', async () => {
    await city.run.reading(J4, 'controlMode', 'control');
    await play(Array.from({ length: 8 }, () => 0.7));
    const found = await ask();
    expect(found).toMatchObject({ fired: true, reason: 'active', version: 1, title: 'Queue relief' });
    expect(found.trace.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['/conditions/all', true],
      ['/conditions/all/0', true],
      ['/conditions/all/1/condition:ready', true],
    ]);
    expect(found.trace[1]).toMatchObject({ found: expect.closeTo(0.7), wanted: 0.4, readings: { length: 1 } });
    expect(found.decision).toMatchObject({ kind: 'started', at: found.since });
    expect(found.clear?.[0]).toMatchObject({ path: '/clear/all', outcome: false });
  });

  it('is explained beyond what the fold is begun with: a rule that became active long ago', async () => {
    await city.run.reading(J4, 'controlMode', 'control');
    await play(Array.from({ length: 8 }, () => 0.7));
    const since = (await ask()).since;
    await play(Array.from({ length: 60 }, () => 0.3));
    expect(await ask()).toMatchObject({ fired: true, reason: 'active', since });
  });

  it('knows a version that came in between, and the one that was in force before', async () => {
    await city.run.reading(J4, 'controlMode', 'control');
    await play(Array.from({ length: 3 }, () => 0.7));
    const before = city.run.now;
    await city.run.pass(0.5);
    await city.store('rule', { ...relief, title: 'Stricter', for: '1 min' });
    await play([0.7]);
    expect(await ask({ at: before })).toMatchObject({ version: 1, title: 'Queue relief', reason: 'counting' });
    expect(await ask()).toMatchObject({ version: 2, title: 'Stricter', reason: 'counting' });
    expect(await ask({ at: before, version: 2 })).toMatchObject({
      fired: false,
      reason: 'other-version',
      sentence: 'Version 2 was not in force; version 1 was, since 2026-11-22T10:00:00.000Z',
    });
  });
});

describe('what stands before the conditions', () => {
  test.each<[string, Partial<Question>, object]>([
    ['no rule yet', { at: START - 1 }, { reason: 'no-rule', sentence: `There was no ${RULE} yet` }],
    ['no such asset', { asset: 'urn:ngsi-ld:TrafficController:J5' }, { reason: 'no-asset', version: 1 }],
    ['another type', { asset: EAST }, { reason: 'out-of-scope', path: '/scope/type' }],
    ['a foreign approach', { related: WEST }, { reason: 'out-of-scope', path: '/scope/each' }],
  ])('%s', async (_, question, expected) => {
    expect(await ask(question)).toMatchObject({ fired: false, trace: [], ...expected });
  });

  it('a rule that was removed', async () => {
    await play([0.1]);
    await city.store('rule', relief, true);
    expect(await ask()).toMatchObject({
      reason: 'no-rule',
      sentence: `${RULE} was removed on 2026-11-22T10:00:01.000Z`,
    });
    expect(await ask({ at: START })).toMatchObject({ reason: 'unknown' });
  });

  it('a tag that the asset did not have then', async () => {
    await city.run.pass(1);
    await city.store('asset', { ...controller, tags: ['other'] });
    expect(await ask()).toMatchObject({ reason: 'out-of-scope', path: '/scope/tag' });
    expect(await ask({ at: START })).toMatchObject({ reason: 'unknown' });
  });

  it('does not guess which related asset is meant, where there are several', async () => {
    expect(await explainPast(city.past, { rule: RULE, asset: J4, at: START })).toMatchObject({ related: EAST });
    await city.store('asset', { ...approach, id: WEST });
    await city.store('asset', { ...controller, relations: { approach: [EAST, WEST] } });
    await expect(explainPast(city.past, { rule: RULE, asset: J4, at: START })).rejects.toMatchObject({
      code: 'invalid',
      details: { problems: [{ path: '/related', message: `found nothing; allowed is one of ${EAST}, ${WEST}` }] },
    });
  });

  it('is refused for a rule that never was, and for a row that no table has', async () => {
    await expect(ask({ rule: 'traffic/never' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(ask({ row: 2 })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('what is no longer known', () => {
  it('is said where the readings of that time were thinned out; what was decided is known all the same', async () => {
    expect(
      await explainPast(thinned(city.past), { rule: RULE, asset: J4, related: EAST, at: city.run.now }),
    ).toMatchObject({ fired: false, reason: 'not-recorded' });
    await city.run.reading(J4, 'controlMode', 'control');
    await play(Array.from({ length: 8 }, () => 0.7));
    const old = await explainPast(thinned(city.past), { rule: RULE, asset: J4, related: EAST, at: city.run.now });
    expect(old).toMatchObject({ fired: true, reason: 'active', trace: [], decision: { kind: 'started' } });
    expect(old.decision?.trace[1]).toMatchObject({ outcome: true, wanted: 0.4 });
  });

  it('is said where the conditions held and nothing was decided', async () => {
    await city.run.reading(J4, 'controlMode', 'control');
    await play(Array.from({ length: 8 }, () => 0.7));
    const undecided: Past = { ...city.past, decisions: async () => [] };
    expect(await explainPast(undecided, { rule: RULE, asset: J4, related: EAST, at: city.run.now })).toMatchObject({
      fired: false,
      reason: 'not-decided',
    });
  });
});

describe('a value that is shown and not recorded yet', () => {
  it('counts for the present', async () => {
    const facts = [shown('controlMode', J4, 'standby'), shown('occupancy', LOOP, 0.9)];
    expect(await ask({ live: { activations: [], facts, points: [] } })).toMatchObject({
      reason: 'false',
      path: '/conditions/all/1/condition:ready',
      sentence: 'controlMode was standby, wanted = control',
    });
  });
});

describe('a decision table', () => {
  const table = {
    id: 'traffic/plans',
    title: 'Plans',
    scope: { type: 'TrafficController' },
    table: {
      hit: 'first',
      columns: [{ fact: 'queueLength', operator: 'greaterThan' }],
      rows: [{ when: [20] }, { when: [5] }],
    },
    actions: [{ point: 'timePlan', set: 3 }],
  };

  it('is explained row by row: the active one, else the first', async () => {
    await city.store('rule', table);
    await city.run.reading(J4, 'queueLength', 3);
    await city.record();
    const about = (row?: number) =>
      explainPast(city.past, { rule: table.id, asset: J4, at: city.run.now, ...(row === undefined ? {} : { row }) });
    expect(await about()).toMatchObject({ row: 1, fired: false, sentence: 'queueLength was 3, wanted > 20' });
    expect(await about(2)).toMatchObject({ row: 2, fired: false, sentence: 'queueLength was 3, wanted > 5' });
    await city.run.pass(1);
    await city.run.reading(J4, 'queueLength', 9);
    await city.record();
    expect(await about()).toMatchObject({ row: 2, fired: true, decision: { row: 2 } });
    expect(await about(1)).toMatchObject({ row: 1, fired: false });
  });
});

describe('a rule with hours, or one that wants several readings', () => {
  const collect = {
    id: 'traffic/full',
    title: 'Full',
    scope: { type: 'TrafficController' },
    conditions: { fact: 'queueLength', operator: 'greaterThan', value: 5 },
    actions: [{ point: 'timePlan', set: 3 }],
  };
  const about = (at = city.run.now) => explainPast(city.past, { rule: collect.id, asset: J4, at });

  it('says that it was outside of its hours, with the conditions all the same', async () => {
    await city.store('rule', { ...collect, when: { between: ['12:00', '14:00'] } });
    await city.run.reading(J4, 'queueLength', 9);
    await city.record();
    expect(await about()).toMatchObject({
      fired: false,
      reason: 'outside-hours',
      path: '/when',
      sentence: 'It was outside of its hours (12:00 to 14:00)',
      trace: [{ outcome: true, found: 9 }],
    });
    await city.run.pass(2 * 3_600);
    await city.record();
    expect(await about()).toMatchObject({ fired: true, since: START + 2 * 3_600_000 });
    expect(await about(START + 3_600_000)).toMatchObject({ reason: 'outside-hours' });
  });

  it('says on how many readings its conditions held', async () => {
    await city.store('rule', { ...collect, times: { readings: 2, within: '26 h' } });
    await city.run.reading(J4, 'queueLength', 9);
    await city.run.pass(3_600);
    const between = city.run.now;
    await city.run.pass(3_600);
    await city.run.reading(J4, 'queueLength', 8);
    await city.record();
    expect(await about(between)).toMatchObject({
      fired: false,
      reason: 'too-few-readings',
      path: '/times',
      sentence: 'Its conditions held, so far on 1 of 2 readings',
    });
    expect(await about()).toMatchObject({ fired: true, reason: 'active' });
  });
});

const watching = (conditions: object) => ({
  id: 'traffic/watching',
  title: 'Watching',
  scope: { type: 'TrafficController' },
  conditions,
  actions: [{ point: 'timePlan', set: 4 }],
});
const watch = (more: Partial<Question> = {}) =>
  explainPast(city.past, { rule: 'traffic/watching', asset: J4, at: city.run.now, ...more });

describe('a rule that reads more than readings', () => {
  it('knows how long a property has been silent', async () => {
    const silent = { fact: 'silentFor', params: { name: 'queueLength' }, operator: 'greaterThan', value: 60 };
    await city.store('rule', watching(silent));
    await city.run.reading(J4, 'queueLength', 1);
    await city.run.pass(30);
    const early = city.run.now;
    await city.run.pass(40);
    await city.record();
    expect(await watch({ at: early })).toMatchObject({ reason: 'false', trace: [{ found: 30, unit: 's' }] });
    expect(await watch()).toMatchObject({ fired: true });
  });

  it('knows what another rule was, as it was decided or as it is shown', async () => {
    const other = { fact: 'activation', params: { name: RULE }, operator: 'equal', value: 'pending' };
    await city.store('rule', watching({ all: [other, { fact: 'queueLength', operator: 'greaterThan', value: 5 }] }));
    await city.run.reading(J4, 'queueLength', 1);
    await city.run.reading(J4, 'controlMode', 'control');
    await play([0.7]);
    expect((await watch({ live: city.live() })).trace[1]).toMatchObject({ found: 'pending', outcome: true });
    await play(Array.from({ length: 8 }, () => 0.7));
    expect((await watch({ live: city.live() })).trace[1]).toMatchObject({ found: 'active' });
    expect((await watch()).trace[1]).toMatchObject({ found: 'active', outcome: false });
    expect((await watch({ at: START })).trace[1]).toMatchObject({ found: 'none' });
  });

  it('knows what a device reported and what was wanted, as it is shown and as it was recorded', async () => {
    const reported = { fact: 'reported', params: { name: 'timePlan' }, operator: 'equal', value: 7 };
    const desired = { fact: 'desired', params: { name: 'timePlan' }, operator: 'equal', value: 3 };
    await city.store('rule', watching({ all: [reported, desired] }));
    const before = city.run.now;
    await city.run.pass(1);
    await city.run.report(J4, { points: { timePlan: { value: 1, cause: 'programme' } } });
    await city.run.reading(J4, 'controlMode', 'control');
    const idle = city.run.now;
    await play(Array.from({ length: 9 }, () => 0.7));
    const wanted = city.run.now;
    await city.run.pass(1);
    await city.run.report(J4, { points: { timePlan: { value: 7, cause: 'programme' } } });
    await city.run.pass(1);
    await city.record();
    const found = async (more: Partial<Question>) => {
      const { reason, sentence, trace } = await watch(more);
      return [reason, sentence, ...trace.slice(1).map((one) => one.found)];
    };
    expect(await found({ at: before })).toEqual([
      'unknown',
      expect.stringContaining('was never reported'),
      undefined,
      undefined,
    ]);
    expect(await found({ at: idle })).toEqual(['false', expect.stringContaining('was 1, wanted = 7'), 1, undefined]);
    expect(await found({ at: wanted })).toEqual(['false', 'reported timePlan was 1, wanted = 7', 1, 3]);
    expect(await watch()).toMatchObject({ fired: true, trace: [{ outcome: true }, { found: 7 }, { found: 3 }] });
    const changes = city.run.outputs.filter(({ kind }) => kind === 'point-change').length;
    await city.run.report(J4, { points: { timePlan: { value: 7, cause: 'programme' } } });
    expect(city.run.outputs.filter(({ kind }) => kind === 'point-change')).toHaveLength(changes);
    expect(await watch({ live: city.live() })).toMatchObject({ fired: true, trace: [{}, { found: 7 }, { found: 3 }] });
  });

  it('knows the age of what is shown of a point, and says that it is not recorded how old a report was', async () => {
    const params = { name: 'timePlan', maxAge: '1 min' };
    await city.store('rule', watching({ fact: 'reported', params, operator: 'equal', value: 7 }));
    await city.run.report(J4, { points: { timePlan: { value: 1, cause: 'programme' } } });
    await city.record();
    expect(await watch({ live: city.live() })).toMatchObject({
      reason: 'false',
      sentence: 'reported timePlan was 1, wanted = 7',
    });
    expect(await watch()).toMatchObject({ fired: false, reason: 'not-recorded', trace: [] });
  });
});
