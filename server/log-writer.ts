// Writes inputs to the log in groups: whatever comes while one append is under way goes into the next.
import type { InputLog } from '../engine/index.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import { importanceOf, type Input } from '../engine/model/input.ts';
import type { Metrics } from './metrics.ts';

/** The most inputs in one append: a frame of readings is one input. */
const MOST_AT_ONCE = 128;
/** The most inputs that may wait; more are refused, so that a dead log costs no memory without end. */
const MOST_WAITING = 2_048;

interface Waiting {
  input: Input;
  resolve: (id: string) => void;
  reject: (error: unknown) => void;
}

/** Group commit: one append at a time, the disk's sync shared by all who came meanwhile. */
export class LogWriter {
  readonly #log: Pick<InputLog, 'append'>;
  readonly #metrics: Pick<Metrics, 'logAppendSeconds' | 'logAppendFailures'>;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #stopped = false;

  constructor(log: Pick<InputLog, 'append'>, metrics: Pick<Metrics, 'logAppendSeconds' | 'logAppendFailures'>) {
    this.#log = log;
    this.#metrics = metrics;
  }

  /**
   * Resolves with the input's log id once it is on disk. Inputs keep the order of the calls.
   *
   * @throws SignalboxError `log-unavailable` or `log-full`; the input is then not in the log as far as we know
   */
  append(input: Input): Promise<string> {
    if (this.#stopped)
      return Promise.reject(new SignalboxError('log-unavailable', { why: 'this gateway is stopping' }));
    if (this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new SignalboxError('log-unavailable', { why: `${MOST_WAITING} inputs are waiting` }));
    const written = new Promise<string>((resolve, reject) => this.#waiting.push({ input, resolve, reject }));
    this.#writing ??= this.#write();
    return written;
  }

  /** Takes no more inputs and resolves when those taken are written or refused. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    // A turn of the event loop lets everything that has already arrived join the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#writeGroup(this.#waiting.splice(0, MOST_AT_ONCE));
    // In the same breath as the look at the queue, so that nobody joins a writer that has gone.
    this.#writing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const observe = this.#metrics.logAppendSeconds.startTimer();
    try {
      const ids = await this.#log.append(group.map(({ input }) => input));
      observe();
      for (const [index, { resolve }] of group.entries()) resolve(ids[index] ?? '');
    } catch (error) {
      this.#metrics.logAppendFailures.inc();
      const isFull = error instanceof SignalboxError && error.code === 'log-full';
      const least = Math.min(...group.map(({ input }) => importanceOf(input)));
      // A full log refuses what matters least, and still has room for the rest.
      const others = isFull ? group.filter(({ input }) => importanceOf(input) > least) : [];
      for (const waiting of group) if (!others.includes(waiting)) waiting.reject(error);
      if (others.length > 0) await this.#writeGroup(others);
    }
  }
}
