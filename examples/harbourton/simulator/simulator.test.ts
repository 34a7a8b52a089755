// The simulated town on a real broker: devices keep the field contract, and break it on request.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toIso } from '../../../engine/model/clock.ts';
import { reportSchema, statusSchema, type Report } from '../../../engine/model/field.ts';
import { normalise } from '../../../engine/model/reading.ts';
import { decodeBin } from '../../../nodes/bin-sensor/decode.ts';
import { decodeLight } from '../../../nodes/light-sensor/decode.ts';
import { decodeTraffic } from '../../../nodes/traffic-sensor/decode.ts';
import { TownRun, type Heard } from '../../../test/town-run.ts';
import { CONTROL_TOPIC } from './faults.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const J4 = 'urn:ngsi-ld:TrafficController:J4';
const PRESS = 'urn:ngsi-ld:WasteContainer:hs-1';
const SHARED_MODELS = '../shared/data/smart-data-models';

const pointIs = (point: string, value: unknown, cause: string) => (report: Report) =>
  report.points[point]?.value === value && report.points[point]?.cause === cause;

let town: TownRun;

describe('devices keep the contract', () => {
  beforeEach(async () => {
    town = new TownRun();
    await town.start();
  });
  afterEach(() => town.stop());

  test('a lamp moves over the ramp, its meter proves it, and a repeat changes nothing', async () => {
    const command = town.newCommand(LAMP, 'level', { value: 0.8, rampSeconds: 2 });
    await town.listener.command('lighting', 'cabinet-river-path', command);
    expect(await town.listener.ack(command.commandId)).toMatchObject({ result: 'accepted', repeated: false });
    town.clock.advance(2_500);
    const report = await town.listener.report(LAMP, pointIs('level', 0.8, 'command'));
    expect(report.points['level']?.commandId).toBe(command.commandId);
    expect(Number(report.readings['activePower'])).toBeCloseTo(0.8 * 40, -0.5);

    await town.listener.command('lighting', 'cabinet-river-path', command);
    const again = await town.listener.ack(command.commandId, ({ repeated }) => repeated);
    expect(again.result).toBe('accepted');
    expect(town.effects.filter(({ commandId }) => commandId === command.commandId)).toHaveLength(1);
  });

  test('an older sequence, an older fence and a late command are refused, each with its name', async () => {
    const { listener, clock } = town;
    const first = town.newCommand(LAMP, 'level', { value: 0.8, rampSeconds: 0 }, { sequence: 10, fence: 3 });
    const old = town.newCommand(LAMP, 'level', { value: 0.1, rampSeconds: 0 }, { sequence: 9, fence: 3 });
    const deposed = town.newCommand(LAMP, 'level', { value: 0.2, rampSeconds: 0 }, { sequence: 11, fence: 2 });
    const late = town.newCommand(
      LAMP,
      'level',
      { value: 0.3, rampSeconds: 0 },
      { sequence: 12, fence: 3, notAfter: toIso(clock.now() - 1) },
    );
    for (const command of [first, old, deposed, late])
      await listener.command('lighting', 'cabinet-river-path', command);
    expect((await listener.ack(old.commandId)).result).toBe('outdated');
    expect((await listener.ack(deposed.commandId)).result).toBe('outdated');
    expect((await listener.ack(late.commandId)).result).toBe('expired');
    expect(town.effects.filter(({ asset }) => asset === LAMP).map(({ value }) => value)).toEqual([0.8]);
  });

  test('returns to its own programme when the lease ends', async () => {
    const lease = { until: toIso(town.clock.now() + 5_000) };
    const command = town.newCommand(LAMP, 'level', { value: 0.9, rampSeconds: 0 }, { lease });
    await town.listener.command('lighting', 'cabinet-river-path', command);
    await town.listener.report(LAMP, pointIs('level', 0.9, 'command'));
    town.clock.advance(8_000);
    await town.listener.report(LAMP, (report) => report.points['level']?.cause === 'programme');
    expect(town.effects.filter(({ asset }) => asset === LAMP).at(-1)).toMatchObject({ cause: 'programme' });
  });

  test('returns to its own programme when it is released', async () => {
    await town.listener.command('traffic', 'J4', town.newCommand(J4, 'timePlan', { value: 3, rampSeconds: 0 }));
    await town.listener.ack(`${J4}#timePlan:1`);
    town.clock.advance(12_500);
    await town.listener.report(J4, pointIs('timePlan', 3, 'command'));
    await town.listener.command('traffic', 'J4', town.newCommand(J4, 'timePlan', { release: true }));
    await town.listener.ack(`${J4}#timePlan:2`);
    town.clock.advance(12_500);
    const moves = town.effects.filter(({ asset }) => asset === J4).map(({ value, cause }) => `${value} ${cause}`);
    expect(moves).toEqual(['3 command', '1 programme']);
  });

  test('a plan begins with the next cycle and is reported then', async () => {
    const command = town.newCommand(J4, 'timePlan', { value: 3, rampSeconds: 0 });
    await town.listener.command('traffic', 'J4', command);
    await town.listener.ack(command.commandId);
    town.clock.advance(11_500);
    expect(town.effects.filter(({ asset }) => asset === J4)).toEqual([]);
    town.clock.advance(750);
    expect(town.effects.filter(({ asset }) => asset === J4)).toMatchObject([{ value: 3, cause: 'command' }]);
    const report = await town.listener.report(J4, pointIs('timePlan', 3, 'command'));
    expect(report.points['timePlan']?.commandId).toBe(command.commandId);
  });

  test('a press presses once, rests by itself, and leaves room', async () => {
    const command = town.newCommand(PRESS, 'compaction', { value: 'compacting', rampSeconds: 0 });
    await town.listener.command('waste', 'compactor-hs-1', command);
    await town.listener.report(PRESS, pointIs('compaction', 'compacting', 'command'));
    const before = await fillAfter(0);
    const already = town.listener.heard.length;
    town.clock.advance(9_000);
    await town.listener.report(PRESS, pointIs('compaction', 'idle', 'programme'));
    expect(await fillAfter(already)).toBeLessThan(before * 0.7);
    const causes = town.effects.filter(({ asset }) => asset === PRESS).map(({ value, cause }) => `${value} ${cause}`);
    expect(causes).toEqual(['compacting command', 'idle programme']);
  });

  test('what it does not have, or cannot take, is refused with the reason', async () => {
    const { listener } = town;
    const cases = [
      { command: town.newCommand(LAMP, 'level', { value: 80, rampSeconds: 0 }), why: 'from 0 to 1' },
      { command: town.newCommand(LAMP, 'colour', { value: 1, rampSeconds: 0 }), why: 'no point colour' },
      { command: town.newCommand(J4, 'level', { value: 1, rampSeconds: 0 }), why: 'does not speak for' },
    ];
    for (const { command, why } of cases) {
      await listener.command('lighting', 'cabinet-river-path', command);
      const ack = await listener.ack(command.commandId);
      expect(ack).toMatchObject({ result: 'refused', reason: expect.stringContaining(why) });
    }
    const unknownPlan = town.newCommand(J4, 'timePlan', { value: 99, rampSeconds: 0 });
    await listener.command('traffic', 'J4', unknownPlan);
    expect((await listener.ack(unknownPlan.commandId)).reason).toContain('programmed are 1, 2, 3, 4, 5, 6');
  });

  test('comes back after the broker was gone, says online and reports everything', async () => {
    const heard = town.listener.heard.length;
    await town.broker.stop();
    await town.broker.start();
    await town.allOnline(heard);
    const before = town.listener.heard.length;
    town.clock.advance(500);
    await town.listener.until((all) => all.slice(before).find(({ body }) => JSON.stringify(body).includes(LAMP)));
    const command = town.newCommand(LAMP, 'level', { value: 0.7, rampSeconds: 0 });
    await town.listener.command('lighting', 'cabinet-river-path', command);
    expect((await town.listener.ack(command.commandId)).result).toBe('accepted');
  });

  test('says offline when it ends, and leaves no timer', async () => {
    const heard = town.listener.heard.length;
    await town.simulator.stop();
    await town.simulator.stop();
    await town.listener.until((all) => {
      const offline = all.slice(heard).filter(({ channel }) => channel === 'status');
      for (const { body } of offline) expect(statusSchema.parse(body).state).toBe('offline');
      return offline.length === town.simulator.devices.length || undefined;
    });
    // What remains are the farewells' time limits.
    town.clock.advance(2_000);
    expect(town.clock.waiting).toBe(0);
  });
});

