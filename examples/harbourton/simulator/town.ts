// What all devices of the town share: its time, its light, the people, the traffic's waves and the truck.
import type { Asset } from '../../../engine/model/asset.ts';
import type { Control } from './faults.ts';
import { hourAt, illuminanceAt } from './models/daylight.ts';
import { demandAt, stepWaves, type Wave } from './models/demand.ts';
import type { Demand } from './models/junction.ts';
import type { Rng } from './models/random.ts';
import { SIDES } from './models/signal-plans.ts';
import { truckAt } from './models/truck.ts';
import { isSeen, stepWalkers, walkerAt, type Walker } from './models/walkers.ts';

/** The first staged walker comes when it has become dark; then one comes again and again, out of a side street. */
const STAGED_WALKER = { firstMs: 14_000, everyMs: 45_000 } as const;
/** A compactor on the harbour street crosses its limit. */
const FIRST_FULL_BIN = { atMs: 10_000, asset: 'urn:ngsi-ld:WasteContainer:hs-1' } as const;

/** The town at one moment. */
export class Town {
  readonly #rng: Rng;
  readonly #junctions: readonly string[];
  readonly #containers: readonly string[];
  readonly #sensorsAlongM: ReadonlyMap<string, number>;
  readonly #fullNow = new Set<string>();
  #elapsedMs = 0;
  #dtMs = 0;
  #waves: Wave[] = [];
  #walkers: Walker[] = [];

  /** `assets`: the whole town; `rng`: for the people and the waves. */
  constructor(assets: readonly Asset[], rng: Rng) {
    const ofType = (type: string) => assets.filter((asset) => asset.type === type);
    this.#rng = rng;
    this.#junctions = ofType('TrafficController').map(({ id }) => nameOf(id));
    this.#containers = ofType('WasteContainer').map(({ id }) => id);
    this.#sensorsAlongM = new Map(
      ofType('MotionSensor').map(({ id, attributes }) => [id, Number(attributes['alongM'] ?? 0)]),
    );
  }

  /** Milliseconds since the town began. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Lives on for `dtMs`. */
  step(dtMs: number): void {
    const wasMs = this.#elapsedMs;
    this.#elapsedMs += dtMs;
    this.#dtMs = dtMs;
    const moment = { elapsedMs: this.#elapsedMs, dtMs, junctions: this.#junctions };
    this.#waves = stepWaves(this.#waves, moment, this.#rng);
    this.#walkers = stepWalkers(this.#walkers, dtMs, this.#pathM(), this.#rng);
    if (walkerRound(this.#elapsedMs) > Math.max(-1, walkerRound(wasMs))) this.#appearAnywhere();
    if (wasMs < FIRST_FULL_BIN.atMs && this.#elapsedMs >= FIRST_FULL_BIN.atMs) this.#fullNow.add(FIRST_FULL_BIN.asset);
  }

  /** Stages a scene. Unknown assets change nothing. */
  stage(scene: Extract<Control, { scene: string }>): void {
    if (scene.scene === 'fill') this.#fullNow.add(scene.asset);
    if (scene.scene === 'walk') this.#appear(this.#sensorsAlongM.get(scene.asset));
    if (scene.scene === 'queue') {
      const [junction, sideName] = nameOf(scene.asset).split('-');
      const side = SIDES.find((each) => each === sideName);
      if (junction !== undefined && side !== undefined) this.#waves.push({ junction, side, startMs: this.#elapsedMs });
    }
  }

  /** What wants into a junction during this step. */
  demandAt(junction: string): Demand {
    return demandAt(junction, { elapsedMs: this.#elapsedMs, dtMs: this.#dtMs }, this.#waves);
  }

  /** Light outside, in lux. */
  illuminance(): number {
    return illuminanceAt(hourAt(this.#elapsedMs));
  }

  /** Does anybody move within the sensor's reach? */
  sees(alongM: number): boolean {
    return isSeen(this.#walkers, alongM);
  }

  /** Is the truck at this container with its lid open? */
  truckIsAt(container: string): boolean {
    return truckAt(this.#elapsedMs, this.#containers) === container;
  }

  /** True once for a container that a scene fills. */
  takeFilling(container: string): boolean {
    return this.#fullNow.delete(container);
  }

  #appearAnywhere(): void {
    const places = [...this.#sensorsAlongM.values()];
    this.#appear(places[Math.floor(this.#rng() * places.length)]);
  }

  #appear(alongM: number | undefined): void {
    if (alongM !== undefined) this.#walkers.push(walkerAt(alongM));
  }

  /** The path ends as far behind the last sensor as it begins before the first. */
  #pathM(): number {
    const all = [...this.#sensorsAlongM.values()];
    return all.length === 0 ? 0 : Math.min(...all) + Math.max(...all);
  }
}

/** How many staged walkers came before the one of this moment; -1 before the first. */
const walkerRound = (atMs: number): number => Math.floor((atMs - STAGED_WALKER.firstMs) / STAGED_WALKER.everyMs);

const nameOf = (assetId: string): string => assetId.split(':')[3] ?? '';
