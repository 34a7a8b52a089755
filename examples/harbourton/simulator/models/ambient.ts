// What stations measure: values that wander around their mean, and the tide.
import type { Rng } from './random.ts';

/** How a property wanders. */
export interface Wander {
  mean: number;
  /** How far it usually is from the mean. */
  spread: number;
  min: number;
  max: number;
}

/** How fast it forgets where it was. */
const MEMORY_MS = 60_000;
/** Semi-diurnal tide of 12.4 h, in the town's shortened time. */
const TIDE_MS = 12.4 * 60_000;

/** Every property of the town's stations. */
export const WANDERS: Readonly<Record<string, Wander>> = {
  no2: { mean: 28, spread: 9, min: 0, max: 400 },
  pm10: { mean: 18, spread: 6, min: 0, max: 400 },
  pm25: { mean: 9, spread: 3, min: 0, max: 300 },
  LAeq: { mean: 58, spread: 5, min: 30, max: 110 },
  temperature: { mean: 11, spread: 1.5, min: -25, max: 45 },
  relativeHumidity: { mean: 0.78, spread: 0.06, min: 0.1, max: 1 },
  windSpeed: { mean: 17, spread: 7, min: 0, max: 140 },
  precipitation: { mean: 0.2, spread: 0.3, min: 0, max: 50 },
};

/** The value `dtMs` later (Ornstein-Uhlenbeck: pulled to the mean, pushed by chance). */
export function stepWander(value: number, dtMs: number, wander: Wander, rng: Rng): number {
  const pull = ((wander.mean - value) * dtMs) / MEMORY_MS;
  // The sum of twelve even numbers is close to normal, with variance 1.
  const normal = Array.from({ length: 12 }, rng).reduce((sum, part) => sum + part, -6);
  const push = wander.spread * Math.sqrt((2 * dtMs) / MEMORY_MS) * normal;
  return Math.min(wander.max, Math.max(wander.min, value + pull + push));
}

/** Water above the station's zero in metres, `elapsedMs` after the start. */
export const tideAt = (elapsedMs: number): number => 1.4 + 0.9 * Math.sin((2 * Math.PI * elapsedMs) / TIDE_MS);
