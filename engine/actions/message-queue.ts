// The queue of notifications and webhooks on BullMQ, of its own: a slow receiver never holds up a command.
import { DelayedError, Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

import { systemClock } from '../model/clock.ts';
import type { Message, MessageEnd } from '../model/one-shot.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';

const QUEUE_NAME = 'messages';
/** Kept so that an id that comes again is known. */
const KEPT_JOBS = 5_000;
/** While the record plane is away, what became of a message is kept in its job and offered again this often, in milliseconds. */
const RECORD_AGAIN_MS = 15_000;
/** Tries of one message, and the wait after the first in milliseconds; it doubles: the last try comes after ten minutes. */
const TRIES = 8;
const FIRST_PAUSE_MS = 5_000;
/** Receivers are waited for, not computed. */
const AT_ONCE = 8;

/** What works on messages. */
export interface MessageHandler {
  /** Sends one; resolves when nothing more is to be tried, rejects when it should be tried again. */
  send(message: Message, attempt: { isLast: boolean }): Promise<MessageEnd>;
  /** Writes down how it ended. Rejects while that cannot be done; the message is not sent again because of it. */
  record(message: Message, end: MessageEnd): Promise<void>;
}

/** A message in Redis, with its end once there is one. */
interface MessageJob {
  message: Message;
  end?: MessageEnd;
}

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
  /** The wait before an end is offered to the record again, in milliseconds; default 15,000. */
  recordAgainMs?: number;
}

/** Messages in Redis, shared by any number of engines and workers. */
export class BullmqMessageQueue implements MessageOutlet {
  readonly #options: MessageQueueOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<MessageJob>;
  #worker: { worker: Worker<MessageJob>; connection: Redis } | undefined;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
    this.#redis = openRedis(options.redisUrl, 'request', options.logger);
    this.#queue = new Queue<MessageJob>(QUEUE_NAME, {
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
      data: { message },
      opts: { jobId: encodeURIComponent(message.messageId) },
    }));
    await withinLimit(this.#redis, () => this.#queue.addBulk(jobs));
  }

  /** Begins to send what waits. Once per queue. */
  consume(handler: MessageHandler): void {
    if (this.#worker) return;
    const { redisUrl, keys, logger } = this.#options;
    const connection = openRedis(redisUrl, 'worker', logger);
    const work = (job: Job<MessageJob>, token?: string): Promise<void> => this.#work(handler, job, token);
    const worker = new Worker<MessageJob>(QUEUE_NAME, work, { connection, prefix: keys.queues, concurrency: AT_ONCE });
    worker.on('error', (error) => logger.warn({ why: error.message }, 'message worker'));
    this.#worker = { worker, connection };
  }

  /** A crash between the send and its note in the job sends again, under the same id; nothing else does. */
  async #work(handler: MessageHandler, job: Job<MessageJob>, token: string | undefined): Promise<void> {
    const { message } = job.data;
    let { end } = job.data;
    if (!end) {
      end = await handler.send(message, { isLast: job.attemptsMade + 1 >= (job.opts.attempts ?? 1) });
      await job.updateData({ message, end });
    }
    try {
      await handler.record(message, end);
    } catch (error) {
      const { logger, recordAgainMs = RECORD_AGAIN_MS } = this.#options;
      logger.warn({ err: error, messageId: message.messageId }, 'what became of a message cannot be recorded yet');
      await job.moveToDelayed(systemClock.now() + recordAgainMs, token);
      throw new DelayedError();
    }
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
