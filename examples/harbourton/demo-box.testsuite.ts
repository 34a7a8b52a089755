// The demo city on a box without its stores, for tests: simulated devices, real MQTT, the decoders, the engine's fold and
// the worker's own check of interlocks.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactInterlockCheck } from '../../engine/actions/interlock-check.ts';
import { KnownDocuments, type KnownDocument } from '../../engine/actions/known-documents.ts';
import { encodeCommand } from '../../engine/adapters/mqtt/encode-command.ts';
import { readMessage } from '../../engine/adapters/mqtt/read-message.ts';
import type { InterlockFact } from '../../engine/fold/ports.ts';
import type { Command, CommandRecord } from '../../engine/model/command.ts';
import { interlockSchema } from '../../engine/model/interlock.ts';
import { splitPointKey } from '../../engine/model/names.ts';
import type { Value } from '../../engine/model/value.ts';
import { evaluateObserved } from '../../engine/rules/evaluate-observed.ts';
import { decodeBin } from '../../nodes/bin-sensor/decode.ts';
import { decodeLight } from '../../nodes/light-sensor/decode.ts';
import { decodeTraffic } from '../../nodes/traffic-sensor/decode.ts';
import { FoldRun } from '../../test/fold-run.ts';
import { TownRun, type Heard } from '../../test/town-run.ts';
import { CONTROL_TOPIC, type Fault } from './simulator/faults.ts';

const EXAMPLES = join(import.meta.dirname, '..');
/** How far time goes at once. */
export const STEP_MS = 250;
const DECODERS: Record<string, typeof decodeTraffic> = {
  traffic: decodeTraffic,
  lighting: decodeLight,
  waste: decodeBin,
};

const documents = (kind: string): unknown[] =>
  globSync(`${kind}/*/*.json`, { cwd: EXAMPLES }).map((path) => JSON.parse(readFileSync(join(EXAMPLES, path), 'utf8')));

/** What devices say goes into the fold, what the fold wants goes to the devices. */
export class DemoBox {
  readonly fold = new FoldRun();
  readonly town = new TownRun();
  /** What was not taken, and commands that an interlock stopped. */
  readonly refused: string[] = [];
  /** Commands that went out on the field bus. */
  readonly sent: Command[] = [];
  readonly #options: { departments?: readonly string[]; rules?: boolean };
  readonly #silent = new Set<string>();
  readonly #facts = new Map<string, Record<string, InterlockFact>>();
  readonly #known: KnownDocuments;
  readonly #check: FactInterlockCheck;
  #heard = 0;
  #outputs = 0;

  /** @param options.departments default all; `options.rules`: with the demo's rules and named conditions, default true */
  constructor(options: { departments?: readonly string[]; rules?: boolean } = {}) {
    this.#options = options;
    this.#known = new KnownDocuments({
      read: async () => [
        ...this.#documentsOf('asset', this.town.assets),
        ...this.#documentsOf('interlock', INTERLOCKS),
      ],
      clock: this.town.clock,
      note: (error) => this.refused.push(String(error)),
    });
    this.#check = new FactInterlockCheck({
      facts: async (asset) => ({ facts: this.#facts.get(asset) ?? {}, now: this.fold.now }),
      documents: this.#known,
      evaluate: evaluateObserved,
    });
  }

  async start(): Promise<void> {
    await this.town.start(this.#options.departments);
    await this.#known.refresh();
    for (const asset of this.town.assets)
      await this.fold.put({ kind: 'document', document: { of: 'asset', id: asset.id, version: 1, body: asset } });
    for (const body of INTERLOCKS) await this.fold.interlock(body);
    if (this.#options.rules === false) return;
    for (const body of documents('conditions')) await this.fold.condition(body);
    for (const body of documents('rules')) await this.fold.rule(body);
  }

  stop(): Promise<void> {
    return this.town.stop();
  }

  /** Lets `seconds` pass, a step at a time; what comes of a step is carried out at its end. */
  async pass(seconds: number, stepMs = STEP_MS): Promise<void> {
    for (let leftMs = seconds * 1_000; leftMs > 0; leftMs -= stepMs) await this.step(stepMs);
  }

  async step(stepMs = STEP_MS): Promise<void> {
    this.town.clock.advance(stepMs);
    await this.#barrier();
    await this.fold.pass(stepMs / 1_000);
    for (const message of this.town.listener.heard.slice(this.#heard)) await this.#take(message);
    this.#heard = this.town.listener.heard.length;
    for (const output of this.fold.outputs.slice(this.#outputs)) {
      if (output.kind === 'interlock-facts')
        this.#facts.set(output.asset, { ...this.#facts.get(output.asset), ...output.facts });
      if (output.kind === 'command') await this.#carry(output.command);
    }
    this.#outputs = this.fold.outputs.length;
  }

  /** Switches a fault of an asset. */
  async fault(asset: string, fault: Fault, on: boolean): Promise<void> {
    if (fault === 'silent' && on) this.#silent.add(asset);
    await this.town.listener.publish(CONTROL_TOPIC, { asset, fault, on });
  }

  /** An operator takes a point for an hour, or gives it back. */
  async wish(point: string, value: Value | null, slot = 8, by = 'ann'): Promise<void> {
    const about = { point, key: '', reason: 'a test' };
    const request =
      value === null
        ? { do: 'release' as const, ...about }
        : { do: 'claim' as const, ...about, effect: 'set' as const, value, slot, rampSeconds: 0, leaseSeconds: 3_600 };
    const actor = { kind: 'person' as const, id: by, roles: {} };
    await this.fold.put({ kind: 'request', id: 'r', actor, department: 'demo', request });
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

  /** What the hardware of an asset has done, as `value cause`. */
  did(asset: string): string[] {
    return this.town.effects.filter((one) => one.asset === asset).map(({ value, cause }) => `${value} ${cause}`);
  }

  #documentsOf(kind: string, bodies: readonly { id: string }[]): KnownDocument[] {
    return bodies.map((body) => ({ kind, id: body.id, version: 1, body, changedAt: 0 }));
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
    const read = readMessage(topic, Buffer.from(JSON.stringify(body)), this.#known);
    if ('input' in read) await this.fold.put(read.input);
    else this.refused.push(read.detail);
  }

  async #carry(command: Command): Promise<void> {
    const passage = await this.#check.mayMove(command);
    if (!passage.allowed) {
      this.refused.push(`${command.commandId}: ${passage.reason}`);
      const { commandId } = command;
      await this.fold.put({ kind: 'progress', commandId, state: 'refused', detail: passage.reason });
      return;
    }
    const { topic, payload } = encodeCommand(command);
    this.sent.push(command);
    await this.fold.sent(command);
    await this.town.listener.publish(topic, JSON.parse(payload));
    if (!this.#silent.has(splitPointKey(command.point).asset)) await this.town.listener.ack(command.commandId);
  }
}

const INTERLOCKS = documents('interlocks').map((body) => interlockSchema.parse(body));
