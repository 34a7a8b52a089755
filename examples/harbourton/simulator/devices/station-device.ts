// A measuring station: air, weather or water level.
import type { Asset } from '../../../../engine/model/asset.ts';
import type { Value } from '../../../../engine/model/value.ts';
import type { AssetState, Behaviour, DeviceContext } from '../behaviour.ts';
import { stepWander, tideAt, WANDERS } from '../models/ambient.ts';
import { Every } from './every.ts';

const PERIOD_MS = 5_000;
/** Waves, in metres. */
const RIPPLE_M = 0.03;

/** A simulated station: measures what its asset says it reports. */
export class StationDevice implements Behaviour {
  readonly reporting: readonly string[] = [];
  readonly #context: DeviceContext;
  readonly #asset: Asset;
  readonly #values: Map<string, number>;
  readonly #beat = new Every(PERIOD_MS);

  constructor(context: DeviceContext, asset: Asset) {
    this.#context = context;
    this.#asset = asset;
    this.#values = new Map(Object.keys(asset.reports).map((property) => [property, WANDERS[property]?.mean ?? 0]));
  }

  refusalOf(): string {
    return 'a station has nothing to command';
  }

  handValue(): Value {
    return false;
  }

  step(elapsedMs: number, dtMs: number): void {
    for (const [property, value] of this.#values) {
      const wander = WANDERS[property];
      const next = wander
        ? stepWander(value, dtMs, wander, this.#context.rng)
        : tideAt(elapsedMs) + RIPPLE_M * (this.#context.rng() - 0.5);
      this.#values.set(property, next);
    }
    if (!this.#beat.take(elapsedMs)) return;
    const rounded = [...this.#values].map(([property, value]) => [property, Math.round(value * 100) / 100]);
    this.#context.observe({ asset: this.#asset.id, readings: Object.fromEntries(rounded) });
  }

  stateOf(): AssetState {
    return { points: {}, readings: {} };
  }
}
