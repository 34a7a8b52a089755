// The three rules printed in the design, as printed.
import { afterEach, beforeEach, expect, it } from 'vitest';

import { commandsIn, decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { Order } from '../model/one-shot.ts';
import type { Output } from './ports.ts';

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

let run: FoldRun;
beforeEach(() => {
  run = new FoldRun({ timeZone: 'Europe/London' });
});
afterEach(() => {
  expect(run.failures).toEqual([]);
  expect(run.fold.counts.disagreements).toBe(0);
});

const ordersIn = (outputs: readonly Output[]): Order[] =>
  outputs.flatMap((output) => (output.kind === 'order' ? [output.order] : []));

const controller = (id: string, more: object) => ({
  id,
  type: 'TrafficController',
  title: id,
  department: 'traffic',
  points: { timePlan: {} },
  binding: { adapter: 'mqtt', device: id.slice(-2) },
  ...more,
});

const at = (id: string, type: string, latitude: number, more: object = {}) => ({
  id: `urn:ngsi-ld:${type}:${id}`,
  type,
  title: id,
  department: 'lighting',
  zone: 'river-path',
  location: { type: 'Point', coordinates: [-3.19, latitude] },
  ...more,
});

it('queue-relief gives its coordinated controllers the approach’s plan on a workday, and lets go in the evening', async () => {
  const J3 = 'urn:ngsi-ld:TrafficController:J3';
  const J4 = 'urn:ngsi-ld:TrafficController:J4';
  const EAST = 'urn:ngsi-ld:Approach:J4-east';
  const LOOP = 'urn:ngsi-ld:Detector:J4-east-1';
  await run.asset(controller(J3, {}));
  await run.asset(controller(J4, { tags: ['relief'], relations: { approach: [EAST], coordinated: [J3, J4] } }));
  await run.asset({
    id: EAST,
    type: 'Approach',
    title: 'J4 east',
    department: 'traffic',
    relations: { detectors: [LOOP] },
    attributes: { queueAbove: 0.4, reliefPlan: 3 },
  });
  await run.asset({ id: LOOP, type: 'Detector', title: 'Loop', department: 'traffic' });
  await run.rule(JSON.parse(QUEUE_RELIEF));
  await run.reading(J4, 'controlMode', 'control');
  const queue = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await run.reading(LOOP, 'occupancy', 0.6);
      await run.pass(60);
    }
  };
  // It is Sunday: nobody's plan is touched.
  await queue(5);
  expect(decisionsIn(run.outputs)).toEqual([]);
  await run.passTo(Date.parse('2026-11-23T19:50:00Z'));
  await queue(9);
  const [started, ...others] = decisionsIn(run.outputs);
  expect(started).toMatchObject({ kind: 'started', asset: J4, related: EAST, at: Date.parse('2026-11-23T19:51:00Z') });
  expect(others).toEqual([]);
  expect(
    commandsIn(run.outputs)
      .slice(0, 2)
      .map(({ point, want }) => [point, want]),
  ).toEqual([
    [`${J3}#timePlan`, { value: 3, rampSeconds: 0 }],
    [`${J4}#timePlan`, { value: 3, rampSeconds: 0 }],
  ]);
  await queue(3);
  expect(decisionsIn(run.outputs).slice(1)).toMatchObject([
    { kind: 'ended', at: Date.parse('2026-11-23T20:00:00Z'), reason: expect.stringContaining('outside of its hours') },
  ]);
});

it('motion-lift lifts the lamps within 50 m of somebody in the dark, for three minutes more', async () => {
  const lamp = { points: { level: {} }, binding: { adapter: 'mqtt', device: 'cabinet' } };
  await run.condition({
    id: 'lighting/dark',
    name: 'dark',
    title: 'Dark',
    conditions: {
      fact: 'illuminance',
      params: { of: 'zone:river-path/LightSensor', across: 'avg' },
      operator: 'lessThan',
      value: 20,
    },
  });
  await run.asset(at('eye', 'MotionSensor', 55.95));
  await run.asset(at('sky', 'LightSensor', 55.95));
  await run.asset(at('near', 'Streetlight', 55.9503, lamp));
  await run.asset(at('far', 'Streetlight', 55.952, lamp));
  await run.rule(JSON.parse(MOTION_LIFT));
  await run.reading('urn:ngsi-ld:MotionSensor:eye', 'motion', true);
  expect(commandsIn(run.outputs)).toEqual([]);
  await run.reading('urn:ngsi-ld:LightSensor:sky', 'illuminance', 5);
  const [started] = decisionsIn(run.outputs);
  expect(started?.claims).toEqual([expect.stringContaining('@urn:ngsi-ld:Streetlight:near#level')]);
  await run.reading('urn:ngsi-ld:MotionSensor:eye', 'motion', false);
  expect(decisionsIn(await run.pass(179))).toEqual([]);
  expect(decisionsIn(await run.pass(1))).toMatchObject([{ kind: 'ended' }]);
});

it('collect opens one order at the second full reading, due at five, and a nearly empty bin closes it', async () => {
  const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
  const bin = { id: BIN, type: 'WasteContainer', title: 'Pier 3', department: 'waste', attributes: { fullAt: 0.8 } };
  await run.asset(bin);
  await run.rule(JSON.parse(COLLECT));
  await run.reading(BIN, 'status', 'ok');
  await run.reading(BIN, 'fillingLevel', 0.85);
  expect(decisionsIn(run.outputs)).toEqual([]);
  await run.pass(12 * HOUR_S);
  const [opened] = ordersIn(await run.reading(BIN, 'fillingLevel', 0.9));
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
  for (const level of [0.6, 0.85, 0.9]) {
    await run.pass(HOUR_S);
    expect(ordersIn(await run.reading(BIN, 'fillingLevel', level))).toEqual([]);
  }
  expect(decisionsIn(run.outputs).at(-1)?.refusals).toEqual([expect.stringContaining('is open for')]);
  await run.pass(HOUR_S);
  const [closed] = ordersIn(await run.reading(BIN, 'fillingLevel', 0.05, { id: 'empty' }));
  expect(closed).toMatchObject({ orderId: opened?.orderId, state: 'closed', closedBy: 'reading', readings: ['empty'] });
  await run.pass(HOUR_S);
  await run.reading(BIN, 'fillingLevel', 0.9);
  await run.pass(HOUR_S);
  expect(ordersIn(await run.reading(BIN, 'fillingLevel', 0.9))).toMatchObject([{ state: 'open' }]);
});
