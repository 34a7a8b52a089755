// Time comes from here and nowhere else, so that tests, backtests and live running are the same code.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A clock that can also wake somebody up. The one real clock is `systemClock`; tests pass their own. */
export interface Clock {
  /** Now, in milliseconds since the epoch. */
  now(): Instant;
  /**
   * Calls `wake` once when `delayMs` milliseconds have passed (0 or more; less counts as 0).
   * Returns a function that cancels the call; safe to call twice.
   */
  after(delayMs: number, wake: () => void): () => void;
}

/** The longest delay that Node's timers hold; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, wake) {
    const timer = setTimeout(wake, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs` milliseconds of the given clock. */
export const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

/** An instant as ISO 8601 in UTC with milliseconds, the form used in documents and on the wire. */
export const toIso = (instant: Instant): string => new Date(instant).toISOString();
