// The demo's three scenes with everything but Redis: simulated devices, real MQTT, the decoders, the engine's fold.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeCommand } from '../../engine/adapters/mqtt/encode-command.ts';
import { readMessage } from '../../engine/adapters/mqtt/read-message.ts';
import type { InterlockFact } from '../../engine/fold/ports.ts';
import type { Command, CommandRecord } from '../../engine/model/command.ts';
import { interlockSchema } from '../../engine/model/interlock.ts';
import { splitPointKey, typeOfUrn } from '../../engine/model/names.ts';
import { evaluateObserved } from '../../engine/rules/evaluate-observed.ts';
import { decodeBin } from '../../nodes/bin-sensor/decode.ts';
import { decodeLight } from '../../nodes/light-sensor/decode.ts';
import { decodeTraffic } from '../../nodes/traffic-sensor/decode.ts';
import { FoldRun } from '../../test/fold-run.ts';
import { TownRun, type Heard } from '../../test/town-run.ts';
import { CONTROL_TOPIC } from './simulator/faults.ts';

const EXAMPLES = join(import.meta.dirname, '..');
const FULL_BIN = 'urn:ngsi-ld:WasteContainer:hs-2';
const STEP_MS = 250;
const SCENES_SECONDS = 55;
const DECODERS: Record<string, typeof decodeTraffic> = {
  traffic: decodeTraffic,
  lighting: decodeLight,
  waste: decodeBin,
};

const documents = (kind: string): unknown[] =>
  globSync(`${kind}/*/*.json`, { cwd: EXAMPLES }).map((path) => JSON.parse(readFileSync(join(EXAMPLES, path), 'utf8')));

/** The box without its stores: what devices say goes into the fold, what the fold wants goes to the devices. */
class Box {
  readonly fold = new FoldRun();
  readonly town = new TownRun();
  readonly refused: string[] = [];
  readonly #interlocks = documents('interlocks').map((body) => interlockSchema.parse(body));
  readonly #facts = new Map<string, Record<string, InterlockFact>>();
  #heard = 0;
  #outputs = 0;

  async start(): Promise<void> {
    await this.town.start();
    for (const asset of this.town.assets)
      await this.fold.put({ kind: 'document', document: { of: 'asset', id: asset.id, version: 1, body: asset } });
    for (const body of documents('conditions')) await this.fold.condition(body);
    for (const body of documents('interlocks')) await this.fold.interlock(body);
    for (const body of documents('rules')) await this.fold.rule(body);
  }

