// Counts the messages that were not taken, and says so once a minute per device.
import type { Logger } from 'pino';

import type { Clock } from '../../model/clock.ts';
import type { RefusalReason } from './read-message.ts';

const SAY_EVERY_MS = 60_000;
/** Topics remembered; a flood of made-up ones must not fill the memory. */
const MOST_TOPICS = 10_000;

/** The messages that one listener did not take. */
export class Refusals {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #counts: Record<RefusalReason, number> = {
    topic: 0,
    'too-large': 0,
    json: 0,
    schema: 0,
    device: 0,
    binding: 0,
  };
  /** Per device: when it was said last, and how many have come since. */
  readonly #said = new Map<string, { at: number; unsaid: number }>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Counts one message. */
  note(reason: RefusalReason, { topic, detail }: { topic: string; detail: string }): void {
    this.#counts[reason] += 1;
    const device = topic.split('/', 4).join('/');
    const now = this.#clock.now();
    const said = this.#said.get(device);
    if (said && now - said.at < SAY_EVERY_MS) {
      said.unsaid += 1;
      return;
    }
    if (this.#said.size >= MOST_TOPICS) this.#said.clear();
    this.#said.set(device, { at: now, unsaid: 0 });
    this.#logger.warn({ topic, reason, detail, alsoSinceLast: said?.unsaid ?? 0 }, 'a device’s message was not taken');
  }

  counts(): Readonly<Record<RefusalReason, number>> {
    return { ...this.#counts };
  }
}
