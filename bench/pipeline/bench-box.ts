// A box of its own for a measurement: the launcher with one department, assets and one rule, and a device that obeys at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';

import { toIso } from '../../engine/model/clock.ts';
import { fieldCommandSchema, topicOf } from '../../engine/model/field.ts';
import { freePort } from '../../server/launcher/ports.ts';
import { wait } from './measure.ts';

/** How many motion sensors, each with a lamp of its own. */
export const PAIRS = 100;

const LAUNCHER = join(import.meta.dirname, '../../server/launcher/main.ts');
const PASSWORD = 'bench-password-1';
const ADDRESS = { department: 'lighting', device: 'bench' };
const HEALTHY_WITHIN_MS = 120_000;

/** The motion sensor of a pair. */
export const sensorId = (pair: number): string => `urn:ngsi-ld:MotionSensor:bench-${pair}`;
const lampId = (pair: number): string => `urn:ngsi-ld:Streetlight:bench-${pair}`;

/** A running box and the field bus's side of it. */
export class BenchBox {
  readonly #folder: string;
  readonly #launcher: ChildProcess;
  readonly #url: string;
  #cookie = '';
  /** Connected as the field: publishes telemetry, receives commands. */
  field!: MqttClient;
  mqttUrl = '';
  /** Called when a command for the pair's lamp has arrived. */
  onCommand: (pair: number) => void = () => undefined;

  private constructor(folder: string, launcher: ChildProcess, url: string) {
    this.#folder = folder;
    this.#launcher = launcher;
    this.#url = url;
  }

  /** Starts a box; resolves when its assets and its rule are in force. */
  static async start(): Promise<BenchBox> {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
    const [port, mqttPort] = [await freePort(), await freePort()];
    const { PATH = '', HOME = '', SIGNALBOX_REDIS_SERVER = '' } = process.env;
    const launcher = spawn(process.execPath, [LAUNCHER], {
      env: {
        PATH,
        HOME,
        SIGNALBOX_REDIS_SERVER,
        PORT: String(port),
        MQTT_PORT: String(mqttPort),
        SIGNALBOX_DATA: folder,
        SIGNALBOX_DEMO: '0',
        SIGNALBOX_DEPARTMENTS: ADDRESS.department,
        SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const box = new BenchBox(folder, launcher, `http://127.0.0.1:${port}`);
    await box.#settle(mqttPort);
    return box;
  }

  /** Ends everything and removes the data. */
  async stop(): Promise<void> {
    await this.field.endAsync(true);
    this.#launcher.kill('SIGTERM');
    await once(this.#launcher, 'exit');
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Readings that the engine has evaluated. */
  async evaluated(): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`, { headers: { cookie: this.#cookie } })).text();
    return Number(/signalbox_engine_counted\{what="taken"\} (\d+)/.exec(text)?.[1] ?? 0);
  }

  /** One sensor's reading, as a telemetry message of the field contract. */
  publish(pair: number, id: string, motion: boolean): void {
    const message = { id, asset: sensorId(pair), observedAt: toIso(Date.now()), readings: { motion } };
    this.field.publish(topicOf(ADDRESS, 'telemetry'), JSON.stringify(message), { qos: 1 });
  }

  async #settle(mqttPort: number): Promise<void> {
    const deadline = Date.now() + HEALTHY_WITHIN_MS;
    while (!(await this.#isHealthy())) {
      if (Date.now() > deadline) throw new Error('the box did not become healthy');
      await wait(200);
    }
    const { mqttPasswords } = JSON.parse(await readFile(join(this.#folder, 'secrets.json'), 'utf8'));
    this.mqttUrl = `mqtt://field:${mqttPasswords.field}@127.0.0.1:${mqttPort}`;
    await this.#signIn();
    await this.#putDocuments();
    this.field = await connectAsync(this.mqttUrl, { protocolVersion: 4 });
    this.field.on('message', (_topic, payload) => this.#obey(payload));
    await this.field.subscribeAsync(topicOf(ADDRESS, 'command'), { qos: 1 });
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.#url}/healthz`)).ok;
    } catch {
      return false;
    }
  }

  async #signIn(): Promise<void> {
    const answer = await fetch(`${this.#url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: PASSWORD }),
    });
    this.#cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  async #putDocuments(): Promise<void> {
    for (let pair = 0; pair < PAIRS; pair += 1) {
      await this.#put(`assets/${encodeURIComponent(lampId(pair))}`, {
        id: lampId(pair),
        type: 'Streetlight',
        title: `Lamp ${pair}`,
        department: ADDRESS.department,
        points: { level: {} },
        binding: { adapter: 'mqtt', device: ADDRESS.device },
      });
      await this.#put(`assets/${encodeURIComponent(sensorId(pair))}`, {
        id: sensorId(pair),
        type: 'MotionSensor',
        title: `Motion ${pair}`,
        department: ADDRESS.department,
        relations: { lamp: [lampId(pair)] },
      });
    }
    await this.#put('rules/lighting/bench', {
      id: 'lighting/bench',
      title: 'Somebody there',
      scope: { type: 'MotionSensor' },
      conditions: { all: [{ fact: 'motion', operator: 'equal', value: true }] },
      actions: [{ point: 'level', of: 'lamp', set: 0.8 }],
    });
  }

  async #put(path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.#url}/api/${path}`, {
      method: 'PUT',
      headers: { cookie: this.#cookie, 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** A device that takes every command and reports its effect at once. */
  #obey(payload: Buffer): void {
    const { commandId, asset, point, sequence, want } = fieldCommandSchema.parse(JSON.parse(payload.toString()));
    this.onCommand(Number(asset.split('-').at(-1)));
    const at = toIso(Date.now());
    const ack = { commandId, asset, point, sequence, at, result: 'accepted' };
    const state =
      'value' in want
        ? { value: want.value, cause: 'command', commandId }
        : { value: 0, cause: 'programme', commandId };
    const report = { id: commandId, asset, observedAt: at, points: { [point]: state } };
    this.field.publish(topicOf(ADDRESS, 'ack'), JSON.stringify(ack), { qos: 1 });
    this.field.publish(topicOf(ADDRESS, 'report'), JSON.stringify(report), { qos: 1 });
  }
}
