// The queue of commands on BullMQ: the one place that knows its options and its error classes.
import { DelayedError, Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

import { pause, systemClock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
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
import type { Ledger } from './ledger.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';

/** The one queue; slots order it. */
const QUEUE_NAME = 'commands';
/** Kept for inspection, and so that an id that comes again is known. The ledger knows it beyond that. */
const KEPT_JOBS = 5_000;
/** The handler decides when to give up, by `notAfter`; BullMQ's own limits must never end a command in silence. */
const NO_LIMIT = 1_000_000;
/**
 * A lock must outlive a busy event loop, and a dead worker's job must run elsewhere within 10 s: after the lock, the
 * dead worker's stall marker and one more round have passed.
 */
const LOCK_MS = 3_000;
const STALLED_INTERVAL_MS = 1_000;
/** BullMQ waits this long after Redis was away; its default is 15 s. */
const RETRY_AFTER_OUTAGE_MS = 500;
/** How long stopping waits for commands in hand, and then for BullMQ, which waits for a Redis that may never come. */
const STOP_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 500;

/** What a BullMQ queue of commands needs. */
export interface BullmqCommandQueueOptions {
  redisUrl: string;
  keys: RedisKeys;
  /** Learns of every command before it is queued. */
  ledger: Ledger;
  logger: Logger;
}

/** Commands in Redis, shared by any number of engines and workers. */
export class BullmqCommandQueue implements CommandQueue {
  readonly #options: BullmqCommandQueueOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<Command>;
  readonly #consumers = new Set<CommandConsumer>();

  constructor(options: BullmqCommandQueueOptions) {
    this.#options = options;
    this.#redis = openRedis(options.redisUrl, 'request', options.logger);
    this.#queue = new Queue<Command>(QUEUE_NAME, {
      connection: this.#redis,
      prefix: options.keys.queues,
      defaultJobOptions: {
        attempts: NO_LIMIT,
        backoff: { type: 'as-told' },
        removeOnComplete: { count: KEPT_JOBS },
        removeOnFail: { count: KEPT_JOBS },
        stackTraceLimit: 1,
      },
    });
    // The connection itself reports that Redis is away; without a listener Node would throw.
    this.#queue.on('error', () => undefined);
  }

  async enqueue(commands: readonly Command[], epoch: number): Promise<void> {
    if (commands.length === 0) return;
    await this.#options.ledger.issue(commands, epoch);
    const jobs = commands.map((command) => ({
      name: 'command',
      data: command,
      opts: { jobId: jobIdOf(command.commandId), priority: priorityOf(command) },
    }));
    await withinLimit(this.#redis, () => this.#queue.addBulk(jobs));
  }

  consume(handler: CommandHandler, { concurrency }: { concurrency: number }): CommandConsumer {
    const connection = openRedis(this.#options.redisUrl, 'worker', this.#options.logger);
    const inHand = new Set<Promise<void>>();
    const process = (job: Job<Command>, token?: string): Promise<void> => {
      const done: Promise<void> = handle(job, token, handler).finally(() => inHand.delete(done));
      inHand.add(done);
      return done;
    };
    const worker = new Worker<Command>(QUEUE_NAME, process, {
      connection,
      prefix: this.#options.keys.queues,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      maxStalledCount: NO_LIMIT,
      runRetryDelay: RETRY_AFTER_OUTAGE_MS,
      settings: { backoffStrategy: (_attempts, _type, error) => delayOf(error) },
    });
    const { logger } = this.#options;
    worker.on('error', (error) => logger.warn({ why: error.message }, 'command worker'));
    worker.on('stalled', (jobId) => logger.warn({ commandId: commandIdOf(jobId) }, 'command taken from a dead worker'));
    const consumer = stopOnce(async () => {
      const closed = worker.close();
      await waitAtMost(Promise.allSettled(inHand), STOP_LIMIT_MS);
      await waitAtMost(closed, CLOSE_LIMIT_MS);
      // Ends the connection that BullMQ made for itself, should it still be waiting there.
      void worker.disconnect().catch(() => undefined);
      closeRedis(connection);
      this.#consumers.delete(consumer);
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async counts(): Promise<QueueCounts> {
    const found = await withinLimit(this.#redis, () =>
      this.#queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'),
    );
    return {
      waiting: (found['wait'] ?? 0) + (found['prioritized'] ?? 0),
      active: found['active'] ?? 0,
      delayed: found['delayed'] ?? 0,
      done: found['completed'] ?? 0,
      failed: found['failed'] ?? 0,
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await waitAtMost(this.#queue.close(), CLOSE_LIMIT_MS);
    closeRedis(this.#redis);
  }
}

/** A command's job id. BullMQ refuses colons in ids of our own making; this can be read back. */
export const jobIdOf = (commandId: string): string => encodeURIComponent(commandId);

/** The command of a job id. */
export const commandIdOf = (jobId: string): string => decodeURIComponent(jobId);

/** BullMQ takes 1 first and runs jobs without a priority before all others, so every command has one: its slot. */
const priorityOf = (command: Command): number => Math.min(Math.max(Math.trunc(command.slot), 1), 16);

async function handle(job: Job<Command>, token: string | undefined, handler: CommandHandler): Promise<void> {
  try {
    await handler({
      command: job.data,
      attempt: job.attemptsStarted,
      ...(job.failedReason ? { lastFailure: job.failedReason } : {}),
    });
  } catch (error) {
    if (error instanceof NeverAgain) throw new UnrecoverableError(error.message);
    if (!(error instanceof NotNow)) throw error;
    await job.moveToDelayed(systemClock.now() + error.delayMs, token);
    throw new DelayedError();
  }
}

const delayOf = (error: Error | undefined): number =>
  error instanceof TryLater ? Math.max(1, Math.round(error.delayMs)) : UNKNOWN_FAILURE_DELAY_MS;

function stopOnce(stop: () => Promise<void>): CommandConsumer {
  let stopping: Promise<void> | undefined;
  return { stop: () => (stopping ??= stop()) };
}

/** Waits for `work`, but no longer than `limitMs`; how it ended does not matter any more. */
async function waitAtMost(work: Promise<unknown>, limitMs: number): Promise<void> {
  const quiet = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([quiet, pause(systemClock, limitMs)]);
}
