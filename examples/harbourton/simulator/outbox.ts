// What a device says, on its way to the bus: ids, times, the contract's form, and the faults of transmission.
import { toIso, type Instant } from '../../../engine/model/clock.ts';
import type { Ack } from '../../../engine/model/field.ts';
import type { Value } from '../../../engine/model/value.ts';
import type { AssetState, Observation } from './behaviour.ts';
import type { Fault } from './faults.ts';

/** What a device can say besides its status. */
type Spoken = 'telemetry' | 'ack' | 'report';

/** What an outbox needs. */
export interface OutboxOptions {
  send: (channel: Spoken, message: unknown) => void;
  has: (fault: Fault, asset: string) => boolean;
  /** Begins every message id; differs from run to run, since ids never come back. */
  idPrefix: string;
}

/** One device's way out. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #frozen = new Map<string, Record<string, Value>>();
  readonly #held = new Map<Spoken, unknown>();
  #count = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Sends an observation, in the contract's native form unless it brings its own. */
  telemetry({ asset, readings, units, encode }: Observation, now: Instant): void {
    const kept = this.#thaw('telemetry', asset, readings);
    const message = encode
      ? encode(kept, now)
      : { id: this.#nextId(), asset, observedAt: toIso(now), readings: kept, ...(units && { units }) };
    this.#say('telemetry', asset, message);
  }

  /** Sends what an asset says about itself. */
  report(asset: string, { points, readings }: AssetState, now: Instant): void {
    const kept = this.#thaw('report', asset, readings);
    this.#say('report', asset, { id: this.#nextId(), asset, observedAt: toIso(now), points, readings: kept });
  }

  /** Sends an answer to a command. */
  ack(asset: string, ack: Ack): void {
    this.#say('ack', asset, ack);
  }

  /** The readings, or with the fault `frozen` those it had when the fault began. */
  #thaw(channel: Spoken, asset: string, readings: Record<string, Value>): Record<string, Value> {
    const key = `${channel} ${asset} ${Object.keys(readings).join()}`;
    if (!this.#options.has('frozen', asset)) {
      this.#frozen.delete(key);
      return readings;
    }
    const kept = this.#frozen.get(key) ?? readings;
    this.#frozen.set(key, kept);
    return kept;
  }

  #say(channel: Spoken, asset: string, message: unknown): void {
    const { has, send } = this.#options;
    if (has('silent', asset)) return;
    const held = this.#held.get(channel);
    if (held === undefined && has('outOfOrder', asset)) {
      this.#held.set(channel, message);
      return;
    }
    this.#held.delete(channel);
    for (const each of held === undefined ? [message] : [message, held]) {
      send(channel, each);
      if (has('duplicate', asset)) send(channel, each);
    }
  }

  #nextId(): string {
    this.#count += 1;
    return `${this.#options.idPrefix}-${this.#count}`;
  }
}
