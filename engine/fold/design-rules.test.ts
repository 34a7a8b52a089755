// The three rules printed in the design, as printed, in the demo city.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, decisionsIn, FoldRun } from '../../test/fold-run.ts';
import { assetSchema } from '../model/asset.ts';
import type { Order } from '../model/one-shot.ts';
import { namedConditionSchema } from '../model/rule.ts';
import { createRuleCatalogue } from '../rules/check/catalogue.ts';
import { parseRule } from '../rules/parse-rule.ts';
import type { Output } from './ports.ts';
import { runRuleTests } from './rule-test-runner.ts';

const HOUR_S = 3_600;

const QUEUE_RELIEF = `{ "id": "traffic/queue-relief", "title": "Relief plan for the approach that queues",
  "scope": { "type": "TrafficController", "tag": "relief", "each": "approach", "except": ["urn:ngsi-ld:TrafficController:J7"] },
  "conditions": { "all": [
    { "fact": "occupancy", "params": { "of": "approach/detectors", "across": "max", "window": "3 min", "aggregate": "avg" },
      "operator": "greaterThan", "value": { "fact": "attribute", "params": { "of": "approach", "name": "queueAbove" } } },
    { "fact": "controlMode", "operator": "equal", "value": "control" } ] },
  "for": "1 min",
  "clear": { "all": [
    { "fact": "occupancy", "params": { "of": "approach/detectors", "across": "max", "window": "3 min", "aggregate": "avg" },
      "operator": "lessThan", "value": 0.15 } ] },
  "clearFor": "2 min", "onUnknown": "release",
  "when": { "days": "workday", "between": ["06:30", "20:00"] },
  "actions": [ { "point": "timePlan", "of": "coordinated", "set": { "attribute": "approach.reliefPlan" }, "maxDuration": "2 h" } ] }`;

const MOTION_LIFT = `{ "id": "lighting/motion-lift", "title": "Somebody near: at least 80 % on the lamps within 50 m",
  "scope": { "type": "MotionSensor", "zone": "river-path" },
  "conditions": { "all": [ { "fact": "motion", "operator": "equal", "value": true }, { "condition": "dark" } ] },
  "clearFor": "3 min", "onUnknown": "release",
  "actions": [ { "point": "level", "of": "near:50m/Streetlight", "atLeast": 0.8, "ramp": "2 s" } ] }`;

const COLLECT = `{ "id": "waste/collect", "title": "Collect before it overflows",
  "scope": { "type": "WasteContainer", "except": { "tag": "market" } },
  "conditions": { "all": [
    { "fact": "fillingLevel", "operator": "greaterThanInclusive", "value": { "fact": "attribute", "params": { "name": "fullAt" } } },
    { "fact": "status", "operator": "notIn", "value": ["burning", "moved"] } ] },
  "times": { "readings": 2, "within": "26 h" },
  "actions": [ { "order": "collection", "dueBy": "05:00",
    "done": { "all": [ { "fact": "fillingLevel", "operator": "lessThan", "value": 0.2 } ] } } ] }`;

const EXAMPLES = join(import.meta.dirname, '../../examples');
const read = (pattern: string): unknown[] =>
  globSync(pattern, { cwd: EXAMPLES }).map((path) => JSON.parse(readFileSync(join(EXAMPLES, path), 'utf8')));
const HARBOURTON = {
  assets: read('harbourton/assets/*.json').flatMap((list) => assetSchema.array().parse(list)),
  conditions: read('conditions/*/*.json').map((body) => namedConditionSchema.parse(body)),
};

const PRINTED: [id: string, text: string][] = [
  ['traffic/queue-relief', QUEUE_RELIEF],
  ['lighting/motion-lift', MOTION_LIFT],
  ['waste/collect', COLLECT],
];

describe.each(PRINTED)('%s', (id, printed) => {
  const catalogue = createRuleCatalogue(HARBOURTON);
  const inFull = readFileSync(join(EXAMPLES, `real-times/${id}.json`), 'utf8');

  it('is accepted in Harbourton without a problem or a warning', () => {
    expect(parseRule(printed, catalogue)).toMatchObject({ ok: true, value: { id }, warnings: [] });
  });

  it('is written out in full among the examples, with tests that pass', async () => {
    const { tests, ...rest } = JSON.parse(inFull);
    expect(rest).toEqual(JSON.parse(printed));
    expect(tests.length).toBeGreaterThanOrEqual(4);
    const parsed = parseRule(inFull, catalogue);
    const results = parsed.ok ? await runRuleTests(parsed.value, HARBOURTON) : [];
    expect(results.map(({ passed }) => passed)).toEqual(tests.map(() => true));
  });

  it('runs in the demo with shorter times, at any hour, and for the junctions that are there', () => {
    const demo: unknown = JSON.parse(readFileSync(join(EXAMPLES, `rules/${id}.json`), 'utf8'));
    const { when: _hours, tests: _tests, ...rest } = JSON.parse(inFull);
    expect(timeless(demo)).toEqual(timeless(rest));
  });
});

