// Chance that can be repeated: the same seed gives the same town.

/** Gives the next number, 0 (included) to 1 (excluded). */
export type Rng = () => number;

/** A generator of its own for each name, so that one device's chance does not hang on another's. */
export function rngFor(seed: number, name: string): Rng {
  let state = seed >>> 0;
  for (const character of name) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for traffic.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many events happen when `mean` (0 to 50) are expected: Poisson, by Knuth's method. */
export function poisson(mean: number, rng: Rng): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = rng(); product > limit; product *= rng()) count += 1;
  return count;
}

/** Anything within `share` (0 to 1) of the value, evenly spread. */
export const about = (value: number, share: number, rng: Rng): number => value * (1 + share * (2 * rng() - 1));
