// Between the engine and the record plane: takes records at once, keeps what the database could not take, tries again.
import type { Clock } from '../model/clock.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Reading } from '../model/reading.ts';

/** Records as the engine hands them over. */
export interface RecordBatch {
  decisions: Decision[];
  commands: CommandRecord[];
  readings: Reading[];
}

/** Where records become durable; the store's recorder fits. */
export interface DurableRecorder {
  /** Resolves when the batch is durable; rejects when it is not. Taking it twice has the effect of once. */
  record(batch: RecordBatch): Promise<void>;
}

/** Wait before records that were refused are offered again, in milliseconds. */
const AGAIN_MS = 1_000;

/** The most readings that wait for a database that is away; beyond it new ones are left out and counted. */
const MOST_READINGS = 50_000;

/** Keeps records until they are durable. Evaluation never waits for it; checkpoints do. */
export class RecordKeeper {
  readonly #recorder: DurableRecorder;
  readonly #clock: Clock;
  readonly #note: (error: unknown) => void;
  readonly #open = new Set<Promise<void>>();
  #waitingReadings = 0;
  /** Readings left out because the database was away for too long. */
  droppedReadings = 0;

  /** @param parts.note told of each failed attempt */
  constructor(parts: { recorder: DurableRecorder; clock: Clock; note: (error: unknown) => void }) {
    this.#recorder = parts.recorder;
    this.#clock = parts.clock;
    this.#note = parts.note;
  }

  /** Takes records; never waits and never fails. */
  keep(batch: RecordBatch): void {
    const readings = this.#waitingReadings > MOST_READINGS ? [] : batch.readings;
    this.droppedReadings += batch.readings.length - readings.length;
    if (readings.length + batch.decisions.length + batch.commands.length === 0) return;
    this.#waitingReadings += readings.length;
    const written = this.#write({ ...batch, readings }).finally(() => {
      this.#waitingReadings -= readings.length;
      this.#open.delete(written);
    });
    this.#open.add(written);
  }

  /** Resolves when everything taken so far is durable, however long the database is away. */
  async kept(): Promise<void> {
    await Promise.all(this.#open);
  }

  async #write(batch: RecordBatch): Promise<void> {
    for (;;) {
      try {
        return await this.#recorder.record(batch);
      } catch (error) {
        this.#note(error);
        await new Promise<void>((resolve) => void this.#clock.after(AGAIN_MS, resolve));
      }
    }
  }
}
