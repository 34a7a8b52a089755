// A compactor: a container with a press behind a door, and a level sensor.
import type { Asset } from '../../../../engine/model/asset.ts';
import type { Value } from '../../../../engine/model/value.ts';
import {
  OWN_PROGRAMME,
  pointState,
  type AssetState,
  type Behaviour,
  type DeviceContext,
  type Intent,
} from '../behaviour.ts';
import { binWith, emptiedBin, fillOf, pressBin, stepBin, stopPress, type BinState } from '../models/bin.ts';
import { about } from '../models/random.ts';
import { WORTH_EMPTYING } from '../models/truck.ts';
import type { Town } from '../town.ts';
import { Every } from './every.ts';

const POINT = 'compaction';
/** How fast it fills, as a share of its volume. */
const FILL_PER_MINUTE = 0.07;
/** The level sensor speaks on such a change, at most once a second, and this often without. */
const TELLING_CHANGE = 0.02;
const SHORTEST_MS = 1_000;
const FILL_HEARTBEAT_MS = 5_000;
/** What a scene fills it to, over `pressAt`. */
const SCENE_MARGIN = 0.04;

/** The door's switch or a hand has stopped the press; it does not go on by itself. */
const GUARD: Intent = { by: 'local', rampMs: 0 };

/** A simulated compactor. */
export class CompactorDevice implements Behaviour {
  readonly reporting: readonly string[];
  readonly #context: DeviceContext;
  readonly #asset: Asset;
  readonly #town: Town;
  readonly #perMinute: number;
  readonly #shortest = new Every(SHORTEST_MS);
  readonly #heartbeat = new Every(FILL_HEARTBEAT_MS);
  #bin: BinState;
  #held: Intent = OWN_PROGRAMME;
  #taken: Intent = OWN_PROGRAMME;
  #saidFill = -1;
  #saidReadings = '';
  #emptying = false;

  constructor(context: DeviceContext, asset: Asset, town: Town) {
    this.#context = context;
    this.#asset = asset;
    this.#town = town;
    this.#perMinute = about(FILL_PER_MINUTE, 0.3, context.rng);
    this.#bin = binWith(0.15 + 0.45 * context.rng());
    this.reporting = [asset.id];
  }

  refusalOf(_asset: string, _point: string, value: Value | undefined): string | undefined {
    return value === 'compacting' && this.#isOpen() ? 'the door is open' : undefined;
  }

  handValue(): Value {
    return 'idle';
  }

  step(elapsedMs: number, dtMs: number): void {
    this.#beEmptied();
    this.#obey();
    const wasPressing = this.#bin.pressingMs > 0;
    this.#bin = stepBin(this.#bin, dtMs, this.#perMinute, this.#context.rng);
    if (this.#town.takeFilling(this.#asset.id)) this.#fillUp();
    if (wasPressing && this.#bin.pressingMs === 0) this.#rest(OWN_PROGRAMME);
    if (this.#bin.pressingMs > 0 && this.#isOpen()) this.#rest(GUARD);
    const readings = JSON.stringify(this.#readings());
    if (readings !== this.#saidReadings) this.#context.changed(this.#asset.id);
    this.#saidReadings = readings;
    this.#observeFill(elapsedMs);
  }

  stateOf(): AssetState {
    const value = this.#bin.pressingMs > 0 ? 'compacting' : 'idle';
    return { points: { [POINT]: pointState(value, this.#held) }, readings: this.#readings() };
  }

  /** A cycle begins once per command; released on the way it is brought to its end, told to be idle it stops. */
  #obey(): void {
    const intent = this.#context.intentOf(this.#asset.id, POINT);
    if (intent === this.#taken) return;
    this.#taken = intent;
    if (intent.value === 'compacting' && this.#bin.pressingMs === 0) {
      this.#bin = pressBin(this.#bin);
      this.#context.effect(this.#asset.id, POINT, 'compacting', intent);
    }
    if (intent.value === 'idle' && this.#bin.pressingMs > 0) {
      this.#bin = stopPress(this.#bin);
      this.#context.effect(this.#asset.id, POINT, 'idle', intent);
    }
    this.#held = intent;
    this.#context.changed(this.#asset.id);
  }

  #rest(because: Intent): void {
    this.#bin = stopPress(this.#bin);
    this.#held = because;
    this.#context.effect(this.#asset.id, POINT, 'idle', because);
    this.#context.finished(this.#asset.id, POINT);
    this.#taken = OWN_PROGRAMME;
    this.#context.changed(this.#asset.id);
  }

  #beEmptied(): void {
    const truck = this.#town.truckIsAt(this.#asset.id);
    const begins = truck && !this.#emptying && this.#bin.pressingMs === 0 && fillOf(this.#bin) >= WORTH_EMPTYING;
    if (begins) {
      this.#bin = emptiedBin();
      this.#context.effect(this.#asset.id, 'contents', 'emptied', GUARD);
    }
    this.#emptying = begins || (this.#emptying && truck);
  }

  #fillUp(): void {
    const wanted = Math.min(1, Number(this.#asset.attributes['pressAt'] ?? 1) + SCENE_MARGIN);
    const loose = Math.max(this.#bin.loose, wanted - this.#bin.pressed);
    this.#bin = { ...this.#bin, loose };
  }

  #isOpen(): boolean {
    return this.#emptying || this.#context.has('doorOpen', this.#asset.id);
  }

  #readings(): Record<string, Value> {
    return { door: this.#isOpen() ? 'open' : 'closed', status: this.#status() };
  }

  /** Whoever built it saw to the door; that it lies on its side or burns, only its sensors know. */
  #status(): Value {
    if (this.#context.has('burning', this.#asset.id)) return 'burning';
    if (this.#context.has('moved', this.#asset.id)) return 'moved';
    return this.#emptying ? 'lidOpen' : 'ok';
  }

  #observeFill(elapsedMs: number): void {
    const fillingLevel = Math.round(fillOf(this.#bin) * 1_000) / 1_000;
    const telling = Math.abs(fillingLevel - this.#saidFill) >= TELLING_CHANGE && this.#shortest.take(elapsedMs);
    if (!telling && !this.#heartbeat.take(elapsedMs)) return;
    this.#saidFill = fillingLevel;
    this.#heartbeat.restart(elapsedMs);
    this.#context.observe({ asset: this.#asset.id, readings: { fillingLevel } });
  }
}
