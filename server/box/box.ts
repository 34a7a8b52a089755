// One core process: its stores, its roles and their order of starting and stopping.
import { join } from 'node:path';
import type { Logger } from 'pino';

import { BullmqRunQueue, RedisLiveSource, RedisRestraints } from '../../engine/index.ts';
import { systemClock, type Clock } from '../../engine/model/clock.ts';
import { Gateway } from '../gateway.ts';
import { HealthRegistry } from '../health.ts';
import { createMetrics } from '../metrics.ts';
import type { CoreRole, Settings } from '../settings.ts';
import { documentCheck } from './check-document.ts';
import { engineRole } from './engine-role.ts';
import { fieldBus } from './field-bus.ts';
import type { Part } from './part.ts';
import { openStores, type Stores } from './stores.ts';
import { workerRole } from './worker-role.ts';

/** What a core is made of. */
export interface BoxParts {
  settings: Settings;
  logger: Logger;
  /** The program's own folder, where `examples/` and `editor/dist` lie. */
  root: string;
  clock?: Clock;
}

/** One core process with the roles of its settings. start() and stop() are safe to call twice. */
export class Box {
  readonly #parts: Required<BoxParts>;
  readonly #health = new HealthRegistry();
  readonly #running: Part[] = [];
  #stores: Stores | undefined;
  #gateway: Gateway | undefined;
  #started: Promise<void> | undefined;

  constructor(parts: BoxParts) {
    this.#parts = { clock: systemClock, ...parts };
  }

  /** Resolves when every role runs. Rejects when a store or a port cannot be used; what ran already is stopped then. */
  start(): Promise<void> {
    this.#started ??= this.#start().catch(async (error: unknown) => {
      await this.#stop();
      throw error;
    });
    return this.#started;
  }

  /** Ends every role, the last started first. */
  async stop(): Promise<void> {
    await this.#started?.catch(() => undefined);
    await this.#stop();
  }

  /** The gateway's port; 0 without that role. */
  get port(): number {
    return this.#gateway?.port ?? 0;
  }

  async #start(): Promise<void> {
    const { settings, clock, logger } = this.#parts;
    const stores = await openStores(settings, clock, logger);
    this.#stores = stores;
    this.#watchStores(stores);
    for (const part of this.#plan(stores)) {
      this.#running.push(part);
      await part.start();
      logger.info({ part: part.name }, 'started');
    }
  }

  /** Gateway last: it answers as ready only when the rest is. */
  #plan(stores: Stores): Part[] {
    const { settings, clock, logger, root } = this.#parts;
    const metrics = createMetrics();
    const { registry } = metrics;
    const bus = fieldBus(settings, stores.accounts, logger);
    const roles: Record<CoreRole, () => Part[]> = {
      worker: () => [workerRole({ settings, stores, bus, health: this.#health, registry, clock, logger })],
      engine: () => [engineRole({ settings, stores, registry, examples: join(root, 'examples'), clock, logger })],
      gateway: () => this.#gatewayParts(stores, metrics),
    };
    const order: CoreRole[] = ['engine', 'worker', 'gateway'];
    const wanted = order.filter((role) => settings.roles.includes(role)).flatMap((role) => roles[role]());
    return bus.broker ? [bus.broker, ...wanted] : wanted;
  }

  #gatewayParts(stores: Stores, metrics: ReturnType<typeof createMetrics>): Part[] {
    const { settings, clock, logger, root } = this.#parts;
    const live = new RedisLiveSource({ redisUrl: settings.redisUrl, keys: stores.keys, logger });
    const gateway = new Gateway({
      settings,
      ...stores,
      live,
      restraints: new RedisRestraints(stores.redis, stores.keys),
      health: this.#health,
      metrics,
      checkDocument: documentCheck(stores.documents),
      pageFolder: join(root, 'editor/dist'),
      clock,
      logger,
    });
    this.#gateway = gateway;
    const runs = new BullmqRunQueue({ redisUrl: settings.redisUrl, keys: stores.keys, logger });
    return [
      { name: 'live events', start: () => live.start(), stop: () => live.stop() },
      { name: 'gateway', start: () => gateway.start(), stop: () => gateway.stop() },
      {
        name: 'events of schedules',
        start: () => runs.consume((run) => gateway.deliver(run)),
        stop: () => runs.close(),
      },
    ];
  }

  #watchStores({ redis, keys, database }: Stores): void {
    this.#health.register('redis', async () => ({ ok: (await redis.ping()) === 'PONG' }));
    this.#health.register('database', async () => ({ ok: (await database.query('select 1')).length === 1 }));
    this.#health.register('engine', async () =>
      (await redis.exists(keys.lease)) === 1 ? { ok: true } : { ok: false, detail: 'no engine is active' },
    );
  }

  async #stop(): Promise<void> {
    for (const part of this.#running.splice(0).toReversed()) {
      try {
        await part.stop();
      } catch (error) {
        this.#parts.logger.error({ err: error, part: part.name }, 'did not stop cleanly');
      }
    }
    await this.#stores?.close();
    this.#stores = undefined;
  }
}
