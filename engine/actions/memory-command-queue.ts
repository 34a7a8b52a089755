// The queue of commands within one process: for tests, and as the plain statement of what a queue of commands does.
import { systemClock, type Clock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import {
  NeverAgain,
  NotNow,
  TryLater,
  UNKNOWN_FAILURE_DELAY_MS,
  type CommandConsumer,
  type CommandHandler,
  type CommandQueue,
  type QueueCounts,
} from './command-queue.ts';

type Place = 'waiting' | 'active' | 'delayed' | 'done' | 'failed';

interface Job {
  command: Command;
  order: number;
  place: Place;
  attempt: number;
  lastFailure?: string;
}

/** Commands in memory; gone with the process. */
export class MemoryCommandQueue implements CommandQueue {
  readonly #jobs = new Map<string, Job>();
  readonly #consumers = new Set<MemoryConsumer>();
  readonly #clock: Clock;
  readonly #newestEpoch: () => number;

  /** @param newestEpoch the epoch of the engine in charge; default: every engine is */
  constructor(newestEpoch: () => number = () => 0, clock: Clock = systemClock) {
    this.#newestEpoch = newestEpoch;
    this.#clock = clock;
  }

  async enqueue(commands: readonly Command[], epoch: number): Promise<void> {
    const newest = this.#newestEpoch();
    if (epoch < newest) throw new SignalboxError('deposed', { epoch: newest });
    for (const command of commands) {
      if (this.#jobs.has(command.commandId)) continue;
      this.#jobs.set(command.commandId, { command, order: this.#jobs.size, place: 'waiting', attempt: 0 });
    }
    this.#wake();
  }

  consume(handler: CommandHandler, { concurrency }: { concurrency: number }): CommandConsumer {
    const consumer = new MemoryConsumer(() => this.#next(), { handler, concurrency, settle: this.#settle });
    this.#consumers.add(consumer);
    consumer.wake();
    return consumer;
  }

  async counts(): Promise<QueueCounts> {
    const counts: QueueCounts = { waiting: 0, active: 0, delayed: 0, done: 0, failed: 0 };
    for (const job of this.#jobs.values()) counts[job.place] += 1;
    return counts;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
  }

  #next(): Job | undefined {
    const waiting = [...this.#jobs.values()].filter((job) => job.place === 'waiting');
    return waiting.toSorted((left, right) => left.command.slot - right.command.slot || left.order - right.order)[0];
  }

  readonly #settle = (job: Job, error: unknown): void => {
    if (error === undefined) job.place = 'done';
    else if (error instanceof NeverAgain) job.place = 'failed';
    else this.#delay(job, error);
    this.#wake();
  };

  #delay(job: Job, error: unknown): void {
    const isOurs = error instanceof NotNow || error instanceof TryLater;
    if (!(error instanceof NotNow)) job.lastFailure = error instanceof Error ? error.message : String(error);
    job.place = 'delayed';
    this.#clock.after(isOurs ? error.delayMs : UNKNOWN_FAILURE_DELAY_MS, () => {
      job.place = 'waiting';
      this.#wake();
    });
  }

  #wake(): void {
    for (const consumer of this.#consumers) consumer.wake();
  }
}

interface Work {
  handler: CommandHandler;
  concurrency: number;
  settle: (job: Job, error: unknown) => void;
}

class MemoryConsumer implements CommandConsumer {
  readonly #next: () => Job | undefined;
  readonly #work: Work;
  readonly #inHand = new Set<Promise<void>>();
  #stopped = false;

  constructor(next: () => Job | undefined, work: Work) {
    this.#next = next;
    this.#work = work;
  }

  wake(): void {
    while (!this.#stopped && this.#inHand.size < this.#work.concurrency) {
      const job = this.#next();
      if (!job) return;
      job.place = 'active';
      job.attempt += 1;
      const done: Promise<void> = this.#run(job).finally(() => {
        this.#inHand.delete(done);
        this.wake();
      });
      this.#inHand.add(done);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#inHand);
  }

  async #run(job: Job): Promise<void> {
    const { command, attempt, lastFailure } = job;
    const failure = await this.#work.handler({ command, attempt, ...(lastFailure ? { lastFailure } : {}) }).then(
      () => undefined,
      (error: unknown) => error ?? new Error('failed without a reason'),
    );
    this.#work.settle(job, failure);
  }
}