/** A rule without its tests, its lengths of time, and the assets that it excepts. */
function timeless(rule: unknown): unknown {
  if (Array.isArray(rule)) return rule.map(timeless);
  if (typeof rule !== 'object' || rule === null) return rule;
  const fields = Object.entries(rule).filter(([name]) => name !== 'tests');
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      TIMES.includes(name) ? 'some time' : name === 'except' && Array.isArray(value) ? 'some' : timeless(value),
    ]),
  );
}
const TIMES = ['for', 'clearFor', 'window', 'within', 'maxDuration'];

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun({ timeZone: 'Europe/London' });
  for (const asset of HARBOURTON.assets) await run.asset(asset);
  for (const condition of HARBOURTON.conditions) await run.condition(condition);
});
afterEach(() => {
  expect(run.failures).toEqual([]);
  expect(run.fold.counts.disagreements).toBe(0);
});

const ordersIn = (outputs: readonly Output[]): Order[] =>
  outputs.flatMap((output) => (output.kind === 'order' ? [output.order] : []));

const controller = (name: string) => `urn:ngsi-ld:TrafficController:${name}`;
const [J4, J5, J7] = [controller('J4'), controller('J5'), controller('J7')];
const EAST = 'urn:ngsi-ld:Approach:J4-east';
const LOOPS = [1, 2].map((number) => `urn:ngsi-ld:Detector:J4-east-${number}`);

/** A queue of so many minutes, seen every five seconds; the controllers say that they are in control. */
async function queue(minutes: number, occupancy = 0.6): Promise<Output[]> {
  const outputs: Output[] = [];
  for (let second = 0; second < minutes * 60; second += 5) {
    if (second % 20 === 0) for (const id of [J4, J7]) await run.reading(id, 'controlMode', 'control');
    for (const loop of LOOPS) outputs.push(...(await run.reading(loop, 'occupancy', occupancy)));
    outputs.push(...(await run.pass(5)));
  }
  return outputs;
}

const wanted = (outputs: readonly Output[]) => commandsIn(outputs).map(({ want }) => want);
const lamp = (number: number) => `urn:ngsi-ld:Streetlight:river-path-${number}#level`;
const claimsOf = (outputs: readonly Output[]) => decisionsIn(outputs).map(({ kind, claims }) => [kind, ...claims]);
const claim = (point: string) => `traffic/queue-relief|${J4}|${EAST}#0@${point}#timePlan`;

it('queue-relief gives its coordinated controllers the approach’s plan on a workday, and lets go in the evening', async () => {
  await run.asset({
    id: J7,
    type: 'TrafficController',
    title: 'J7',
    department: 'traffic',
    tags: ['relief'],
    relations: { approach: [EAST], coordinated: [J7] },
    points: { timePlan: {} },
    binding: { adapter: 'mqtt', device: 'J7' },
  });
  await run.rule(JSON.parse(QUEUE_RELIEF));
  // It is Sunday: nobody's plan is touched.
  expect(decisionsIn(await queue(5))).toEqual([]);
  await run.passTo(Date.parse('2026-11-23T19:50:00Z'));
  const outputs = await queue(9);
  expect(decisionsIn(outputs)).toMatchObject([
    { kind: 'started', asset: J4, related: EAST, at: Date.parse('2026-11-23T19:51:00Z') },
  ]);
  // J7 has the same queue, and is excepted.
  expect(claimsOf(outputs)).toEqual([['started', claim(J4), claim(J5)]]);
  const asked = commandsIn(outputs).map(({ point, want }) => [point, want]);
  expect(asked.slice(0, 2)).toEqual([
    [`${J4}#timePlan`, { value: 3, rampSeconds: 0 }],
    [`${J5}#timePlan`, { value: 3, rampSeconds: 0 }],
  ]);
  expect(decisionsIn(await queue(3))).toMatchObject([
    { kind: 'ended', at: Date.parse('2026-11-23T20:00:00Z'), reason: expect.stringContaining('outside of its hours') },
  ]);
});

