// What a page sees: a snapshot of the city and the events that keep it true. Sent over server-sent events.
import type { Alarm } from './alarm.ts';
import type { Arbitration, CommandRecord } from './command.ts';
import type { Confirmation } from './confirmation.ts';
import type { Activation, Decision } from './decision.ts';
import type { Order } from './one-shot.ts';
import type { Restraint } from './restraint.ts';
import type { ScheduleView } from './schedule-run.ts';
import type { Value } from './value.ts';

/** The latest value of one property, as pages show it. */
export interface FactView {
  asset: string;
  property: string;
  value: Value;
  unit?: string;
  /** Milliseconds since the epoch. */
  observedAt: number;
  /** Known, or why not: stale, bad quality, the sensor’s clock runs ahead. */
  state: 'known' | 'stale' | 'bad' | 'ahead';
  source: string;
}

/** One point, as pages show it. */
export interface PointView {
  /** `<asset id>#<point>` */
  point: string;
  reported?: { value: Value; cause: string; at: number };
  arbitration: Arbitration;
  /** The newest command for it. */
  commandId?: string;
  /** What is wanted waits (milliseconds since the epoch): the point's wear budget is used up. */
  waits?: { since: number; until: number; why: string };
  /** What the device does when we are gone for good. */
  afterDeath?: 'returns at lease' | 'returns on link loss' | 'stays';
}

/** An asset, as pages show it. */
export interface AssetView {
  id: string;
  type: string;
  title: string;
  department: string;
  zone?: string;
  location?: [longitude: number, latitude: number];
  points: string[];
  /** The cabinet or gateway it hangs on. */
  parent?: string;
  /** Named links to other assets, as the asset's document states them: a controller's `approach`. */
  relations?: Record<string, string[]>;
  /** Fixed facts a page shows beside the readings: thresholds, `watts`. */
  attributes?: Record<string, Value>;
  /** False while its device has said it is offline. */
  online?: boolean;
}

/** An activation that is counting or active, with the rule's title. */
export interface ActivationView extends Activation {
  title: string;
  /** `<rule>|<asset>|<related>` */
  key: string;
}

/** A rule that is kept back: parked by the engine, paused by a person, or neither any more. */
export interface RuleHalt {
  rule: string;
  department: string;
  /** It misbehaved; a new version or a person lets it go on. Instants in milliseconds since the epoch. */
  parked?: { why: string; since: number };
  paused?: { by: string; why: string; since: number; until: number };
}

/** Everything a page needs to begin. */
export interface CitySnapshot {
  at: number;
  assets: AssetView[];
  facts: FactView[];
  points: PointView[];
  activations: ActivationView[];
  decisions: Decision[];
  commands: CommandRecord[];
  /** Those that are open, the newest first. */
  orders?: Order[];
  /** Rules that are parked or paused. */
  halts?: RuleHalt[];
  schedules?: ScheduleView[];
  /** Those that are open, the newest first. */
  alarms?: Alarm[];
  /** Stand-downs and what is out of service. */
  restraints?: Restraint[];
  /** Wishes that wait for a second person, the newest first. */
  confirmations?: Confirmation[];
}

/** What changed. `gone` names what no longer exists. */
export type LiveEvent =
  | { event: 'asset'; data: AssetView }
  | { event: 'fact'; data: FactView }
  | { event: 'point'; data: PointView }
  | { event: 'activation'; data: ActivationView }
  | { event: 'decision'; data: Decision }
  | { event: 'command'; data: CommandRecord }
  | { event: 'order'; data: Order }
  | { event: 'halt'; data: RuleHalt }
  | { event: 'alarm'; data: Alarm }
  | { event: 'schedule'; data: ScheduleView }
  | { event: 'confirmation'; data: Confirmation }
  | { event: 'restraint'; data: Restraint }
  | { event: 'gone'; data: { kind: 'asset' | 'activation' | 'schedule' | 'confirmation' | 'restraint'; key: string } };
