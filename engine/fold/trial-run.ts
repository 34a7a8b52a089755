// A fold over a made-up log, with a clock of its own that moves only when told: tests, dry runs.
import type { Input, LogEntry } from '../model/input.ts';
import { Fold } from './fold.ts';
import type { Output } from './ports.ts';
import type { FoldSettings } from './work.ts';

/** The fold, its log and its clock, all in memory. */
export class TrialRun {
  fold: Fold;
  /** Milliseconds since the epoch. */
  now: number;
  /** What threw, in words; the run went on. */
  readonly failures: string[] = [];
  readonly #settings: Partial<FoldSettings>;
  #entries = 0;

  /**
   * @param start where the clock begins, milliseconds since the epoch
   * @param settings lengths that differ from `DEFAULT_FOLD_SETTINGS`
   */
  constructor(start: number, settings: Partial<FoldSettings> = {}) {
    this.now = start;
    this.#settings = settings;
    this.fold = this.newFold();
  }

  /** A fold as this run has one, empty. */
  newFold(): Fold {
    const fold = new Fold(this.#settings, (error, where) => this.failures.push(`${where}: ${String(error)}`));
    fold.epoch = 1;
    return fold;
  }

  /** Appends one input now and folds it. */
  put(input: Input): Promise<Output[]> {
    return this.take({ id: `${this.now}-${(this.#entries += 1)}`, at: this.now, input });
  }

  /** Lets time pass, firing every timer that comes due on its way. */
  async passTo(until: number): Promise<Output[]> {
    const outputs: Output[] = [];
    for (let due = this.fold.nextDue; due !== undefined && due <= until; due = this.fold.nextDue) {
      this.now = Math.max(this.now, due);
      outputs.push(...(await this.put({ kind: 'tick' })));
    }
    this.now = Math.max(this.now, until);
    outputs.push(...(await this.put({ kind: 'tick' })));
    return outputs;
  }

  /** Folds one entry; whoever wants to remember what happened does it here. */
  protected async take(entry: LogEntry): Promise<Output[]> {
    return this.fold.apply(entry);
  }
}
