// The same faults on a plain BullMQ queue with its defaults: one queue, workers that publish and end, nothing else.
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

import type { CommandEnd } from '../../engine/model/command.ts';
import type { Wish } from '../judge.ts';
import { LOADED_DEVICES, NOT_AFTER_MS, pointOfDevice } from '../town/assets.ts';
import { clockOf, namesOf, startField, type Field } from '../town/field.ts';
import type { Answer } from '../town/link-client.ts';
import type { Asker } from '../town/load.ts';
import { Program } from '../town/programs.ts';
import type { Proxy } from '../town/proxy.ts';
import type { CommandWithSteps, Subject, TownOptions } from '../town/subject.ts';
import { pauseMs } from '../town/until.ts';
import { PLAIN_QUEUE, type PlainJob } from './plain-job.ts';

const FULL_MS = 3_000;
/** A wish that the queue has not taken by then was not taken. */
const TAKEN_WITHIN_MS = 10_000;

/** A plain queue under load. */
export class PlainTown implements Subject, Asker {
  readonly options: TownOptions;
  readonly engines: readonly Program[] = [];
  readonly workers: readonly Program[];
  readonly repeats = 0;
  readonly isUp = true;
  readonly #field: Field;
  readonly #queue: Queue<PlainJob>;

  private constructor(options: TownOptions, field: Field, workers: readonly Program[]) {
    this.options = options;
    this.workers = workers;
    this.#field = field;
    this.#queue = new Queue<PlainJob>(PLAIN_QUEUE, { connection: { url: field.redisUrl } });
    this.#queue.on('error', () => undefined);
  }

  /** @param redisSettings lines that differ from the box's own Redis: what a server has without being told */
  static async build(options: TownOptions, redisSettings: readonly string[]): Promise<PlainTown> {
    const field = await startField({ ...options, redisSettings, isPlain: true });
    const workers = namesOf('worker', options.workers).map(
      (name, index) =>
        new Program({
          name,
          command: process.execPath,
          args: [join(import.meta.dirname, 'plain-worker.ts'), field.redisUrl, field.brokerUrl],
          env: clockOf(index, options),
          logFile: join(options.folder, `${name}.log`),
        }),
    );
    return new PlainTown(options, field, workers);
  }

  get redis(): Field['redis'] {
    return this.#field.redis;
  }

  get broker(): Field['broker'] {
    return this.#field.broker;
  }

  get proxies(): readonly Proxy[] {
    return this.#field.proxies;
  }

  get roles(): readonly Program[] {
    return this.workers;
  }

  get asker(): Asker {
    return this;
  }

  async ask(point: string, value: number): Promise<Answer> {
    const adding = this.#queue.add('command', jobFor({ point, value, askedAt: Date.now() })).then(
      (): Answer => 'accepted',
      (): Answer => 'refused',
    );
    return Promise.race([adding, pauseMs(TAKEN_WITHIN_MS).then((): Answer => 'refused')]);
  }

  async startRoles(): Promise<void> {
    for (const worker of this.workers) worker.start();
    await this.#queue.waitUntilReady();
  }

  async untilReady(): Promise<void> {
    await this.#queue.waitUntilReady();
  }

  effects(): ReturnType<Field['effects']> {
    return this.#field.effects();
  }

  /** A job that has ended proves nothing; one that failed has a recorded end. */
  async commands(): Promise<CommandWithSteps[]> {
    const [done, failed] = await Promise.all([this.#queue.getCompleted(0, -1), this.#queue.getFailed(0, -1)]);
    return [...done.map((job) => ended(job, 'unverified')), ...failed.map((job) => ended(job, 'failed'))];
  }

  /** It has no API. */
  askWithoutRedis(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async fillMemory(): Promise<string[]> {
    const redis = new Redis(this.redis.url);
    await redis.config('SET', 'maxmemory', 1_000_000);
    await pauseMs(FULL_MS);
    await redis.config('SET', 'maxmemory', 0);
    redis.disconnect();
    return [];
  }

  async plantBacklog(wishes: number, ageMs: number): Promise<Wish[]> {
    const askedAt = Date.now() - ageMs;
    const planted = Array.from({ length: wishes }, (_, index): Wish => ({
      point: pointOfDevice(index % LOADED_DEVICES),
      value: index + 1,
      askedAt,
    }));
    await this.#queue.addBulk(
      planted.map((wish) => ({ name: 'command', data: jobFor(wish), opts: { timestamp: askedAt } })),
    );
    return planted;
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await Promise.race([this.#queue.close(), pauseMs(FULL_MS)]);
    await this.#field.stop();
  }
}

const jobFor = ({ point, value, askedAt }: Wish): PlainJob => ({
  point,
  value,
  commandId: `${point}:${value}`,
  notAfter: askedAt + NOT_AFTER_MS,
});

const ended = ({ data }: { data: PlainJob }, end: CommandEnd): CommandWithSteps => ({
  ...data,
  sequence: data.value,
  end,
  steps: [],
});
