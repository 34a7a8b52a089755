// The engine role: the fold over the log, or a standby for it.
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';

import {
  BatchRecorder,
  BullmqCommandQueue,
  BullmqMessageQueue,
  BullmqRunQueue,
  closeRedis,
  Engine,
  RedisCheckpointStore,
  RedisLease,
  RedisLedger,
  RedisOutputSink,
  nextIncarnation,
  openRedis,
  registerQueueMetrics,
  Retention,
  type EngineEvent,
} from '../../engine/index.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { documentInputSchema, type DocumentInput } from '../../engine/model/input.ts';
import { citySettings, type Settings } from '../settings.ts';
import type { Part } from './part.ts';
import { seedDemo } from './seed.ts';
import { whenReady, type Stores } from './stores.ts';

/** What the role is made of. */
export interface EngineRoleParts {
  settings: Settings;
  stores: Stores;
  registry: Registry;
  /** The folder `examples/`. */
  examples: string;
  clock: Clock;
  logger: Logger;
}

/** Makes the role; it does nothing until started. */
export function engineRole({ settings, stores, registry, examples, clock, logger }: EngineRoleParts): Part {
  const { keys, redis, database, documents, log } = stores;
  const queue = new BullmqCommandQueue({
    redisUrl: settings.redisUrl,
    keys,
    ledger: new RedisLedger(redis, keys),
    logger,
  });
  const messages = new BullmqMessageQueue({ redisUrl: settings.redisUrl, keys, logger });
  const runs = new BullmqRunQueue({ redisUrl: settings.redisUrl, keys, logger });
  const recorder = new BatchRecorder({ database, log: logger });
  const sink = new RedisOutputSink({ redis, keys, queue, messages, runs, recorder, clock });
  const retention = new Retention({
    database,
    clock,
    log: logger,
    isEmbedded: settings.databaseUrl === undefined,
  });
  const checkpointRedis = openRedis(settings.redisUrl, 'request', logger);
  const engine = new Engine({
    log,
    checkpoints: new RedisCheckpointStore(checkpointRedis, keys),
    lease: new RedisLease(redis, keys, () => nextIncarnation(database)),
    sink,
    documents: async () => restraintsFirst(await documents.newest()).flatMap((stored) => toInput(stored, logger)),
    clock,
    settings: citySettings(settings),
    note: (event) => describe(event, logger),
  });
  registerQueueMetrics(registry, queue);
  registerEngineMetrics(registry, engine, sink);
  return {
    name: 'engine',
    async start() {
      if (settings.demo) await seedDemo(documents, examples, logger);
      await whenReady(checkpointRedis);
      engine.start();
      retention.start();
    },
    async stop() {
      await retention.stop();
      await engine.stop();
      sink.stop();
      await recorder.stop();
      await queue.close();
      await messages.close();
      await runs.close();
      closeRedis(checkpointRedis);
    },
  };
}

/** After Redis was emptied nothing may be moved that a restraint is about. */
const restraintsFirst = <Document extends { kind: string }>(newest: readonly Document[]): Document[] =>
  newest.toSorted((left, right) => Number(right.kind === 'restraint') - Number(left.kind === 'restraint'));

function toInput(
  { kind, id, version, body }: { kind: string; id: string; version: number; body: unknown },
  logger: Logger,
): DocumentInput[] {
  const parsed = documentInputSchema.safeParse({ of: kind, id, version, body });
  if (!parsed.success)
    logger.error(
      { document: `${kind} ${id}`, version },
      'a stored document cannot be read; the one before stays in force',
    );
  return parsed.success ? [parsed.data] : [];
}

function describe(event: EngineEvent, logger: Logger): void {
  switch (event.event) {
    case 'active':
      logger.info(event, 'this engine is the active one');
      break;
    case 'standing-by':
      logger.info('this engine stands by');
      break;
    case 'deposed':
      logger.warn(event, 'this engine was replaced by another');
      break;
    case 'checkpoint':
      logger.trace(event, 'a checkpoint is written');
      break;
    case 'problem':
      logger.error({ err: event.error, where: event.where }, 'the engine had a problem');
  }
}

/** What the fold has counted since this process became the active engine. */
function registerEngineMetrics(registry: Registry, engine: Engine, sink: RedisOutputSink): void {
  const leftOut = new Gauge({
    name: 'signalbox_readings_left_out',
    help: 'Readings that were evaluated but not recorded, because the record plane was slower than the city',
    registers: [registry],
    collect() {
      this.set(sink.leftOutReadings);
    },
  });
  const counted = new Gauge({
    name: 'signalbox_engine_counted',
    help: 'What the active engine has counted since it became active: entries, readings taken, repeated, too late, from the future, of unknown assets, invalid, and disagreements with json-rules-engine',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [what, count] of Object.entries(engine.counts ?? {})) this.set({ what }, count);
    },
  });
  const commands = new Gauge({
    name: 'signalbox_commands',
    help: 'Commands since this process became the active engine: issued, by their end, and in flight',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [what, count] of Object.entries(engine.commandCounts ?? {})) this.set({ what }, count);
    },
  });
  const active = new Gauge({
    name: 'signalbox_engine_active',
    help: '1 while this process is the active engine',
    registers: [registry],
    collect() {
      this.set(engine.isActive ? 1 : 0);
    },
  });
  leftOut.set(0);
  counted.reset();
  commands.reset();
  active.set(0);
}
