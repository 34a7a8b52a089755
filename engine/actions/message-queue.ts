// The queue of notifications and webhooks on BullMQ, of its own: a slow receiver never holds up a command.
import { Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

import type { Message } from '../model/one-shot.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';

const QUEUE_NAME = 'messages';
/** Kept so that an id that comes again is known. */
const KEPT_JOBS = 5_000;
/** Tries of one message, and the wait after the first in milliseconds; it doubles: the last try comes after ten minutes. */
const TRIES = 8;
const FIRST_PAUSE_MS = 5_000;
/** Receivers are waited for, not computed. */
const AT_ONCE = 8;

/** What sends a message: resolves when nothing more is to be done about it, rejects when it should be tried again. */
export type MessageHandler = (message: Message, attempt: { isLast: boolean }) => Promise<void>;

/** Where the sink puts messages. */
export interface MessageOutlet {
  /** Takes each message once, by its id. Rejects with `queue-unavailable`. */
  enqueue(messages: readonly Message[]): Promise<void>;
}

/** What the queue needs. */
export interface MessageQueueOptions {
  redisUrl: string;
  keys: RedisKeys;
  logger: Logger;
  /** The wait before the second try, in milliseconds; default 5,000. */
  firstPauseMs?: number;
}

/** Messages in Redis, shared by any number of engines and workers. */
export class BullmqMessageQueue implements MessageOutlet {
  readonly #options: MessageQueueOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<Message>;
  #worker: { worker: Worker<Message>; connection: Redis } | undefined;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
    this.#redis = openRedis(options.redisUrl, 'request', options.logger);
    this.#queue = new Queue<Message>(QUEUE_NAME, {
      connection: this.#redis,
      prefix: options.keys.queues,
      defaultJobOptions: {
        attempts: TRIES,
        backoff: { type: 'exponential', delay: options.firstPauseMs ?? FIRST_PAUSE_MS },
        removeOnComplete: { count: KEPT_JOBS },
        removeOnFail: { count: KEPT_JOBS },
        stackTraceLimit: 1,
      },
    });
    // The connection itself reports that Redis is away; without a listener Node would throw.
    this.#queue.on('error', () => undefined);
  }

  async enqueue(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const jobs = messages.map((message) => ({
      name: 'message',
      data: message,
      opts: { jobId: encodeURIComponent(message.messageId) },
    }));
    await withinLimit(this.#redis, () => this.#queue.addBulk(jobs));
  }

  /** Begins to send what waits. Once per queue. */
  consume(handler: MessageHandler): void {
    if (this.#worker) return;
    const { redisUrl, keys, logger } = this.#options;
    const connection = openRedis(redisUrl, 'worker', logger);
    const work = (job: Job<Message>): Promise<void> =>
      handler(job.data, { isLast: job.attemptsMade + 1 >= (job.opts.attempts ?? 1) });
    const worker = new Worker<Message>(QUEUE_NAME, work, { connection, prefix: keys.queues, concurrency: AT_ONCE });
    worker.on('error', (error) => logger.warn({ why: error.message }, 'message worker'));
    this.#worker = { worker, connection };
  }

  /** Lets go; what is being sent is sent again by another worker if it was cut off. Safe to call twice. */
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
