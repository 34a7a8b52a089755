// A node's status dot, written at most four times a second: at thousands of messages a second the editor needs no more.
import type { Clock } from '../../engine/model/clock.ts';
import type { RunningNode, Status } from './red.ts';

/** The shortest time between two writes, in milliseconds. */
const SHORTEST_PAUSE_MS = 250;

/** Shows the newest status; those that a newer one replaces within the pause are never written. */
export class StatusLine {
  readonly #node: Pick<RunningNode, 'status'>;
  readonly #clock: Clock;
  #writtenAt = -Infinity;
  #next: Status | undefined;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(node: Pick<RunningNode, 'status'>, clock: Clock) {
    this.#node = node;
    this.#clock = clock;
  }

  /** Shows `status` now, or when the pause since the last write is over. */
  show(status: Status): void {
    this.#next = status;
    if (this.#cancel || this.#isStopped) return;
    const waitMs = this.#writtenAt + SHORTEST_PAUSE_MS - this.#clock.now();
    if (waitMs <= 0) this.#write();
    else this.#cancel = this.#clock.after(waitMs, () => this.#write());
  }

  /** Writes nothing any more. Safe to call twice. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#next = undefined;
  }

  #write(): void {
    this.#cancel = undefined;
    if (!this.#next) return;
    this.#writtenAt = this.#clock.now();
    this.#node.status(this.#next);
    this.#next = undefined;
  }
}

/** Time of day of an instant, in the machine's own time zone: `14:02:11`. */
export const timeOfDay = (instant: number): string => new Date(instant).toTimeString().slice(0, 8);
