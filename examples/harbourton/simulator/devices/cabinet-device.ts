// A street's lighting cabinet: gateway of its lamps, its light sensor and its motion sensors.
import type { Asset } from '../../../../engine/model/asset.ts';
import type { Value } from '../../../../engine/model/value.ts';
import type { AssetState, Behaviour, DeviceContext } from '../behaviour.ts';
import { about } from '../models/random.ts';
import type { Town } from '../town.ts';
import { Every } from './every.ts';
import { LampCircuit } from './lamp-circuit.ts';

const LIGHT_PERIOD_MS = 2_000;
/** Motion is told at once; without change this often. */
const MOTION_HEARTBEAT_MS = 10_000;
/** A sensor keeps "motion" this long after it last saw somebody. */
const MOTION_HOLD_MS = 4_000;
/** What somebody at the cabinet does: all lamps on, to see which are broken. */
const HAND_LEVEL = 1;

interface MotionState {
  asset: Asset;
  seenMs: number;
  said: boolean;
  beat: Every;
}

/** A simulated cabinet with everything behind it. */
export class CabinetDevice implements Behaviour {
  readonly reporting: readonly string[];
  readonly #context: DeviceContext;
  readonly #town: Town;
  readonly #cabinetId: string;
  readonly #lamps: readonly LampCircuit[];
  readonly #lampById: ReadonlyMap<string, LampCircuit>;
  readonly #lightSensors: readonly Asset[];
  readonly #motion: readonly MotionState[];
  readonly #lightBeat = new Every(LIGHT_PERIOD_MS);
  #doorOpen = false;

  constructor(context: DeviceContext, assets: readonly Asset[], town: Town) {
    const ofType = (type: string) => assets.filter((asset) => asset.type === type);
    this.#context = context;
    this.#town = town;
    this.#cabinetId = ofType('StreetlightControlCabinet')[0]?.id ?? '';
    this.#lamps = ofType('Streetlight').map((asset) => new LampCircuit(context, asset));
    this.#lampById = new Map(this.#lamps.map((lamp) => [lamp.id, lamp]));
    this.#lightSensors = ofType('LightSensor');
    this.#motion = ofType('MotionSensor').map((asset) => ({
      asset,
      seenMs: -Infinity,
      said: false,
      beat: new Every(MOTION_HEARTBEAT_MS),
    }));
    this.reporting = [this.#cabinetId, ...this.#lampById.keys()];
  }

  refusalOf(): undefined {
    return undefined;
  }

  handValue(): Value {
    return HAND_LEVEL;
  }

  step(elapsedMs: number, dtMs: number): void {
    const lux = this.#town.illuminance();
    for (const lamp of this.#lamps) lamp.step(dtMs, lux);
    const doorOpen = this.#context.has('handAtCabinet');
    if (doorOpen !== this.#doorOpen) this.#context.changed(this.#cabinetId);
    this.#doorOpen = doorOpen;
    if (this.#lightBeat.take(elapsedMs)) this.#observeLight(lux);
    for (const sensor of this.#motion) this.#observeMotion(sensor, elapsedMs);
  }

  stateOf(asset: string): AssetState {
    const lamp = this.#lampById.get(asset);
    if (lamp) return lamp.state();
    const activePower = Math.round(this.#lamps.reduce((sum, each) => sum + each.power(), 0) * 10) / 10;
    return { points: {}, readings: { activePower, door: this.#doorOpen ? 'open' : 'closed' } };
  }

  #observeLight(lux: number): void {
    for (const { id } of this.#lightSensors) {
      const illuminance = Math.round(about(lux, 0.03, this.#context.rng) * 10) / 10;
      this.#context.observe({ asset: id, readings: { illuminance } });
    }
  }

  #observeMotion(sensor: MotionState, elapsedMs: number): void {
    if (this.#town.sees(Number(sensor.asset.attributes['alongM'] ?? 0))) sensor.seenMs = elapsedMs;
    const motion = elapsedMs - sensor.seenMs < MOTION_HOLD_MS;
    const changed = motion !== sensor.said;
    if (!sensor.beat.take(elapsedMs) && !changed) return;
    sensor.said = motion;
    sensor.beat.restart(elapsedMs);
    this.#context.observe({ asset: sensor.asset.id, readings: { motion } });
  }
}