it('queue-relief lets go when the last three minutes were quiet for two, and after two hours in any case', async () => {
  await run.rule(JSON.parse(QUEUE_RELIEF));
  await run.passTo(Date.parse('2026-11-23T07:00:00Z'));
  await queue(4);
  expect(claimsOf(await queue(4, 0.05))).toEqual([]);
  expect(claimsOf(await queue(2, 0.05))).toEqual([['ended', claim(J4), claim(J5)]]);
  await run.passTo(Date.parse('2026-11-23T08:00:00Z'));
  expect(wanted(await queue(2))).toContainEqual({ value: 3, rampSeconds: 0 });
  await queue(117);
  const late = await queue(4);
  expect(wanted(late)).toContainEqual({ release: true });
  expect(decisionsIn(late)).toEqual([]);
});

it('motion-lift lifts the lamps within 50 m of somebody in the dark, for three minutes more', async () => {
  const [EYE, SKY] = ['urn:ngsi-ld:MotionSensor:river-path-2', 'urn:ngsi-ld:LightSensor:river-path'];
  const look = async (motion: boolean) => [
    ...(await run.reading(SKY, 'illuminance', 5)),
    ...(await run.reading(EYE, 'motion', motion)),
    ...(await run.pass(10)),
  ];
  await run.rule(JSON.parse(MOTION_LIFT));
  await run.reading(EYE, 'motion', true);
  expect(commandsIn(run.outputs)).toEqual([]);
  const outputs = await look(true);
  expect(decisionsIn(outputs)[0]?.claims.map((id) => id.slice(id.indexOf('@') + 1))).toEqual(
    [10, 6, 7, 8, 9].map(lamp),
  );
  const asked = new Map(commandsIn(outputs).map(({ point, want }) => [point, want]));
  expect([...asked.keys()].toSorted()).toEqual([10, 6, 7, 8, 9].map(lamp));
  expect(asked.get(lamp(8))).toEqual({ value: 0.8, rampSeconds: 2 });
  for (let second = 0; second < 170; second += 10) expect(decisionsIn(await look(false))).toEqual([]);
  expect(decisionsIn(await look(false))).toMatchObject([{ kind: 'ended' }]);
});

const [BIN, STALL] = ['urn:ngsi-ld:WasteContainer:rp-1', 'urn:ngsi-ld:WasteContainer:ms-2'];
/** What a container says of itself, twice. */
const say = async (fillingLevel: number, more: { id?: string; at?: number } = {}, asset = BIN): Promise<Output[]> => [
  ...(await run.reading(asset, 'status', 'ok')),
  ...(await run.reading(asset, 'fillingLevel', fillingLevel, more)),
];

it('collect opens one order at the second full reading, due at five, and a nearly empty bin closes it', async () => {
  await run.rule(JSON.parse(COLLECT));
  await say(0.85);
  expect(decisionsIn(run.outputs)).toEqual([]);
  await run.pass(12 * HOUR_S);
  const [opened] = ordersIn(await say(0.9));
  expect(opened).toMatchObject({
    kind: 'collection',
    asset: BIN,
    department: 'waste',
    rule: 'waste/collect',
    state: 'open',
    openedAt: run.now,
    dueAt: Date.parse('2026-11-23T05:00:00Z'),
  });
  expect(decisionsIn(run.outputs)[0]).toMatchObject({ kind: 'started', claims: [], orders: [opened?.orderId] });
  // Pressed a little: no longer full, but not collected either. Full again: still the one order.
  for (const level of [0.6, 0.86, 0.9]) {
    await run.pass(HOUR_S);
    expect(ordersIn(await say(level))).toEqual([]);
  }
  expect(decisionsIn(run.outputs).findLast(({ kind }) => kind === 'started')?.refusals).toEqual([
    expect.stringContaining('is open for'),
  ]);
  await run.pass(HOUR_S);
  const [closed] = ordersIn(await say(0.05, { id: 'empty' }));
  expect(closed).toMatchObject({ orderId: opened?.orderId, state: 'closed', closedBy: 'reading', readings: ['empty'] });
  await run.pass(HOUR_S);
  await say(0.9);
  await run.pass(HOUR_S);
  expect(ordersIn(await say(0.9))).toMatchObject([{ state: 'open' }]);
});

it('collect takes a reading that is sent five times once, and leaves the market alone', async () => {
  await run.rule(JSON.parse(COLLECT));
  const { now: at } = run;
  for (let time = 0; time < 5; time += 1) await say(0.95, { id: 'same', at });
  for (let time = 0; time < 5; time += 1) {
    await say(0.95, {}, STALL);
    await run.pass(60);
  }
  expect(ordersIn(run.outputs)).toEqual([]);
  expect(ordersIn(await say(0.95, { id: 'other' }))).toMatchObject([{ asset: BIN, state: 'open' }]);
});