describe('misbehaviour', () => {
  beforeEach(async () => {
    town = new TownRun();
    await town.start(['lighting', 'traffic', 'waste']);
  });
  afterEach(() => town.stop());

  test('is asked for on the control topic', async () => {
    await town.listener.publish(CONTROL_TOPIC, { asset: LAMP, fault: 'ackMissing', on: true });
    // Messages of one client arrive in order, but not those of two: wait until the fault is on.
    await expect.poll(() => town.simulator.faults.has('ackMissing', 'cabinet-river-path', LAMP)).toBe(true);
    const commandId = await lampTo(0.6);
    await town.listener.report(LAMP, pointIs('level', 0.6, 'command'));
    expect(acksOf(commandId)).toEqual([]);
  });

  test('what the control topic does not know is refused with all problems', () => {
    expect(town.simulator.control({ device: 'J4', fault: 'sulks', on: true }).ok).toBe(false);
    expect(town.simulator.control('nonsense').ok).toBe(false);
  });

  test('ackLate: the answer comes 15 s after the deed', async () => {
    town.simulator.faults.set(LAMP, 'ackLate', true);
    const commandId = await lampTo(0.6);
    await town.listener.report(LAMP, pointIs('level', 0.6, 'command'));
    town.clock.advance(14_000);
    expect(acksOf(commandId)).toEqual([]);
    town.clock.advance(1_500);
    expect((await town.listener.ack(commandId)).result).toBe('accepted');
  });

  test('ackFalse: accepted, and nothing happens', async () => {
    town.simulator.faults.set(LAMP, 'ackFalse', true);
    expect((await town.listener.ack(await lampTo(0.6))).result).toBe('accepted');
    expect(town.effects).toEqual([]);
  });

  test('stuckLamp: the lamp says its level, the meter says 0 W', async () => {
    town.simulator.faults.set(LAMP, 'stuckLamp', true);
    await lampTo(0.6);
    const report = await town.listener.report(LAMP, pointIs('level', 0.6, 'command'));
    expect(report.readings).toMatchObject({ activePower: 0, lampFailure: false });
  });

  test('silent: a device that says nothing, its neighbours speak on', async () => {
    town.simulator.faults.set('J5', 'silent', true);
    const heard = town.listener.heard.length;
    town.clock.advance(30_000);
    await town.listener.until((all) =>
      all
        .slice(heard)
        .filter(({ device }) => device === 'J6')
        .at(50),
    );
    expect(town.listener.heard.slice(heard).filter(({ device }) => device === 'J5')).toEqual([]);
  });

  test('doorOpen: the door is reported, the press refuses, and one that runs stops', async () => {
    const begin = () => town.newCommand(PRESS, 'compaction', { value: 'compacting', rampSeconds: 0 });
    await town.listener.command('waste', 'compactor-hs-1', begin());
    await town.listener.report(PRESS, pointIs('compaction', 'compacting', 'command'));
    town.simulator.faults.set('compactor-hs-1', 'doorOpen', true);
    town.clock.advance(250);
    const stopped = await town.listener.report(PRESS, pointIs('compaction', 'idle', 'local'));
    expect(stopped.readings['door']).toBe('open');
    const refused = begin();
    await town.listener.command('waste', 'compactor-hs-1', refused);
    expect(await town.listener.ack(refused.commandId)).toMatchObject({ result: 'refused', reason: 'the door is open' });
  });

  test('policeKey: reported, commands are refused, the plan is its own again', async () => {
    await town.listener.command('traffic', 'J4', town.newCommand(J4, 'timePlan', { value: 3, rampSeconds: 0 }));
    await town.listener.ack(`${J4}#timePlan:1`);
    town.clock.advance(12_500);
    town.simulator.faults.set('J4', 'policeKey', true);
    town.clock.advance(12_500);
    const report = await town.listener.report(J4, (each) => each.readings['policeKey'] === 'yellowFlash');
    expect(report.readings['controlMode']).toBe('standby');
    await town.listener.report(
      J4,
      (each) => pointIs('timePlan', 1, 'programme')(each) && each.readings['policeKey'] !== 'disabled',
    );
    await town.listener.command('traffic', 'J4', town.newCommand(J4, 'timePlan', { value: 3, rampSeconds: 0 }));
    expect((await town.listener.ack(`${J4}#timePlan:2`)).reason).toBe('the police key is turned');
  });

  test('handAtCabinet: a local change with its cause; when the hand leaves, the programme goes on', async () => {
    town.simulator.faults.set(LAMP, 'handAtCabinet', true);
    town.clock.advance(250);
    await town.listener.report(LAMP, pointIs('level', 1, 'local'));
    expect((await town.listener.ack(await lampTo(0.2))).result).toBe('refused');
    town.simulator.faults.set(LAMP, 'handAtCabinet', false);
    town.clock.advance(3_000);
    await town.listener.report(LAMP, pointIs('level', 0, 'programme'));
  });
});

