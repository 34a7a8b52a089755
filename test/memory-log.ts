// An input log in memory that keeps the real one's contract: order, ids that grow, reads that wait, refusals.
import { readInput, writeInput } from '../engine/fold/input-text.ts';
import type { InputLog } from '../engine/fold/ports.ts';
import { systemClock, type Clock } from '../engine/model/clock.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import { importanceOf, type Input, type LogEntry } from '../engine/model/input.ts';

/** Keeps inputs as long as the test runs. */
export class MemoryLog implements InputLog {
  /** Everything appended and not yet trimmed. */
  readonly entries: LogEntry[] = [];
  /** How many inputs came with each append. */
  readonly groups: number[] = [];
  /** `full` refuses readings, `very full` flows' claims too, `away` everything, as the real log does then. */
  mood: 'well' | 'full' | 'very full' | 'away' = 'well';
  readonly #clock: Clock;
  readonly #watchers = new Set<() => void>();
  #last = { at: 0, n: 0 };
  #held: Promise<void> | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async append(inputs: readonly Input[]): Promise<string[]> {
    this.groups.push(inputs.length);
    await this.#held;
    if (this.mood === 'away') throw new SignalboxError('log-unavailable', { why: 'the test says so' });
    const refused = { well: -1, full: 0, 'very full': 1 }[this.mood];
    if (inputs.some((input) => importanceOf(input) <= refused)) throw new SignalboxError('log-full');
    const ids = inputs.map((input) => this.#keep(input));
    for (const watcher of this.#watchers) watcher();
    return ids;
  }

  async read(afterId: string, count: number, blockMs: number): Promise<LogEntry[]> {
    const after = () => this.entries.filter(({ id }) => isAfter(id, afterId)).slice(0, count);
    if (after().length === 0) await this.#nextAppend(blockMs);
    return after();
  }

  async trim(id: string): Promise<void> {
    const kept = this.entries.filter((entry) => isAfter(entry.id, id));
    this.entries.splice(0, this.entries.length, ...kept);
  }

  async now(): Promise<number> {
    return this.#clock.now();
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher();
  }

  /** Forgets everything so far. */
  clear(): void {
    this.entries.splice(0);
    this.groups.splice(0);
  }

  /** Keeps appends waiting until the returned function is called, as a slow disk would. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = undefined;
      resolve();
    };
  }

  /** Resolves with the first input that matches, waiting for it. */
  async next<Kind extends Input['kind']>(kind: Kind): Promise<Extract<Input, { kind: Kind }>> {
    const isKind = (input: Input): input is Extract<Input, { kind: Kind }> => input.kind === kind;
    for (;;) {
      const found = this.entries.map(({ input }) => input).find(isKind);
      if (found) return found;
      await this.#nextAppend();
    }
  }

  #keep(input: Input): string {
    const at = Math.max(this.#clock.now(), this.#last.at);
    this.#last = { at, n: at === this.#last.at ? this.#last.n + 1 : 0 };
    const id = `${at}-${this.#last.n}`;
    // Through its text, so that nobody relies on what a real log would not carry.
    this.entries.push({ id, at, input: readInput(writeInput(input)) });
    return id;
  }

  #nextAppend(blockMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = blockMs === undefined ? undefined : this.#clock.after(blockMs, done);
      const watchers = this.#watchers;
      watchers.add(done);
      function done(): void {
        cancel?.();
        watchers.delete(done);
        resolve();
      }
    });
  }
}

function isAfter(id: string, other: string): boolean {
  const [at = 0, n = 0] = id.split('-').map(Number);
  const [otherAt = 0, otherN = 0] = other.split('-').map(Number);
  return at > otherAt || (at === otherAt && n > otherN);
}
