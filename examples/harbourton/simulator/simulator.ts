// The town on the field bus: all devices, one beat, and the control topic.
import { connect, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Asset } from '../../../engine/model/asset.ts';
import { check } from '../../../engine/model/check.ts';
import type { Clock } from '../../../engine/model/clock.ts';
import { describeProblems, type Result } from '../../../engine/model/result.ts';
import type { EffectsLog } from './effects-log.ts';
import { CONTROL_TOPIC, controlSchema, FaultBoard, type Control } from './faults.ts';
import { FieldDevice } from './field-device.ts';
import { rngFor } from './models/random.ts';
import { planDevices } from './town-devices.ts';
import { Town } from './town.ts';

/** The town's beat. */
const BEAT_MS = 250;
/** After a longer silence (a suspended machine) the town goes on where it was. */
const LONGEST_STEP_MS = 1_000;
const RECONNECT_MS = 1_000;

/** What a simulated town is made of. */
export interface SimulatorOptions {
  /** `mqtt://user:password@host:port` */
  url: string;
  assets: readonly Asset[];
  /** The same seed gives the same town. */
  seed: number;
  clock: Clock;
  effects: EffectsLog;
  log: Logger;
}

/** Harbourton. */
export class Simulator {
  readonly town: Town;
  readonly faults = new FaultBoard();
  readonly #options: SimulatorOptions;
  readonly #devices: readonly FieldDevice[];
  #control: MqttClient | undefined;
  #cancelBeat: (() => void) | undefined;
  #beatAt = 0;
  #isAwake = false;
  #tellAwake: () => void = () => undefined;
  /** Resolves when the field bus has been reached for the first time and the town's time runs. */
  readonly awake: Promise<void> = new Promise((resolve) => {
    this.#tellAwake = resolve;
  });

  constructor(options: SimulatorOptions) {
    const { url, assets, seed, clock, effects, log } = options;
    this.#options = options;
    this.town = new Town(assets, rngFor(seed, 'town'));
    this.#devices = planDevices(assets, this.town).map(
      (plan) =>
        new FieldDevice({
          ...plan,
          url,
          clock,
          rng: rngFor(seed, plan.address.device),
          faults: this.faults,
          effects,
          log,
        }),
    );
  }

  /** The names of all devices. */
  get devices(): string[] {
    return this.#devices.map(({ address }) => address.device);
  }

  /** Connects all devices. The town's time begins once the field bus is there, so that no scene is missed. Safe to call twice. */
  start(): void {
    if (this.#control) return;
    for (const device of this.#devices) device.start();
    this.#listen();
  }

  /** All devices say offline; resolves when every connection is closed. Safe to call twice. */
  async stop(): Promise<void> {
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
    const control = this.#control;
    this.#control = undefined;
    control?.end(true);
    await Promise.all(this.#devices.map((device) => device.stop()));
  }

  /** Lives on for `dtMs` at once. */
  step(dtMs: number): void {
    this.town.step(dtMs);
    for (const device of this.#devices) device.step(this.town.elapsedMs, dtMs);
  }

  /** Does what the control topic asks for: switches a fault, or stages a scene. Anything else gives the problems. */
  control(asked: unknown): Result<Control> {
    const checked = check(controlSchema, asked);
    if (!checked.ok) return checked;
    const wanted = checked.value;
    if ('scene' in wanted) this.town.stage(wanted);
    else this.faults.set('device' in wanted ? wanted.device : wanted.asset, wanted.fault, wanted.on);
    return checked;
  }

  #begin(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#beatAt = this.#options.clock.now();
    this.#scheduleBeat();
    this.#tellAwake();
  }

  #scheduleBeat(): void {
    const { clock } = this.#options;
    this.#cancelBeat = clock.after(BEAT_MS, () => {
      const now = clock.now();
      const dtMs = Math.min(LONGEST_STEP_MS, Math.max(0, now - this.#beatAt));
      this.#beatAt = now;
      this.#scheduleBeat();
      this.step(dtMs);
    });
  }

  #listen(): void {
    const { url, log } = this.#options;
    const client = connect(url, {
      protocolVersion: 4,
      clientId: 'harbourton-control',
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      resubscribe: false,
    });
    this.#control = client;
    let isReached = true;
    client.on('error', (error) => {
      // Once for all devices, and once per outage.
      if (isReached) log.warn({ err: error.message }, 'the field bus is not reached; trying again every second');
      isReached = false;
    });
    client.on('close', () => {
      if (isReached && this.#control) log.warn('the field bus is lost; trying again every second');
      isReached = false;
    });
    client.on('connect', () => {
      isReached = true;
      log.info({ devices: this.#devices.length }, 'the field bus is reached');
      this.#begin();
      client.subscribe(CONTROL_TOPIC, { qos: 1 }, (error) => {
        if (error) log.warn({ err: error.message }, 'cannot listen on the control topic');
      });
    });
    client.on('message', (_topic, payload) => {
      const result = this.control(parse(payload));
      if (result.ok) log.info({ control: result.value }, 'asked on the control topic');
      else log.warn({ problems: describeProblems(result.problems) }, 'not understood on the control topic');
    });
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return payload.toString();
  }
}
