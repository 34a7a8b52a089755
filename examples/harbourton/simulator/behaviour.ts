// What a device kind adds to the protocol that all devices share: its hardware and its sensors.
import type { Report } from '../../../engine/model/field.ts';
import type { Value } from '../../../engine/model/value.ts';
import type { Fault } from './faults.ts';
import type { Rng } from './models/random.ts';

/** What a point is to do now, and on whose word. `value` is absent where the device's own programme decides. */
export interface Intent {
  by: 'command' | 'programme' | 'local';
  value?: Value;
  /** Milliseconds; 0 is at once. */
  rampMs: number;
  commandId?: string;
}

/** The readings of one asset; `encode` gives them another form than the contract's own. */
export interface Observation {
  asset: string;
  readings: Record<string, Value>;
  /** Units that differ from the properties' own. */
  units?: Record<string, string>;
  encode?: (readings: Record<string, Value>, observedAt: number) => unknown;
}

/** What a device lets its behaviour do. */
export interface DeviceContext {
  readonly rng: Rng;
  has(fault: Fault, asset?: string): boolean;
  /** What a point is to do now. The same object as long as nothing changed. */
  intentOf(asset: string, point: string): Intent;
  /** A momentary action is over: the point follows its own programme again. */
  finished(asset: string, point: string): void;
  /** Hardware moved: writes the effect. */
  effect(asset: string, point: string, value: Value, intent: Intent): void;
  /** The asset has something new to report. */
  changed(asset: string): void;
  observe(observation: Observation): void;
}

/** Points and readings of one asset as read back from the hardware. */
export type AssetState = Pick<Report, 'points' | 'readings'>;

/** Makes a device's behaviour once the device is there. */
export type BehaviourMaker = (context: DeviceContext) => Behaviour;

/** A device kind. */
export interface Behaviour {
  /** The assets that report, in the order of their reports. */
  readonly reporting: readonly string[];
  /** Why the hardware will not take this value now, or undefined. */
  refusalOf(asset: string, point: string, value: Value | undefined): string | undefined;
  /** What a hand at the cabinet sets a point to. */
  handValue(asset: string, point: string): Value;
  /** Lives on for `dtMs`, at `elapsedMs` of the town's time. */
  step(elapsedMs: number, dtMs: number): void;
  stateOf(asset: string): AssetState;
}

/** The device follows its own programme. */
export const OWN_PROGRAMME: Intent = { by: 'programme', rampMs: 0 };

/** A point's state for a report. */
export const pointState = (value: Value, intent: Intent): Report['points'][string] => ({
  value,
  cause: intent.by,
  ...(intent.commandId === undefined ? {} : { commandId: intent.commandId }),
});
