// Says that something is away when it begins and once a minute after, instead of at every try.
import type { Logger } from 'pino';

import type { Clock } from '../../model/clock.ts';

const SAY_EVERY_MS = 60_000;

/** One thing that may be away. */
export class Outage {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #what: string;
  #saidAt: number | undefined;

  /** @param what the line in the log */
  constructor(logger: Logger, clock: Clock, what: string) {
    this.#logger = logger;
    this.#clock = clock;
    this.#what = what;
  }

  /** A try has failed. */
  note(details: Record<string, unknown>): void {
    const now = this.#clock.now();
    if (this.#saidAt !== undefined && now - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = now;
    this.#logger.warn(details, this.#what);
  }

  /** It is there again. */
  over(): void {
    this.#saidAt = undefined;
  }
}
