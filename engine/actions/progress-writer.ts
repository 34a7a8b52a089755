// Writes what became of commands to the log, those of one moment together.
import type { InputLog } from '../fold/ports.ts';
import type { Input } from '../model/input.ts';
import type { Outcome } from './ledger.ts';

/** The most entries in one append. */
const LARGEST_APPEND = 500;
/** The log takes no longer details. */
const LONGEST_DETAIL = 300;

interface Waiting {
  input: Input;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** One append at a time: what comes while it is under way goes with the next. */
export class ProgressWriter {
  readonly #log: Pick<InputLog, 'append'>;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(log: Pick<InputLog, 'append'>) {
    this.#log = log;
  }

  /** Resolves when it is in the log and on disk; rejects as the log does. */
  write(commandId: string, { state, detail, until }: Outcome): Promise<void> {
    const short = {
      ...(detail === undefined ? {} : { detail: detail.slice(0, LONGEST_DETAIL) }),
      ...(until === undefined ? {} : { until }),
    };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input: { kind: 'progress', commandId, state, ...short }, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, LARGEST_APPEND);
      this.#waiting = this.#waiting.slice(LARGEST_APPEND);
      try {
        await this.#log.append(batch.map(({ input }) => input));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
