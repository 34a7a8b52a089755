// The worker role: commands from the queue to the field bus, and what devices say into the log.
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import {
  BatchRecorder,
  BullmqCommandQueue,
  BullmqMessageQueue,
  CommandWorker,
  createMailSender,
  createMessageSender,
  evaluateObserved,
  FactInterlockCheck,
  interlockFactsIn,
  KnownDocuments,
  MqttAdapter,
  MqttListener,
  RedisLedger,
  RedisListenerLease,
  RedisRestraintCheck,
  RedisRestraints,
  registerListenerMetrics,
} from '../../engine/index.ts';
import type { Clock } from '../../engine/model/clock.ts';
import type { HealthRegistry } from '../health.ts';
import type { Settings } from '../settings.ts';
import type { FieldBus } from './field-bus.ts';
import type { Part } from './part.ts';
import type { Stores } from './stores.ts';

/** What the role is made of. */
export interface WorkerRoleParts {
  settings: Settings;
  stores: Stores;
  bus: FieldBus;
  health: HealthRegistry;
  registry: Registry;
  clock: Clock;
  logger: Logger;
}

/** Makes the role; it does nothing until started. */
export function workerRole({ settings, stores, bus, health, registry, clock, logger }: WorkerRoleParts): Part {
  const { keys, redis, database, documents, log } = stores;
  const known = new KnownDocuments({
    read: (since) => documents.newest(since),
    clock,
    note: (error) => logger.error({ err: error }, 'documents cannot be read; those known stay in force'),
  });
  const ledger = new RedisLedger(redis, keys);
  const queue = new BullmqCommandQueue({ redisUrl: settings.redisUrl, keys, ledger, logger });
  const facts = interlockFactsIn(redis, keys);
  const interlocks = new FactInterlockCheck({ facts, documents: known, evaluate: evaluateObserved });
  const adapter = new MqttAdapter({ url: bus.url, logger, clock });
  const listener = new MqttListener({
    url: bus.url,
    log,
    directory: known,
    lease: new RedisListenerLease(redis, keys.listener('mqtt')),
    logger,
    clock,
    clientId: `${settings.namespace}-listener`,
    onListening: () => bus.open(),
  });
  const restraints = new RedisRestraintCheck({ restraints: new RedisRestraints(redis, keys), documents: known, clock });
  const judges = { ledger, interlocks, restraints, documents: known };
  const worker = new CommandWorker({ queue, ...judges, sender: adapter, log, logger, clock });
  registerListenerMetrics(registry, listener);
  const messages = new BullmqMessageQueue({ redisUrl: settings.redisUrl, keys, logger });
  const recorder = new BatchRecorder({ database, log: logger });
  const send = createMessageSender({
    webhooks: settings.webhooks,
    ...(settings.mail ? { mail: createMailSender(settings.mail) } : {}),
    record: (record) => recorder.record({ decisions: [], commands: [], readings: [], messages: [record] }),
    clock,
    logger,
  });
  return {
    name: 'worker',
    async start() {
      await known.start();
      adapter.start();
      listener.start();
      worker.start();
      messages.consume(send);
      health.register('mqtt', () =>
        adapter.healthy() && listener.healthy()
          ? { ok: true }
          : { ok: false, detail: 'the field bus cannot be reached' },
      );
    },
    async stop() {
      await messages.close();
      await recorder.stop();
      await worker.stop();
      await queue.close();
      await listener.stop();
      await adapter.stop();
      known.stop();
    },
  };
}
