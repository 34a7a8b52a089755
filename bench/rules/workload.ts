// The same work for everybody: rules, assets, and messages that carry an asset's three values, from a seed.

/** How many asset types there are, and assets in all. */
export interface Size {
  types: number;
  assets: number;
  rules: number;
}

/** A rule in numbers: on assets of this type, `a` over `overA`, and `b` over `overB` or `c` over `overC`. */
export interface Thresholds {
  type: number;
  overA: number;
  overB: number;
  overC: number;
}

/** One message: which asset, and its three values. */
export interface Message {
  asset: number;
  values: [a: number, b: number, c: number];
}

/** Everything that is measured with. */
export interface Workload {
  size: Size;
  rules: Thresholds[];
  messages: Message[];
}

/** Rules act on the uppermost tenth of `a`: most of the time, most of them have nothing to do, as in a city. */
const LADDER_FROM = 0.9;

/** The share of messages that shall start or end an activation. */
const CHANGING = 0.01;

/** A small, quick generator of numbers from 0 to 1 (mulberry32), so that every run and every engine sees the same. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The type of an asset. */
export const typeOf = (asset: number, { types }: Size): number => asset % types;

/** Makes a workload: values walk in small steps, as sensors do, so that about one message in a hundred crosses a threshold that matters. */
export function makeWorkload(size: Size, messages: number, seed = 7): Workload {
  const random = randomNumbers(seed);
  const perType = size.rules / size.types;
  const rules = Array.from({ length: size.rules }, (_, index): Thresholds => {
    const rung = (Math.floor(index / size.types) + random()) / Math.max(1, perType);
    return {
      type: index % size.types,
      overA: LADDER_FROM + (1 - LADDER_FROM) * Math.min(rung, 0.999),
      overB: random(),
      overC: random(),
    };
  });
  const step = Math.min(0.3, (2.5 * CHANGING) / perType);
  const values = Array.from({ length: size.assets }, () => [random(), random(), random()] as [number, number, number]);
  const walk = (value: number): number => Math.abs(1 - Math.abs(1 - (value + (random() - 0.5) * 2 * step)));
  return {
    size,
    rules,
    messages: Array.from({ length: messages }, () => {
      const asset = Math.floor(random() * size.assets);
      const [a, b, c] = values[asset] ?? [0, 0, 0];
      const next: Message['values'] = [walk(a), walk(b), walk(c)];
      values[asset] = next;
      return { asset, values: next };
    }),
  };
}
