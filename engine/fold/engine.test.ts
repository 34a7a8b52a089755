import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import { systemClock } from '../model/clock.ts';
import type { DocumentInput } from '../model/input.ts';
import { redisKeys, type RedisKeys } from '../model/redis-keys.ts';
import { ruleSchema } from '../model/rule.ts';
import { Engine, type EngineEvent } from './engine.ts';
import type { Output } from './ports.ts';
import { RedisCheckpointStore } from './redis-checkpoint.ts';
import { RedisLease } from './redis-lease.ts';
import { RedisLog } from './redis-log.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const documents: DocumentInput[] = [
  {
    of: 'asset',
    id: BIN,
    version: 1,
    body: assetSchema.parse({
      id: BIN,
      type: 'WasteContainer',
      title: 'Pier 3',
      department: 'waste',
      points: { compaction: {} },
      binding: { adapter: 'mqtt', device: 'pier-3' },
    }),
  },
  {
    of: 'rule',
    id: 'waste/compact',
    version: 1,
    body: ruleSchema.parse({
      id: 'waste/compact',
      title: 'Press',
      scope: { type: 'WasteContainer' },
      conditions: { all: [{ fact: 'fillingLevel', operator: 'greaterThan', value: 0.5 }] },
      for: '1 s',
      actions: [{ point: 'compaction', set: 'compacting' }],
    }),
  },
];

let keys: RedisKeys;
let connections: Redis[];
let engines: Engine[];
beforeEach(() => {
  keys = redisKeys(`test-${randomUUID()}`);
  connections = [];
  engines = [];
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  for (const connection of connections) connection.disconnect();
});

function connect(): Redis {
  const redis = new Redis(inject('redisUrl'));
  connections.push(redis);
  return redis;
}

function startEngine(readDocuments = () => Promise.resolve(documents)): {
  engine: Engine;
  outputs: Output[];
  events: EngineEvent[];
  log: RedisLog;
  redis: Redis;
} {
  const redis = connect();
  const log = new RedisLog({ redis, reader: connect(), key: keys.log });
  const outputs: Output[] = [];
  const events: EngineEvent[] = [];
  const engine = new Engine({
    log,
    checkpoints: new RedisCheckpointStore(connect(), keys),
    lease: new RedisLease(redis, keys, () => Promise.resolve(0)),
    sink: {
      deliver: async (delivered) => void outputs.push(...delivered),
      recorded: () => Promise.resolve(),
    },
    documents: readDocuments,
    clock: systemClock,
    note: (event) => events.push(event),
  });
  engines.push(engine);
  engine.start();
  return { engine, outputs, events, log, redis };
}

const fill = (id: string) => {
  const now = Date.now();
  const reading = {
    id,
    asset: BIN,
    property: 'fillingLevel',
    value: 0.9,
    observedAt: now,
    receivedAt: now,
    quality: 'good' as const,
    source: 'flow:waste',
  };
  return { kind: 'readings' as const, readings: [reading] };
};

const commandIds = (outputs: readonly Output[]): string[] =>
  outputs.flatMap((output) => (output.kind === 'command' ? [output.command.commandId] : []));

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

it('loads the documents, folds a reading, and wakes itself for the "for" of a rule', async () => {
  const { engine, outputs, log } = startEngine();
  await eventually(() => expect(engine.isActive).toBe(true));
  await log.append([fill('one')]);
  await eventually(() => expect(commandIds(outputs)).toEqual([`${BIN}#compaction:1`]));
});

it('has one active engine; another takes over within five seconds when the first is gone, and goes on counting', async () => {
  const first = startEngine();
  await eventually(() => expect(first.engine.isActive).toBe(true));
  const second = startEngine();
  await first.log.append([fill('one')]);
  const goneAt = Date.now();
  // Cut off from Redis, as by kill -9: it neither renews its lease nor writes a checkpoint.
  first.redis.disconnect();
  await eventually(() => expect(second.engine.isActive).toBe(true));
  expect(Date.now() - goneAt).toBeLessThan(5_000);
  await eventually(() => expect(commandIds(second.outputs)).toEqual([`${BIN}#compaction:1`]));
});

it('stands down when another has a newer epoch, and writes nothing more', async () => {
  const { engine, events, redis } = startEngine();
  await eventually(() => expect(engine.isActive).toBe(true));
  await redis.multi().incr(keys.epoch).set(keys.lease, 'another', 'PX', 60_000).exec();
  await eventually(() => expect(events.map(({ event }) => event)).toContain('deposed'));
  expect(engine.isActive).toBe(false);
});

it('trims the log behind its checkpoints and finds its state again after a stop', async () => {
  const first = startEngine();
  await eventually(() => expect(first.engine.isActive).toBe(true));
  await first.log.append([fill('one')]);
  await eventually(() => expect(commandIds(first.outputs)).toHaveLength(1));
  await eventually(async () => expect(await first.redis.xlen(keys.log)).toBeLessThan(3));
  await first.engine.stop();
  const second = startEngine();
  await eventually(() => expect(second.engine.isActive).toBe(true));
  await second.log.append([fill('two')]);
  await eventually(() => expect(second.engine.counts?.taken).toBe(1));
  expect(commandIds(second.outputs)).toEqual([]);
});

it('goes on deciding while the database is away, from the documents that it knows', async () => {
  const first = startEngine();
  await eventually(() => expect(first.engine.isActive).toBe(true));
  await eventually(async () => expect(await first.redis.hlen(keys.checkpoint)).toBeGreaterThan(0));
  await first.engine.stop();
  const second = startEngine(() => Promise.reject(new Error('the database is away')));
  await eventually(() => expect(second.engine.isActive).toBe(true));
  await second.log.append([fill('one')]);
  await eventually(() => expect(commandIds(second.outputs)).toEqual([`${BIN}#compaction:1`]));
  expect(second.events.map(({ event }) => event)).toContain('problem');
});
