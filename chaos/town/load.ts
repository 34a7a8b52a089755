// The load: wishes at a steady rate, each for a point that has none under way, each with a value that never came before.
import type { Rng } from '../../examples/harbourton/simulator/models/random.ts';
import type { Wish } from '../judge.ts';
import { LOADED_DEVICES, pointOfDevice } from './assets.ts';
import type { Answer } from './link-client.ts';

/** Who takes wishes. */
export interface Asker {
  /** True while it makes sense to ask. */
  readonly isUp: boolean;
  ask(point: string, value: number): Promise<Answer>;
}

/** What a load is made of. */
export interface LoadOptions {
  asker: Asker;
  /** Wishes per second. */
  rate: number;
  rng: Rng;
  /** How long a device is left alone after it was asked for something, in milliseconds. */
  restMs: (device: number) => number;
}

const STEP_MS = 5;
/** More unanswered wishes than this are not made: the link would refuse them. */
const MOST_WAITING = 150;
/** Tries to find a device that is free. */
const TRIES = 20;
/** Smaller values are free for whoever tries the town out. */
const FIRST_VALUE = 1_000_000;

/** Asks until it is stopped. */
export class Load {
  readonly #options: LoadOptions;
  readonly #busyUntil = new Map<number, number>();
  readonly accepted: Wish[] = [];
  /** How many wishes the box has said not to take. */
  refused = 0;
  #value = FIRST_VALUE;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    const { rate } = this.#options;
    let due = 0;
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      // After a pause of ours the rate goes on; what was missed is not made up for.
      due = Math.min(due + ((now - before) * rate) / 1_000, rate / 10);
      before = now;
      for (; due >= 1; due -= 1) this.#askOne();
    }, STEP_MS);
  }

  /** Asks no more; resolves when every wish has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#waiting > 0) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }

  #askOne(): void {
    const { asker, restMs } = this.#options;
    const device = this.#pick();
    if (!asker.isUp || this.#waiting >= MOST_WAITING || device === undefined) return;
    this.#value += 1;
    const wish: Wish = { point: pointOfDevice(device), value: this.#value, askedAt: Date.now() };
    this.#busyUntil.set(device, Infinity);
    this.#waiting += 1;
    void this.#see(asker.ask(wish.point, wish.value), wish, () =>
      this.#busyUntil.set(device, Date.now() + restMs(device)),
    );
  }

  async #see(asked: Promise<Answer>, wish: Wish, isFree: () => void): Promise<void> {
    const answer = await asked;
    this.#waiting -= 1;
    isFree();
    if (answer === 'accepted') this.accepted.push(wish);
    else this.refused += 1;
  }

  #pick(): number | undefined {
    const now = Date.now();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const device = Math.floor(this.#options.rng() * LOADED_DEVICES);
      if ((this.#busyUntil.get(device) ?? 0) <= now) return device;
    }
    return undefined;
  }
}
