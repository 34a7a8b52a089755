// The queue of schedules' events on their way to the departments' flows, on BullMQ: the id of a job is the occurrence's.
import { Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

import type { RedisKeys } from '../model/redis-keys.ts';
import type { ScheduleRun } from '../model/schedule-run.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';

const QUEUE_NAME = 'runs';
/** Kept so that an id that comes again is known. */
const KEPT_JOBS = 20_000;
/** A runtime that is away is waited for: a day, in steps of this many milliseconds. */
const PAUSE_MS = 5_000;
const TRIES = 17_280;
/** Runtimes are waited for, not computed. */
const AT_ONCE = 32;

/** Tells the flows: resolves when they have taken the event, rejects when it should be tried again. */
export type RunHandler = (run: ScheduleRun) => Promise<void>;

/** Where the sink puts events of schedules. */
export interface RunOutlet {
  /** Takes each event once, by its id. Rejects with `queue-unavailable`. */
  enqueue(runs: readonly ScheduleRun[]): Promise<void>;
}

/** What the queue needs. */
export interface RunQueueOptions {
  redisUrl: string;
  keys: RedisKeys;
  logger: Logger;
  /** The wait between two tries, in milliseconds; default 5,000. */
  pauseMs?: number;
}

/** Events in Redis, shared by any number of engines and gateways. */
export class BullmqRunQueue implements RunOutlet {
  readonly #options: RunQueueOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<ScheduleRun>;
  #worker: { worker: Worker<ScheduleRun>; connection: Redis } | undefined;

  constructor(options: RunQueueOptions) {
    this.#options = options;
    this.#redis = openRedis(options.redisUrl, 'request', options.logger);
    this.#queue = new Queue<ScheduleRun>(QUEUE_NAME, {
      connection: this.#redis,
      prefix: options.keys.queues,
      defaultJobOptions: {
        attempts: TRIES,
        backoff: { type: 'fixed', delay: options.pauseMs ?? PAUSE_MS },
        removeOnComplete: { count: KEPT_JOBS },
        removeOnFail: { count: KEPT_JOBS },
        stackTraceLimit: 1,
      },
    });
    // The connection itself reports that Redis is away; without a listener Node would throw.
    this.#queue.on('error', () => undefined);
  }

  async enqueue(runs: readonly ScheduleRun[]): Promise<void> {
    if (runs.length === 0) return;
    const jobs = runs.map((run) => ({ name: 'run', data: run, opts: { jobId: encodeURIComponent(run.runId) } }));
    await withinLimit(this.#redis, () => this.#queue.addBulk(jobs));
  }

  /** Begins to tell what waits. Once per queue. */
  consume(handler: RunHandler): void {
    if (this.#worker) return;
    const { redisUrl, keys, logger } = this.#options;
    const connection = openRedis(redisUrl, 'worker', logger);
    const worker = new Worker<ScheduleRun>(QUEUE_NAME, (job: Job<ScheduleRun>) => handler(job.data), {
      connection,
      prefix: keys.queues,
      concurrency: AT_ONCE,
    });
    worker.on('error', (error) => logger.warn({ why: error.message }, 'worker of events of schedules'));
    worker.on('failed', (job, error) => {
      if (job && job.attemptsMade >= TRIES)
        logger.error({ run: job.data.runId, why: error.message }, 'an event of a schedule was given up');
    });
    this.#worker = { worker, connection };
  }

  /** Lets go; what is under way is told again by another gateway if it was cut off. Safe to call twice. */
  async close(): Promise<void> {
    const own = this.#worker;
    this.#worker = undefined;
    if (own) {
      await own.worker.close(true).catch(() => undefined);
      closeRedis(own.connection);
    }
    await this.#queue.close().catch(() => undefined);
    closeRedis(this.#redis);
  }
}
