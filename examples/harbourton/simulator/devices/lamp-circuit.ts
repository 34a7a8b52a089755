// One lamp on its circuit: follows who holds it, or the photocell's programme, and has a meter.
import type { Asset } from '../../../../engine/model/asset.ts';
import { OWN_PROGRAMME, pointState, type AssetState, type DeviceContext, type Intent } from '../behaviour.ts';
import { aimLamp, hasArrived, lampAt, powerOf, stepLamp, type LampState } from '../models/lamp.ts';

const POINT = 'level';
/** Programme levels at night: crossings are never dimmed. */
const NIGHT_LEVEL = 0.4;
const CROSSING_LEVEL = 1;
/** How slowly the programme fades. */
const FADE_MS = 1_500;
/** Photocells differ a little: lamps go on one after the other. Lux. */
const ON_BELOW = { from: 18, spread: 14 };
/** A photocell that reports says so on such a change, as a factor. */
const TELLING_FACTOR = 1.2;
/** Off only at clearly more light, or a cloud would make it flicker. */
const OFF_FACTOR = 1.6;

/** A simulated lamp. */
export class LampCircuit {
  readonly id: string;
  readonly #context: DeviceContext;
  readonly #watts: number;
  readonly #nightLevel: number;
  readonly #onBelowLux: number;
  #lamp: LampState = lampAt(0);
  /** A crossing's photocell reports what it sees; elsewhere it only switches. */
  readonly #hasMeter: boolean;
  #lux = 0;
  #saidLux = -1;
  #night = false;
  #held: Intent = OWN_PROGRAMME;

  constructor(context: DeviceContext, asset: Asset) {
    this.id = asset.id;
    this.#context = context;
    this.#watts = Number(asset.attributes['watts'] ?? 0);
    this.#nightLevel = asset.tags.includes('crossing') ? CROSSING_LEVEL : NIGHT_LEVEL;
    this.#hasMeter = 'illuminance' in asset.reports;
    this.#onBelowLux = ON_BELOW.from + ON_BELOW.spread * context.rng();
  }

  /** Lives on for `dtMs` under so much daylight. */
  step(dtMs: number, lux: number): void {
    this.#see(lux);
    if (lux < this.#onBelowLux) this.#night = true;
    if (lux > this.#onBelowLux * OFF_FACTOR) this.#night = false;
    const intent = this.#context.intentOf(this.id, POINT);
    const commanded = typeof intent.value === 'number' ? intent.value : undefined;
    const target = commanded ?? (this.#night ? this.#nightLevel : 0);
    if (target !== this.#lamp.target) {
      this.#lamp = aimLamp(this.#lamp, target, commanded === undefined ? FADE_MS : intent.rampMs);
      this.#context.effect(this.id, POINT, target, intent);
    }
    const wasMoving = !hasArrived(this.#lamp);
    this.#lamp = stepLamp(this.#lamp, dtMs);
    const arrived = wasMoving && hasArrived(this.#lamp);
    if (arrived || intent !== this.#held) this.#context.changed(this.id);
    this.#held = intent;
  }

  #see(lux: number): void {
    this.#lux = Math.round(lux * 10) / 10;
    const factor = Math.max(this.#lux, this.#saidLux) / Math.max(Math.min(this.#lux, this.#saidLux), 0.1);
    if (!this.#hasMeter || factor < TELLING_FACTOR) return;
    this.#saidLux = this.#lux;
    this.#context.changed(this.id);
  }

  /** What the meter reads, in watts. */
  power(): number {
    if (this.#context.has('stuckLamp', this.id)) return 0;
    return powerOf(this.#lamp.level, this.#watts, this.#context.rng);
  }

  state(): AssetState {
    const level = Math.round(this.#lamp.level * 1_000) / 1_000;
    return {
      points: { [POINT]: pointState(level, this.#held) },
      // A stuck lamp does not know that it is stuck: only its meter tells.
      readings: {
        activePower: this.power(),
        lampFailure: false,
        ...(this.#hasMeter ? { illuminance: this.#lux } : {}),
      },
    };
  }
}