  async step(): Promise<void> {
    this.town.clock.advance(STEP_MS);
    await this.#barrier();
    await this.fold.pass(STEP_MS / 1_000);
    for (const message of this.town.listener.heard.slice(this.#heard)) await this.#take(message);
    this.#heard = this.town.listener.heard.length;
    for (const output of this.fold.outputs.slice(this.#outputs)) {
      if (output.kind === 'interlock-facts') this.#facts.set(output.asset, output.facts);
      if (output.kind === 'command') await this.#carry(output.command);
    }
    this.#outputs = this.fold.outputs.length;
  }

  /** The newest record of every command. */
  records(): CommandRecord[] {
    const all = this.fold.outputs.flatMap((output) => (output.kind === 'command-record' ? [output.record] : []));
    return [...new Map(all.map((record) => [record.command.commandId, record])).values()];
  }

  verified(point: string): CommandRecord[] {
    return this.records().filter(
      ({ command, steps }) => command.point.endsWith(`#${point}`) && steps.at(-1)?.state === 'verified',
    );
  }

  /** What was said before this has been heard. */
  async #barrier(): Promise<void> {
    const topic = `barrier/${this.town.clock.now()}`;
    await this.town.listener.publish(`signalbox/v1/${topic}`, {});
    await this.town.listener.until((heard) => heard.findLast((message) => message.topic.endsWith(topic)));
  }

  async #take({ topic, channel, body }: Heard): Promise<void> {
    if (channel === 'telemetry') {
      const { readings } = DECODERS[topic.split('/')[2]!]!(body, { topic });
      const whole = readings.map((reading) => ({ ...reading, receivedAt: this.fold.now, source: 'flow:test' }));
      if (whole.length > 0) await this.fold.put({ kind: 'readings', readings: whole });
      return;
    }
    if (!['report', 'ack', 'status'].includes(channel)) return;
    const directory = { isDevice: () => true, isBound: this.#isBound };
    const read = readMessage(topic, Buffer.from(JSON.stringify(body)), directory);
    if ('input' in read) await this.fold.put(read.input);
    else this.refused.push(read.detail);
  }

  readonly #isBound = (id: string, department: string, device: string): boolean =>
    this.town.assets.some(
      (asset) => asset.id === id && asset.department === department && asset.binding?.device === device,
    );

  async #carry(command: Command): Promise<void> {
    const { asset, point } = splitPointKey(command.point);
    const value = 'value' in command.want ? command.want.value : undefined;
    const concerned = this.#interlocks.filter(
      (each) =>
        each.point === point &&
        each.scope.type === typeOfUrn(asset) &&
        value !== undefined &&
        (each.values?.includes(value) ?? true),
    );
    const facts = this.#facts.get(asset) ?? {};
    const stopped = concerned.find(({ requires }) => evaluateObserved(requires, facts, this.fold.now) !== true);
    if (stopped) this.refused.push(`${command.commandId}: ${stopped.title}`);
    if (stopped) return;
    const { topic, payload } = encodeCommand(command);
    await this.fold.sent(command);
    await this.town.listener.publish(topic, JSON.parse(payload));
    await this.town.listener.ack(command.commandId);
  }
}

const box = new Box();
beforeAll(async () => {
  await box.start();
  await box.town.listener.publish(CONTROL_TOPIC, { scene: 'fill', asset: FULL_BIN });
  for (let atMs = 0; atMs < SCENES_SECONDS * 1_000; atMs += STEP_MS) await box.step();
});
afterAll(() => box.town.stop());

test('the queue on J4 east has brought the relief plan, verified by the controller', () => {
  const plan = box.verified('timePlan').find(({ command }) => command.device === 'J4');
  expect(plan?.command.want).toMatchObject({ value: 3 });
});

test('and J5, which is coordinated with it, has the same plan', () => {
  const plans = box.verified('timePlan').filter(({ command }) => command.device === 'J5');
  expect(plans.map(({ command }) => command.want)).toContainEqual({ value: 3, rampSeconds: 0 });
});

test('the full container has one order for its collection, however often it says so', () => {
  const orders = box.fold.outputs.flatMap((output) => (output.kind === 'order' ? [output.order] : []));
  const ofBin = orders.filter(({ asset }) => asset === FULL_BIN);
  expect(ofBin).toMatchObject([{ kind: 'collection', rule: 'waste/collect', state: 'open' }]);
});

test('lamps near the walker stand at 80 % or more, verified by their meters', () => {
  const lamps = box.verified('level').filter(({ command }) => 'value' in command.want && command.want.value === 0.8);
  expect(lamps.length).toBeGreaterThanOrEqual(3);
  expect(lamps[0]?.steps.at(-1)?.proof).toBe('instrument');
});

test('the full compactor has pressed, verified, and no more than once', () => {
  const pressed = box.verified('compaction').filter(({ command }) => command.device === 'compactor-hs-1');
  expect(pressed.length).toBeGreaterThanOrEqual(1);
  const begun = box.town.effects.filter(({ device, value }) => device === 'compactor-hs-1' && value === 'compacting');
  expect(begun).toHaveLength(1);
});

test('no command that was sent is left unproven, no message was refused, and nothing failed on the way', () => {
  const ends = box.records().map(({ command, steps }) => `${command.commandId} ${steps.at(-1)?.state}`);
  expect(ends.filter((end) => /unverified|failed|expired/.test(end))).toEqual([]);
  expect(box.refused).toEqual([]);
  expect(box.fold.failures).toEqual([]);
});
