// A street's radio gateway for plain containers: passes on what their level sensors send.
import type { Asset } from '../../../../engine/model/asset.ts';
import type { Value } from '../../../../engine/model/value.ts';
import type { AssetState, Behaviour, DeviceContext } from '../behaviour.ts';
import { binWith, emptiedBin, fillOf, stepBin, type BinState } from '../models/bin.ts';
import { about } from '../models/random.ts';
import { WORTH_EMPTYING } from '../models/truck.ts';
import { wasteContainer } from '../smart-data-models.ts';
import type { Town } from '../town.ts';
import { Every } from './every.ts';

/** Each sensor speaks this often; real ones twice a day. */
const PERIOD_MS = 10_000;
const FILL_PER_MINUTE = 0.05;
const TEMPERATURE_CEL = 12;

/** How a gateway writes: the contract's form with ratios, the same with percent, or Smart Data Models. */
export type BinForm = 'native' | 'percent' | 'smart-data-models';

interface Served {
  asset: Asset;
  bin: BinState;
  perMinute: number;
  beat: Every;
}

/** A simulated gateway with its containers. */
export class BinGatewayDevice implements Behaviour {
  readonly reporting: readonly string[] = [];
  readonly #context: DeviceContext;
  readonly #town: Town;
  readonly #form: BinForm;
  readonly #served: readonly Served[];

  constructor(context: DeviceContext, assets: readonly Asset[], parts: { town: Town; form: BinForm }) {
    this.#context = context;
    this.#town = parts.town;
    this.#form = parts.form;
    this.#served = assets.map((asset, index) => ({
      asset,
      bin: binWith(0.1 + 0.5 * context.rng()),
      perMinute: about(FILL_PER_MINUTE, 0.4, context.rng),
      beat: new Every(PERIOD_MS, (PERIOD_MS * index) / assets.length),
    }));
  }

  refusalOf(): string {
    return 'a plain container has nothing to command';
  }

  handValue(): Value {
    return false;
  }

  step(elapsedMs: number, dtMs: number): void {
    for (const served of this.#served) {
      served.bin = stepBin(served.bin, dtMs, served.perMinute, this.#context.rng);
      if (this.#town.takeFilling(served.asset.id)) served.bin = binWith(1);
      const truck = this.#town.truckIsAt(served.asset.id);
      if (truck && fillOf(served.bin) >= WORTH_EMPTYING) {
        served.bin = emptiedBin();
        this.#context.effect(served.asset.id, 'contents', 'emptied', { by: 'local', rampMs: 0 });
      }
      if (served.beat.take(elapsedMs)) this.#observe(served, truck);
    }
  }

  stateOf(): AssetState {
    return { points: {}, readings: {} };
  }

  #observe({ asset, bin }: Served, truck: boolean): void {
    const fillingLevel = Math.round(fillOf(bin) * 1_000) / 1_000;
    const readings: Record<string, Value> = {
      fillingLevel,
      temperature: Math.round(about(TEMPERATURE_CEL, 0.05, this.#context.rng) * 10) / 10,
      status: truck ? 'lidOpen' : 'ok',
    };
    if (this.#form === 'smart-data-models') {
      const encode = (kept: Record<string, Value>, observedAt: number) => wasteContainer(asset, kept, observedAt);
      return this.#context.observe({ asset: asset.id, readings, encode });
    }
    if (this.#form === 'native') return this.#context.observe({ asset: asset.id, readings });
    const percent = Math.round(fillingLevel * 1_000) / 10;
    this.#context.observe({
      asset: asset.id,
      readings: { ...readings, fillingLevel: percent },
      units: { fillingLevel: '%' },
    });
  }
}
