// Says in the log how each department's flows fare, so that the engine can raise an alarm where they do not run.
import type { Logger } from 'pino';

import type { Clock } from '../../engine/model/clock.ts';
import type { FlowsState } from '../../engine/model/input.ts';
import type { LiveEvent } from '../../engine/model/live.ts';
import type { LogWriter } from '../log-writer.ts';

/** What the watch works with. */
export interface FlowsWatchParts {
  readonly inputs: Pick<LogWriter, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Runtimes are strangers: one that changes its mind more often is believed at the next repetition. In milliseconds. */
const SAID_AT_MOST_EVERY_MS = 1_000;

interface Department {
  state: FlowsState;
  /** What the log has been told, and when; absent when it must be told. */
  said?: { state: FlowsState; at: number };
}

/** Remembers what is to be said of each department, and says it until it stands in the log. */
export class FlowsWatch {
  readonly #parts: FlowsWatchParts;
  readonly #departments = new Map<string, Department>();

  constructor(parts: FlowsWatchParts) {
    this.#parts = parts;
  }

  /** A runtime has said how its flows fare, or was lost. */
  note(department: string, state: FlowsState): void {
    const known = this.#departments.get(department) ?? { state };
    this.#departments.set(department, known);
    known.state = state;
    const isTooSoon = known.said !== undefined && this.#parts.clock.now() - known.said.at < SAID_AT_MOST_EVERY_MS;
    if (!isTooSoon) this.#say(department, known);
  }

  /** A runtime has said goodbye: whether its flows run elsewhere is not for us to say. */
  forget(department: string): void {
    this.#departments.delete(department);
  }

  /** Says what could not be said before. To be called regularly. */
  repeat(): void {
    for (const [department, known] of this.#departments) this.#say(department, known);
  }

  /** Another gateway may have noticed late that it lost a runtime which is linked here by now: then we say so again. */
  hear(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.event !== 'alarm' || event.data.kind !== 'flows-stopped' || event.data.endedAt !== undefined) continue;
      const known = this.#departments.get(event.data.department);
      if (known?.state === 'started') delete known.said;
    }
  }

  #say(department: string, known: Department): void {
    const { state, said } = known;
    if (said?.state === state) return;
    known.said = { state, at: this.#parts.clock.now() };
    this.#parts.inputs.append({ kind: 'flows', department, state }).catch((error: unknown) => {
      delete known.said;
      this.#parts.log.warn(
        { department, state, err: error },
        'how the flows fare could not be said; it is tried again',
      );
    });
  }
}