describe('the scene plan, and what is said on the way', () => {
  beforeAll(async () => {
    town = new TownRun();
    await town.start();
    for (let second = 0; second < 60; second += 1) {
      town.clock.advance(1_000);
      // A breath for the broker, so that nothing queues up without bound.
      await new Promise(setImmediate);
    }
    await town.listener.until((heard) => {
      const end = toIso(town.clock.now() - 1_000);
      return heard.find(({ device, body }) => device === 'J4' && JSON.stringify(body) > '' && observedAt(body) >= end);
    });
  });
  afterAll(() => town.stop());

  test('within 25 s a queue stands on J4 east, for longer than 10 s', () => {
    const occupied = readings('urn:ngsi-ld:Detector:J4-east-1', 'occupancy').filter(
      ({ value }) => Number(value) > 0.35,
    );
    expect(occupied[0]?.second).toBeLessThan(25);
    expect(occupied.length).toBeGreaterThan(12);
    const queue = readings('urn:ngsi-ld:Approach:J4-east', 'queueLength').map(({ value }) => Number(value));
    expect(Math.max(...queue)).toBeGreaterThan(8);
  });

  test('within 25 s it is dark and somebody walks the river path', () => {
    const dark = readings('urn:ngsi-ld:LightSensor:river-path', 'illuminance').find(({ value }) => Number(value) < 10);
    expect(dark?.second).toBeLessThan(20);
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((number) =>
      readings(`urn:ngsi-ld:MotionSensor:river-path-${number}`, 'motion')
        .filter(({ value }) => value === true)
        .map(({ second }) => second),
    );
    expect(Math.min(...seconds)).toBeLessThan(25);
  });

  test('within 25 s a compactor has crossed its limit', () => {
    const crossed = readings(PRESS, 'fillingLevel').find(({ value }) => Number(value) >= 0.7);
    expect(crossed?.second).toBeLessThan(25);
  });

  test('every telemetry message is understood by its department’s decoder', () => {
    const decoders = { traffic: decodeTraffic, lighting: decodeLight, waste: decodeBin };
    const known = new Set(town.assets.map(({ id }) => id));
    for (const [department, decode] of Object.entries(decoders)) {
      const messages = telemetry().filter(({ topic }) => topic.includes(`/${department}/`));
      expect(messages.length).toBeGreaterThan(20);
      for (const { topic, body } of messages) {
        const { readings: found, problems } = decode(body, { topic });
        expect(problems).toEqual([]);
        expect(found.length).toBeGreaterThan(0);
        expect(found.every(({ asset }) => known.has(asset))).toBe(true);
      }
    }
  });

  test('some speak Smart Data Models, some in percent', () => {
    expect(messagesOfType('TrafficFlowObserved').length).toBeGreaterThan(20);
    expect(messagesOfType('WasteContainer').length).toBeGreaterThan(5);
    expect(telemetry().some(({ body }) => JSON.stringify(body).includes('"units":{"fillingLevel":"%"}'))).toBe(true);
  });

  test.skipIf(!existsSync(SHARED_MODELS)).each(['TrafficFlowObserved', 'WasteContainer'])(
    '%s uses the model’s own field names',
    (type) => {
      const schema = readFileSync(`${SHARED_MODELS}/${type}/schema.json`, 'utf8');
      const ours = new Set(messagesOfType(type).flatMap(({ body }) => Object.keys(Object(body))));
      // From the common schema: id, location. TrafficFlowObserved has no field for its sensor: refDevice is borrowed.
      const foreign = [...ours].filter((name) => !schema.includes(`"${name}"`));
      expect(foreign.filter((name) => !['id', 'location', 'refDevice'].includes(name))).toEqual([]);
    },
  );

  test('every report is in the contract’s form, its values in range, and comes at least every 20 s', () => {
    const last = new Map<string, number>();
    for (const { body } of town.listener.heard.filter(({ channel }) => channel === 'report')) {
      const report = reportSchema.parse(body);
      for (const [property, value] of Object.entries(report.readings))
        expect(normalise(property, value)).toHaveProperty('value');
      const at = Date.parse(report.observedAt);
      expect(at - (last.get(report.asset) ?? at)).toBeLessThanOrEqual(20_000);
      last.set(report.asset, at);
    }
    expect(last.size).toBe(6 + 123 + 8);
  });
});

