// A signal controller with its detectors: obeys time plans, measures the traffic that its plan lets through.
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
import {
  bySide,
  emptyJunction,
  readDetectors,
  showsGreen,
  stepJunction,
  type JunctionState,
  type Measurement,
} from '../models/junction.ts';
import { HAND_PLAN, SIDES, SIGNAL_PLANS, WEEK_TABLE_PLAN } from '../models/signal-plans.ts';
import { trafficFlowObserved } from '../smart-data-models.ts';
import type { Town } from '../town.ts';
import { Every } from './every.ts';

const PLAN = 'timePlan';
const POSITION = 'functionalPosition';
const ROUTE = 'emergencyRoute';
/** How often detectors report in the contract's own form, and as Smart Data Models. */
const NATIVE_PERIOD_MS = 2_000;
const AGGREGATED_PERIOD_MS = 4_000;
const HOUR_MS = 3_600_000;
/** After green, within what is lost between crossing streets. */
const YELLOW_MS = 1_000;
/** RSMP's characters for states of a signal group (S0001). */
const SHOWN = { green: '4', yellow: 'N', red: 'B', yellowFlash: 'c', dark: 'a' } as const;
/** What all groups show in a position that is not normal control. */
const SHOWN_IN: Readonly<Record<string, string>> = { YellowFlash: SHOWN.yellowFlash, Dark: SHOWN.dark };
/** What it does by itself in the points that it obeys at once; route n gives green to the n-th side. */
const RESTING: Readonly<Record<string, Value>> = { [POSITION]: 'NormalControl', [ROUTE]: 0 };

/** A controller, what hangs on it, and how its detectors speak. */
export interface JunctionParts {
  controller: Asset;
  /** Its approaches and detectors among others. */
  assets: readonly Asset[];
  town: Town;
  form: 'native' | 'smart-data-models';
}

/** A simulated junction. */
export class JunctionDevice implements Behaviour {
  readonly reporting: readonly string[];
  readonly #context: DeviceContext;
  readonly #parts: JunctionParts;
  readonly #name: string;
  readonly #beat: Every;
  #traffic: JunctionState;
  #held: Intent = OWN_PROGRAMME;
  readonly #atOnce = new Map<string, { value: Value; held: Intent }>();
  #mode = '';
  #measuredMs = 0;

  constructor(context: DeviceContext, parts: JunctionParts) {
    this.#context = context;
    this.#parts = parts;
    this.#name = parts.controller.id.split(':')[3] ?? '';
    this.reporting = [parts.controller.id];
    const periodMs = parts.form === 'native' ? NATIVE_PERIOD_MS : AGGREGATED_PERIOD_MS;
    this.#beat = new Every(periodMs, periodMs);
    this.#traffic = emptyJunction(bySide((side) => this.#detectorsOf(side).map(distanceOf)));
    for (const [point, value] of Object.entries(RESTING))
      if (point in parts.controller.points) this.#atOnce.set(point, { value, held: OWN_PROGRAMME });
  }

