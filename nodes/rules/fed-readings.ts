// Remembers which readings a rules node fed, so that it recognises the decisions that they caused.
import type { Decision } from '../../engine/model/decision.ts';

/** The most ids that are remembered; the oldest are forgotten first. */
const MOST_IDS = 10_000;

/** A bounded set of reading ids. */
export class FedReadings {
  readonly #ids = new Set<string>();

  /** Remembers an id. */
  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST_IDS && oldest !== undefined) this.#ids.delete(oldest);
  }

  /** Forgets an id: the core refused the reading. */
  remove(id: string): void {
    this.#ids.delete(id);
  }

  /** Those of the remembered readings that the decision's conditions read, each once. */
  causesOf(decision: Decision): string[] {
    const read = decision.trace.flatMap((condition) => condition.readings ?? []);
    return [...new Set(read)].filter((id) => this.#ids.has(id));
  }
}