/** Sends lamp 17 to a level; gives the command's id. */
const lampTo = async (value: number) => {
  const command = town.newCommand(LAMP, 'level', { value, rampSeconds: 0 });
  await town.listener.command('lighting', 'cabinet-river-path', command);
  return command.commandId;
};

const telemetry = () => town.listener.heard.filter(({ channel }) => channel === 'telemetry');
const messagesOfType = (type: string) => telemetry().filter(({ body }) => Object(body).type === type);
const acksOf = (commandId: string) =>
  town.listener.heard.filter(({ channel, body }) => channel === 'ack' && Object(body).commandId === commandId);
const observedAt = (body: unknown): string => String(Object(body).observedAt ?? '');

/** What a sensor said, with the second of the town's time. */
function readings(asset: string, property: string): { second: number; value: unknown }[] {
  const start = Date.UTC(2026, 10, 22, 10);
  return telemetry()
    .filter(({ body }) => Object(body).asset === asset)
    .map(({ body }) => ({
      second: (Date.parse(observedAt(body)) - start) / 1_000,
      value: Object(body).readings[property],
    }));
}

/** The newest fill of the press among the messages from `from` on. */
const fillAfter = (from: number): Promise<number> =>
  town.listener.until((heard: readonly Heard[]) => {
    const said = heard
      .slice(from)
      .filter(({ channel, body }) => channel === 'telemetry' && Object(body).asset === PRESS);
    const fill = said.map(({ body }) => Number(Object(body).readings.fillingLevel));
    return fill.length === 0 ? undefined : fill.at(-1);
  });
