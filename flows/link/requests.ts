// Requests that wait for the core's answer: a bounded number at once, each with its own time limit.
import type { Clock } from '../../engine/model/clock.ts';
import type { PointRequest } from '../../engine/model/input.ts';
import type { LinkRequest } from '../../engine/model/link.ts';
import { problem, type Problem, type Result } from '../../engine/model/result.ts';

/** How long the core may take, in milliseconds; a wish that is older is better asked again by whoever still has it. */
export const DEFAULT_REQUEST_MS = 10_000;

/** How many requests may be under way; the core turns away a runtime that floods it. */
const UNDER_WAY = 100;

interface Open {
  frame: string;
  isSent: boolean;
  settle: (result: Result<void>) => void;
}

/** The open requests of one link. */
export class Requests {
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** In the order in which they were asked. */
  readonly #open = new Map<string, Open>();

  constructor(clock: Clock, limitMs: number = DEFAULT_REQUEST_MS) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Takes a request in. Resolves with the core's answer, or with a problem when the time limit is over. */
  add(id: string, request: PointRequest): Promise<Result<void>> {
    const frame = JSON.stringify({ type: 'request', id, request } satisfies LinkRequest);
    return new Promise((resolve) => {
      const cancel = this.#clock.after(this.#limitMs, () => this.#settle(id, { ok: false, problems: [this.#late()] }));
      const settle = (result: Result<void>) => {
        cancel();
        resolve(result);
      };
      this.#open.set(id, { frame, isSent: false, settle });
    });
  }

  /** Frames to send now; they count as sent. */
  next(): string[] {
    const underWay = [...this.#open.values()].slice(0, UNDER_WAY).filter(({ isSent }) => !isSent);
    for (const request of underWay) request.isSent = true;
    return underWay.map(({ frame }) => frame);
  }

  /** The connection was lost: what was sent is to be sent again. Asking twice for the same wish is asking once. */
  resend(): void {
    for (const request of this.#open.values()) request.isSent = false;
  }

  /** The core's answer; one to an unknown request changes nothing. */
  answer(id: string, problems?: Problem[]): void {
    this.#settle(id, problems ? { ok: false, problems } : { ok: true, value: undefined });
  }

  /** Ends all open requests with this reason. */
  giveUp(reason: Problem): void {
    for (const id of this.#open.keys()) this.#settle(id, { ok: false, problems: [reason] });
  }

  #settle(id: string, result: Result<void>): void {
    const request = this.#open.get(id);
    this.#open.delete(id);
    request?.settle(result);
  }

  #late(): Problem {
    const seconds = this.#limitMs / 1_000;
    return problem('link-timeout', '', `no answer of the core within ${seconds} s`, 'ask again when the link is up');
  }
}
