// A lamp: moves to its level over the ramp and draws power in proportion.
import { about, type Rng } from './random.ts';

/** A lamp at one moment. */
export interface LampState {
  /** Light given now, 0 to 1. */
  level: number;
  /** Where it is going. */
  target: number;
  /** How fast, in level per millisecond; infinite for at once. */
  perMs: number;
}

/** A lamp that stands at a level. */
export const lampAt = (level: number): LampState => ({ level, target: level, perMs: Infinity });

/** Sends the lamp to a level (0 to 1) over `rampMs` (0 is at once). */
export const aimLamp = (state: LampState, target: number, rampMs: number): LampState => ({
  level: state.level,
  target,
  perMs: rampMs > 0 ? Math.abs(target - state.level) / rampMs : Infinity,
});

/** The lamp `dtMs` later. */
export function stepLamp(state: LampState, dtMs: number): LampState {
  if (state.perMs === Infinity) return { ...state, level: state.target };
  const wayLeft = state.target - state.level;
  const way = state.perMs * dtMs;
  const level = Math.abs(wayLeft) <= way ? state.target : state.level + Math.sign(wayLeft) * way;
  return { ...state, level };
}

/** Is it where it was sent? */
export const hasArrived = (state: LampState): boolean => state.level === state.target;

/** What the meter reads, in watts: the nominal power's share, within 2 %. */
export const powerOf = (level: number, watts: number, rng: Rng): number =>
  Math.round(about(level * watts, 0.02, rng) * 10) / 10;
