// Requests that wait for the core's answer, each with its own time limit.
import type { Clock } from '../../engine/model/clock.ts';
import type { PointRequest } from '../../engine/model/input.ts';
import type { LinkRequest } from '../../engine/model/link.ts';
import { problem, type Problem, type Result } from '../../engine/model/result.ts';

/** How long the core may take, in milliseconds; a wish that is older is better asked again by whoever still has it. */
export const DEFAULT_REQUEST_MS = 10_000;

interface Waiting {
  frame: string;
  settle: (result: Result<void>) => void;
}

/** The open requests of one link. */
export class Requests {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock, limitMs: number = DEFAULT_REQUEST_MS) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** @returns the frame to send, and the promise of the answer */
  open(id: string, request: PointRequest): { frame: string; answer: Promise<Result<void>> } {
    const frame = JSON.stringify({ type: 'request', id, request } satisfies LinkRequest);
    const answer = new Promise<Result<void>>((resolve) => {
      const cancel = this.#clock.after(this.#limitMs, () => this.#settle(id, { ok: false, problems: [this.#late()] }));
      this.#waiting.set(id, {
        frame,
        settle: (result) => {
          cancel();
          resolve(result);
        },
      });
    });
    return { frame, answer };
  }

  /** The core's answer; one to an unknown request changes nothing. */
  answer(id: string, problems?: Problem[]): void {
    this.#settle(id, problems ? { ok: false, problems } : { ok: true, value: undefined });
  }

  /** Frames of the open requests, for sending them again: the core takes each id once. */
  frames(): string[] {
    return [...this.#waiting.values()].map(({ frame }) => frame);
  }

  /** Ends all open requests with this reason. */
  giveUp(reason: Problem): void {
    for (const id of this.#waiting.keys()) this.#settle(id, { ok: false, problems: [reason] });
  }

  #settle(id: string, result: Result<void>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.settle(result);
  }

  #late(): Problem {
    const seconds = this.#limitMs / 1_000;
    return problem('link-timeout', '', `no answer of the core within ${seconds} s`, 'ask again when the link is up');
  }
}