  refusalOf(_asset: string, point: string, value: Value | undefined): string | undefined {
    if (this.#context.has('policeKey', this.#id)) return 'the police key is turned';
    if (this.#context.has('failure', this.#id)) return 'the controller is in failure mode';
    if (point === ROUTE && Number(value ?? 0) > SIDES.length) return `route ${value} is not programmed`;
    if (point !== PLAN || value === undefined || (typeof value === 'number' && value in SIGNAL_PLANS)) return undefined;
    return `plan ${value} is not programmed; programmed are ${Object.keys(SIGNAL_PLANS).join(', ')}`;
  }

  handValue(_asset: string, point: string): Value {
    return RESTING[point] ?? HAND_PLAN;
  }

  step(elapsedMs: number, dtMs: number): void {
    for (const point of this.#atOnce.keys()) this.#takeAtOnce(point);
    const intent = this.#intent(PLAN);
    const target = typeof intent.value === 'number' ? intent.value : WEEK_TABLE_PLAN;
    const before = this.#traffic.plan;
    const route = SIDES[Number(this.#atOnce.get(ROUTE)?.value ?? 0) - 1];
    this.#traffic = { ...this.#traffic, nextPlan: target, route };
    // A step of no time only takes a command in; the town's vehicles have had their step.
    if (dtMs > 0)
      this.#traffic = stepJunction(this.#traffic, dtMs, this.#parts.town.demandAt(this.#name), this.#context.rng);
    if (this.#traffic.plan !== before) this.#context.effect(this.#id, PLAN, this.#traffic.plan, intent);
    if (intent !== this.#held && this.#traffic.plan === target) {
      this.#held = intent;
      this.#context.changed(this.#id);
    }
    const mode = JSON.stringify(this.#readings());
    if (mode !== this.#mode) this.#context.changed(this.#id);
    this.#mode = mode;
    if (this.#beat.take(elapsedMs)) this.#measure(elapsedMs);
  }

  stateOf(): AssetState {
    const plan = { [PLAN]: pointState(this.#traffic.plan, this.#held) };
    const others = [...this.#atOnce].map(([point, { value, held }]) => [point, pointState(value, held)] as const);
    return { points: { ...plan, ...Object.fromEntries(others) }, readings: this.#readings() };
  }

  get #id(): string {
    return this.#parts.controller.id;
  }

  /** Flashing, dark, an emergency route, or back to what it does by itself: unlike a plan. */
  #takeAtOnce(point: string): void {
    const intent = this.#intent(point);
    const before = this.#atOnce.get(point);
    const value = intent.value ?? RESTING[point];
    if (intent === before?.held || value === undefined) return;
    this.#atOnce.set(point, { value, held: intent });
    if (value !== before?.value) this.#context.effect(this.#id, point, value, intent);
    this.#context.changed(this.#id);
  }

  #intent(point: string): Intent {
    const isOutOfControl = this.#context.has('policeKey', this.#id) || this.#context.has('failure', this.#id);
    if (!isOutOfControl) return this.#context.intentOf(this.#id, point);
    this.#context.finished(this.#id, point);
    return OWN_PROGRAMME;
  }

  #readings(): Record<string, Value> {
    const key = this.#context.has('policeKey', this.#id);
    return {
      controlMode: this.#context.has('failure', this.#id) ? 'failure' : key ? 'standby' : 'control',
      policeKey: key ? 'yellowFlash' : 'disabled',
      manualControl: this.#context.has('handAtCabinet', this.#id),
      signalGroupStatus: this.#signalGroups(),
    };
  }

  /** Its signal groups in the order of the sides, as RSMP writes them: what the lamps show, not what was asked. */
  #signalGroups(): string {
    if (this.#context.has('conflictingGreen', this.#id)) return SIDES.map(() => SHOWN.green).join('');
    if (this.#context.has('policeKey', this.#id) || this.#context.has('failure', this.#id))
      return SIDES.map(() => SHOWN.yellowFlash).join('');
    const shown = SHOWN_IN[String(this.#atOnce.get(POSITION)?.value)];
    if (shown !== undefined) return SIDES.map(() => shown).join('');
    const { cycleMs } = this.#traffic;
    return SIDES.map((side) => {
      if (showsGreen(this.#traffic, side, cycleMs)) return SHOWN.green;
      return showsGreen(this.#traffic, side, cycleMs - YELLOW_MS) ? SHOWN.yellow : SHOWN.red;
    }).join('');
  }

  #measure(elapsedMs: number): void {
    const periodMs = elapsedMs - this.#measuredMs;
    this.#measuredMs = elapsedMs;
    const [traffic, measurements] = readDetectors(this.#traffic, periodMs);
    this.#traffic = traffic;
    for (const measurement of measurements) this.#observeDetector(measurement, periodMs);
    for (const side of SIDES) {
      const readings = { queueLength: traffic.lanes[side].queue };
      this.#context.observe({ asset: `urn:ngsi-ld:Approach:${this.#name}-${side}`, readings });
    }
  }

  #observeDetector(measurement: Measurement, periodMs: number): void {
    const { side, index, occupancy, vehicles, averageSpeedKmh } = measurement;
    const detector = this.#detectorsOf(side)[index];
    if (detector === undefined) return;
    const speed = averageSpeedKmh === undefined ? {} : { averageVehicleSpeed: Math.round(averageSpeedKmh * 10) / 10 };
    const common = { occupancy: Math.round(occupancy * 100) / 100, ...speed };
    if (this.#parts.form === 'native') {
      const intensity = Math.round((vehicles * HOUR_MS) / periodMs / 10) * 10;
      this.#context.observe({ asset: detector.id, readings: { ...common, intensity } });
      return;
    }
    this.#context.observe({
      asset: detector.id,
      // Smart Data Models count the vehicles of the period.
      readings: { ...common, intensity: vehicles },
      encode: (readings, observedAt) => trafficFlowObserved(detector, readings, { observedAt, periodMs }),
    });
  }

  #detectorsOf(side: string): Asset[] {
    const approach = this.#parts.assets.find(({ id }) => id === `urn:ngsi-ld:Approach:${this.#name}-${side}`);
    const ids = approach?.relations['detectors'] ?? [];
    return ids.flatMap((id) => this.#parts.assets.find((asset) => asset.id === id) ?? []);
  }
}

const distanceOf = (detector: Asset): number => Number(detector.attributes['distance'] ?? 0);
