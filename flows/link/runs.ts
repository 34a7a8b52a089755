// Events of schedules at the department's end: each is told once, and the core hears that it was.
import type { Clock } from '../../engine/model/clock.ts';
import type { LinkRequest } from '../../engine/model/link.ts';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import { Listeners } from './listeners.ts';

/** Ids that are remembered: an answer that was lost on its way brings the event again. */
const MOST_REMEMBERED = 10_000;
/** A runtime that has just begun may not have its nodes yet: so long it says nothing while nobody listens. In milliseconds. */
const BEGINNING_MS = 60_000;

/** Takes events and tells them. */
export class Runs {
  readonly #listeners = new Listeners<ScheduleRun>();
  readonly #told = new Set<string>();
  readonly #clock: Clock;
  readonly #send: (frame: string) => void;
  readonly #begun: number;
  #count = 0;

  /** @param send takes a frame for the core */
  constructor(clock: Clock, send: (frame: string) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#begun = clock.now();
  }

  /** Adds a listener; returns a function that removes it, safe to call twice. */
  add(listener: (run: ScheduleRun) => void): () => void {
    const remove = this.#listeners.add(listener);
    this.#count += 1;
    let isThere = true;
    return () => {
      remove();
      if (isThere) this.#count -= 1;
      isThere = false;
    };
  }

  /** Tells an event that was not told yet, and says so to the core. */
  take(run: ScheduleRun): void {
    if (this.#count === 0 && this.#clock.now() - this.#begun < BEGINNING_MS) return;
    if (!this.#told.has(run.runId)) {
      this.#told.add(run.runId);
      const [oldest] = this.#told;
      if (this.#told.size > MOST_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
      this.#listeners.tell(run);
    }
    this.#send(JSON.stringify({ type: 'taken', run: run.runId } satisfies LinkRequest));
  }
}
