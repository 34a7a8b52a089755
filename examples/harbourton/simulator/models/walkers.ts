// People on the river path: they come, run along it, and go.
import { about, poisson, type Rng } from './random.ts';

/** People run: the town's time is shortened. */
const SPEED_M_PER_S = 3;
const PER_MINUTE = 0.8;
/** How far a motion sensor sees along the path. */
const REACH_M = 12;

/** Somebody on the path. */
export interface Walker {
  /** From the path's beginning. */
  alongM: number;
  /** Metres per second; negative towards the beginning. */
  speed: number;
}

/** Everybody `dtMs` later, on a path of `lengthM`. */
export function stepWalkers(walkers: readonly Walker[], dtMs: number, lengthM: number, rng: Rng): Walker[] {
  const moved = walkers
    .map((walker) => ({ ...walker, alongM: walker.alongM + (walker.speed * dtMs) / 1_000 }))
    .filter(({ alongM }) => alongM >= 0 && alongM <= lengthM);
  const newcomers = Array.from({ length: poisson((PER_MINUTE * dtMs) / 60_000, rng) }, () => {
    const speed = about(SPEED_M_PER_S, 0.2, rng);
    return rng() < 0.5 ? { alongM: 0, speed } : { alongM: lengthM, speed: -speed };
  });
  return [...moved, ...newcomers];
}

/** Somebody who appears out of a side street. */
export const walkerAt = (alongM: number): Walker => ({ alongM, speed: SPEED_M_PER_S });

/** Does a sensor at `alongM` see anybody? */
export const isSeen = (walkers: readonly Walker[], alongM: number): boolean =>
  walkers.some((walker) => Math.abs(walker.alongM - alongM) <= REACH_M);
