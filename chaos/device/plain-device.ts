// A device without any contract: does what it is told, each time it is told. What a plain queue of jobs is compared on.
import { z } from 'zod';

import type { DeviceOptions } from './field-device.ts';
import { isRude } from './manners.ts';

/** What a plain worker publishes. */
export const plainCommandSchema = z.object({
  point: z.string(),
  value: z.number(),
  /** Milliseconds since the epoch. Nobody looks at it but the judge. */
  notAfter: z.number(),
  commandId: z.string(),
});

/** One device with one point. It acknowledges, whether anybody listens or not. */
export class PlainDevice {
  readonly #options: DeviceOptions;

  constructor(options: DeviceOptions) {
    this.#options = options;
  }

  /** It says nothing by itself. */
  greet(): void {
    this.report();
  }

  report(): void {
    // It has no way to say how it is.
  }

  /** Does it, late when it is slow, never when it lies. */
  receive(payload: Buffer): void {
    const { manners, index, effects, say } = this.#options;
    const command = plainCommandSchema.parse(JSON.parse(payload.toString()));
    const { commandId } = command;
    const acknowledge = () => say('ack', { commandId, result: 'accepted' });
    if (isRude(manners, index) && manners.kind === 'lies') return acknowledge();
    const delayMs = isRude(manners, index) ? manners.slowMs : 0;
    const act = () => {
      effects.write({ ...command, at: Date.now() });
      acknowledge();
    };
    if (delayMs === 0) act();
    else setTimeout(act, delayMs);
  }
}
