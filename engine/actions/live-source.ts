// The reader's side of what pages see: the whole city from the mirrors, and every change from the channel.
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

import type { Alarm } from '../model/alarm.ts';
import type { Confirmation } from '../model/confirmation.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type {
  ActivationView,
  AssetView,
  CitySnapshot,
  FactView,
  LiveEvent,
  PointView,
  RuleHalt,
} from '../model/live.ts';
import type { Order } from '../model/one-shot.ts';
import type { Restraint } from '../model/restraint.ts';
import type { ScheduleView } from '../model/schedule-run.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';

/** Where pages and other programs see the city from. */
export interface LiveSource {
  /** Everything as it is now; decisions and commands newest first. Rejects with `queue-unavailable` when Redis is away. */
  snapshot(): Promise<CitySnapshot>;
  /**
   * Calls `listener` with every change from now on, in order. After a time without Redis it gets the whole city once, as
   * changes, because some may have been missed. Returns a function that ends it; safe to call twice.
   */
  subscribe(listener: (events: LiveEvent[]) => void): () => void;
}

/** What the live source needs. */
export interface RedisLiveSourceOptions {
  redisUrl: string;
  keys: RedisKeys;
  logger: Logger;
}

/** The live source in Redis, with a connection for the channel alone. */
export class RedisLiveSource implements LiveSource {
  readonly #options: RedisLiveSourceOptions;
  readonly #listeners = new Set<(events: LiveEvent[]) => void>();
  #redis: Redis | undefined;
  #channel: Redis | undefined;

  constructor(options: RedisLiveSourceOptions) {
    this.#options = options;
  }

  /** Listens to the channel; resolves when it does. Rejects with `queue-unavailable`. Safe to call twice. */
  async start(): Promise<void> {
    if (this.#channel) return;
    const { redisUrl, keys, logger } = this.#options;
    this.#redis = openRedis(redisUrl, 'request', logger);
    const channel = openRedis(redisUrl, 'subscriber', logger);
    this.#channel = channel;
    channel.on('message', (_channel, text) => this.#tell(JSON.parse(text)));
    await withinLimit(channel, () => channel.subscribe(keys.live)).catch((error: unknown) => {
      this.stop();
      throw error;
    });
    // ioredis subscribes again by itself as soon as it is connected; what was published meanwhile is lost.
    channel.on('ready', () => void this.#tellAll());
  }

  /** Lets go of both connections. Safe to call twice. */
  stop(): void {
    for (const redis of [this.#redis, this.#channel]) if (redis) closeRedis(redis);
    this.#redis = undefined;
    this.#channel = undefined;
  }

  async snapshot(): Promise<CitySnapshot> {
    const redis = this.#redis;
    if (!redis) throw new Error('the live source was not started');
    const { keys } = this.#options;
    const read = <View>(kind: string): Promise<View[]> =>
      redis.hvals(keys.mirror(kind)).then((texts) => texts.map((text): View => JSON.parse(text)));
    // One connection and one moment: all are sent together.
    const [
      time,
      assets,
      facts,
      points,
      activations,
      decisions,
      commands,
      orders,
      halts,
      alarms,
      schedules,
      waiting,
      restraints,
    ] = await withinLimit(redis, () =>
      Promise.all([
        redis.time(),
        read<AssetView>('asset'),
        read<FactView>('fact'),
        read<PointView>('point'),
        read<ActivationView>('activation'),
        read<Decision>('decision'),
        read<CommandRecord>('command'),
        read<Order>('order'),
        read<RuleHalt>('halt'),
        read<Alarm>('alarm'),
        read<ScheduleView>('schedule'),
        read<Confirmation>('confirmation'),
        redis.hvals(keys.restraints).then((texts) => texts.map((text): Restraint => JSON.parse(text))),
      ]),
    );
    return {
      at: Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000),
      assets,
      facts,
      points,
      activations,
      decisions: decisions.toSorted((left, right) => right.at - left.at),
      commands: commands.toSorted((left, right) => right.command.issuedAt - left.command.issuedAt),
      orders: orders.toSorted((left, right) => right.openedAt - left.openedAt),
      halts,
      schedules,
      alarms: alarms.toSorted((left, right) => right.activeSince - left.activeSince),
      restraints: restraints.toSorted((left, right) => right.at - left.at),
      confirmations: waiting.toSorted((left, right) => right.askedAt - left.askedAt),
    };
  }

  subscribe(listener: (events: LiveEvent[]) => void): () => void {
    // A function of its own, so that one listener may subscribe twice and end each on its own.
    const own = (events: LiveEvent[]) => listener(events);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #tell(events: LiveEvent[]): void {
    for (const listener of this.#listeners) listener(events);
  }

  async #tellAll(): Promise<void> {
    try {
      this.#tell(asEvents(await this.snapshot()));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'live events were missed and the city could not be read again');
    }
  }
}

const asEvents = (city: CitySnapshot): LiveEvent[] => [
  ...city.assets.map((data): LiveEvent => ({ event: 'asset', data })),
  ...city.facts.map((data): LiveEvent => ({ event: 'fact', data })),
  ...city.points.map((data): LiveEvent => ({ event: 'point', data })),
  ...city.activations.map((data): LiveEvent => ({ event: 'activation', data })),
  ...city.decisions.toReversed().map((data): LiveEvent => ({ event: 'decision', data })),
  ...city.commands.toReversed().map((data): LiveEvent => ({ event: 'command', data })),
  ...(city.orders ?? []).map((data): LiveEvent => ({ event: 'order', data })),
  ...(city.halts ?? []).map((data): LiveEvent => ({ event: 'halt', data })),
  ...(city.schedules ?? []).map((data): LiveEvent => ({ event: 'schedule', data })),
  ...(city.alarms ?? []).map((data): LiveEvent => ({ event: 'alarm', data })),
  ...(city.restraints ?? []).map((data): LiveEvent => ({ event: 'restraint', data })),
  ...(city.confirmations ?? []).map((data): LiveEvent => ({ event: 'confirmation', data })),
];
