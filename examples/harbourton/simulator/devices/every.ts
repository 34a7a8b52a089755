// A beat: something that is due again and again.

/** Says at most once per period that it is time. */
export class Every {
  readonly #periodMs: number;
  #dueMs: number;

  /** Due for the first time at `firstMs` of the town's time. */
  constructor(periodMs: number, firstMs = 0) {
    this.#periodMs = periodMs;
    this.#dueMs = firstMs;
  }

  /** Is it time? Asking takes the beat; beats that were missed are not made up for. */
  take(elapsedMs: number): boolean {
    if (elapsedMs < this.#dueMs) return false;
    this.#dueMs += this.#periodMs;
    if (this.#dueMs <= elapsedMs) this.restart(elapsedMs);
    return true;
  }

  /** The next beat is a whole period from now. */
  restart(elapsedMs: number): void {
    this.#dueMs = elapsedMs + this.#periodMs;
  }
}
