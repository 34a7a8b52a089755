// A clock that stands still until the test moves it.
import type { Clock, Instant } from '../engine/model/clock.ts';

/** Time in the test's hand. */
export class ManualClock implements Clock {
  #now: Instant;
  readonly #timers = new Set<{ at: Instant; wake: () => void }>();

  /** @param now milliseconds since the epoch; default 2026-11-22T10:00:00Z */
  constructor(now: Instant = Date.UTC(2026, 10, 22, 10)) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  after(delayMs: number, wake: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers wait: none may be left when what used them has stopped. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms` milliseconds and wakes who is due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).toSorted((left, right) => left.at - right.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
  }
}
