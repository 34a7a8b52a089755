// The queue of commands as the rest of the core sees it: put in by the engine, taken out by workers on any machine.
import type { Command } from '../model/command.ts';

/** A command in a worker's hands. */
export interface Delivery {
  command: Command;
  /** 1 for the first time that any worker took it, growing. */
  attempt: number;
  /** Why the try before this one failed, if one did. */
  lastFailure?: string;
}

/**
 * Does what a command asks. Resolving ends the job. Rejecting with `TryLater` or `NotNow` hands it out again after their
 * delay, with `NeverAgain` ends it as failed; any other error counts as `TryLater` in a second.
 */
export type CommandHandler = (delivery: Delivery) => Promise<void>;

/** This try failed; the next one comes after `delayMs`. */
export class TryLater extends Error {
  readonly delayMs: number;

  constructor(why: string, delayMs: number, options?: ErrorOptions) {
    super(why, options);
    this.name = 'TryLater';
    this.delayMs = delayMs;
  }
}

/** Nothing failed, but others come first: handed out again after `delayMs`. */
export class NotNow extends Error {
  readonly delayMs: number;

  constructor(why: string, delayMs: number) {
    super(why);
    this.name = 'NotNow';
    this.delayMs = delayMs;
  }
}

/** It failed for good; trying again would not help. The job is kept for inspection. */
export class NeverAgain extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NeverAgain';
  }
}

/** How long an error that says nothing about itself waits for its next try, in milliseconds. */
export const UNKNOWN_FAILURE_DELAY_MS = 1_000;

/** How many commands stand where. `done` and `failed` are bounded by how many the queue keeps. */
export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
  done: number;
  failed: number;
}

/** Takes commands out of the queue until it is stopped. */
export interface CommandConsumer {
  /** Takes no more, and waits up to 5 s for those in hand. Safe to call twice. */
  stop(): Promise<void>;
}

/** Commands on their way to a worker. The most urgent slot comes first; within a slot, the oldest. */
export interface CommandQueue {
  /**
   * Puts commands in; each id only once, however often it comes. Resolves when they are durable.
   * Rejects within 2 s: `deposed` when a newer epoch than `epoch` exists, `queue-unavailable` when Redis is away.
   */
  enqueue(commands: readonly Command[], epoch: number): Promise<void>;
  /** Hands commands to `handler`, at most `concurrency` at a time. One that its worker never finished is handed out again. */
  consume(handler: CommandHandler, options: { concurrency: number }): CommandConsumer;
  counts(): Promise<QueueCounts>;
  /** Stops what was started and lets go of its connections. Safe to call twice. */
  close(): Promise<void>;
}
