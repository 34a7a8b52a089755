import { pino } from 'pino';
import { expect, inject, it, onTestFinished, vi } from 'vitest';

import type { Output } from '../fold/ports.ts';
import type { Clock } from '../model/clock.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { FactView, LiveEvent } from '../model/live.ts';
import { RedisLiveSource } from './live-source.ts';
import { MemoryCommandQueue } from './memory-command-queue.ts';
import type { MessageOutlet } from './message-queue.ts';
import { RedisOutputSink } from './output-sink.ts';
import type { RecordTaker } from './record-keeper.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';
import { aCommand, ownKeys } from './test-support/commands.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const logger = pino({ enabled: false });

const fact = (value: number, fields: Partial<FactView> = {}): Output => ({
  kind: 'live',
  event: {
    event: 'fact',
    data: {
      asset: LAMP,
      property: 'activePower',
      value,
      observedAt: 1,
      state: 'known',
      source: 'adapter:mqtt',
      ...fields,
    },
  },
});
const decision = (id: string, at: number): Decision => ({
  decisionId: id,
  kind: 'started',
  rule: 'lighting/motion-lift',
  ruleVersion: 1,
  title: 'Somebody near',
  department: 'lighting',
  asset: LAMP,
  at,
  causedBy: '1-0',
  reason: 'conditions true',
  trace: [],
  claims: [],
});
const recordOf = (sequence: number, ...states: CommandRecord['steps'][number]['state'][]): CommandRecord => ({
  command: aCommand({ sequence, issuedAt: 1_000 + sequence }),
  steps: states.map((state) => ({ state, at: 1 })),
});
const asset = (id: string): Output => ({
  kind: 'live',
  event: {
    event: 'asset',
    data: {
      id,
      type: 'Streetlight',
      title: id,
      department: 'lighting',
      points: ['level'],
      relations: {},
      attributes: {},
    },
  },
});

async function setUp() {
  const { keys } = ownKeys();
  const redisUrl = inject('redisUrl');
  const redis = openRedis(redisUrl, 'request', logger);
  onTestFinished(() => closeRedis(redis));
  const source = new RedisLiveSource({ redisUrl, keys, logger });
  onTestFinished(() => source.stop());
  await source.start();
  const events: LiveEvent[] = [];
  source.subscribe((batch) => events.push(...batch));
  const queue = new MemoryCommandQueue();
  const recorder = { record: vi.fn<RecordTaker['record']>(async () => undefined) };
  const time = { now: 1_000_000 };
  const clock: Clock = { now: () => time.now, after: () => () => undefined };
  const sink = new RedisOutputSink({ redis, keys, queue, recorder, clock });
  return { sink, source, queue, recorder, redis, keys, events, time };
}

it('has the interlock facts in Redis before a command is in the queue', async () => {
  const { sink, queue, redis, keys } = await setUp();
  const seen: string[] = [];
  const put = queue.enqueue.bind(queue);
  queue.enqueue = async (commands, epoch) => {
    seen.push(...Object.keys(await redis.hgetall(keys.interlockFacts(LAMP))));
    await put(commands, epoch);
  };
  const facts = { door: { value: 'closed', observedAt: 5 } };
  await sink.deliver(
    [
      { kind: 'command', command: aCommand() },
      { kind: 'interlock-facts', asset: LAMP, facts },
    ],
    1,
  );
  expect(seen).toEqual(['door']);
  expect(await queue.counts()).toMatchObject({ waiting: 1 });
  expect(JSON.parse((await redis.hget(keys.interlockFacts(LAMP), 'door')) ?? '')).toEqual(facts.door);
});

it('refuses the outputs of an engine that was replaced, and writes none of them', async () => {
  const { sink, source, queue, recorder, redis, keys } = await setUp();
  await withinLimit(redis, () => redis.set(keys.epoch, 3));
  const outputs: Output[] = [asset(LAMP), { kind: 'command', command: aCommand() }];
  await expect(sink.deliver(outputs, 2)).rejects.toMatchObject({ code: 'deposed', details: { epoch: 3 } });
  expect((await source.snapshot()).assets).toEqual([]);
  expect(await queue.counts()).toMatchObject({ waiting: 0 });
  expect(recorder.record).not.toHaveBeenCalled();
  await sink.deliver(outputs, 3);
  expect((await source.snapshot()).assets).toHaveLength(1);
});

it('shows a snapshot of the city, newest decisions and commands first', async () => {
  const { sink, source } = await setUp();
  await sink.deliver(
    [
      asset(LAMP),
      fact(52),
      { kind: 'decision', decision: decision('d1', 1) },
      { kind: 'decision', decision: decision('d2', 2) },
      { kind: 'command-record', record: recordOf(1, 'queued') },
      { kind: 'command-record', record: recordOf(1, 'queued', 'sent') },
      { kind: 'command-record', record: recordOf(2, 'queued') },
    ],
    1,
  );
  const city = await source.snapshot();
  expect(city.assets.map(({ id }) => id)).toEqual([LAMP]);
  expect(city.facts).toMatchObject([{ property: 'activePower', value: 52 }]);
  expect(city.decisions.map(({ decisionId }) => decisionId)).toEqual(['d2', 'd1']);
  expect(city.commands.map(({ command, steps }) => [command.sequence, steps.length])).toEqual([
    [2, 1],
    [1, 2],
  ]);
});

it('tells listeners every change in one message, and the same thing once', async () => {
  const { sink, events } = await setUp();
  await sink.deliver(
    [
      { kind: 'decision', decision: decision('d1', 1) },
      { kind: 'live', event: { event: 'decision', data: decision('d1', 1) } },
      { kind: 'command-record', record: recordOf(1, 'queued', 'sent') },
    ],
    1,
  );
  await vi.waitFor(() => expect(events.map(({ event }) => event)).toEqual(['decision', 'command']));
});

it('hands decisions, changes of points and the newest state of each command to the recorder', async () => {
  const { sink, recorder } = await setUp();
  const change = { changeId: 'p1', point: 'urn:ngsi-ld:Streetlight:a#level', at: 1, reported: 0.4 };
  await sink.deliver(
    [
      { kind: 'decision', decision: decision('d1', 1) },
      { kind: 'command-record', record: recordOf(1, 'queued') },
      { kind: 'point-change', change },
      { kind: 'command-record', record: recordOf(1, 'queued', 'sent') },
    ],
    1,
  );
  await sink.recorded();
  expect(recorder.record).toHaveBeenCalledExactlyOnceWith({
    decisions: [decision('d1', 1)],
    commands: [recordOf(1, 'queued', 'sent')],
    readings: [],
    pointChanges: [change],
  });
});

it('shows an unchanged fact at most once a second, and a changed one at once', async () => {
  const { sink, events, time } = await setUp();
  const shown = () => events.map(({ data }) => ('observedAt' in data ? [data.value, data.observedAt] : []));
  await sink.deliver([fact(52, { observedAt: 1 })], 1);
  await sink.deliver([fact(52, { observedAt: 2 })], 1);
  await sink.deliver([fact(0, { observedAt: 3 })], 1);
  await sink.deliver([fact(0, { observedAt: 4, state: 'stale' })], 1);
  time.now += 1_000;
  await sink.deliver([fact(0, { observedAt: 5, state: 'stale' })], 1);
  await vi.waitFor(() =>
    expect(shown()).toEqual([
      [52, 1],
      [0, 3],
      [0, 4],
      [0, 5],
    ]),
  );
});

it('forgets what belonged to an asset that is gone', async () => {
  const { sink, source } = await setUp();
  const neighbour = `${LAMP}0`;
  const ofNeighbour = fact(7, { asset: neighbour });
  await sink.deliver([asset(LAMP), asset(neighbour), fact(52), ofNeighbour], 1);
  await sink.deliver([{ kind: 'live', event: { event: 'gone', data: { kind: 'asset', key: LAMP } } }], 1);
  const city = await source.snapshot();
  expect(city.assets.map(({ id }) => id)).toEqual([neighbour]);
  expect(city.facts.map(({ asset: of }) => of)).toEqual([neighbour]);
});

it('keeps only the newest decisions for pages, whatever the order they come in', async () => {
  const { sink, source, redis, keys } = await setUp();
  const many = Array.from({ length: 250 }, (_, index): Output => ({
    kind: 'decision',
    decision: decision(`d${index}`, index),
  }));
  await sink.deliver(many, 1);
  await sink.deliver([{ kind: 'decision', decision: decision('d0', 0) }], 1);
  const { decisions } = await source.snapshot();
  expect(decisions).toHaveLength(200);
  expect([decisions[0]?.at, decisions.at(-1)?.at]).toEqual([249, 50]);
  expect(await redis.zcard(keys.mirror('decision-order'))).toBe(200);
});

it('holds up neither commands nor views while the record plane is away', async () => {
  const { sink, queue, recorder } = await setUp();
  recorder.record.mockReturnValue(new Promise(() => undefined));
  await sink.deliver(
    [
      { kind: 'command', command: aCommand() },
      { kind: 'decision', decision: decision('d1', 1) },
    ],
    1,
  );
  expect(await queue.counts()).toMatchObject({ waiting: 1 });
});

it('shows an order while it is open, and records orders and messages, which go to a queue of their own', async () => {
  const { source, queue, recorder, redis, keys, events } = await setUp();
  const enqueue = vi.fn<MessageOutlet['enqueue']>(async () => undefined);
  const sink = new RedisOutputSink({ redis, keys, queue, recorder, messages: { enqueue } });
  const about = {
    asset: LAMP,
    department: 'lighting',
    rule: 'lighting/lost',
    ruleVersion: 1,
    title: 'Lost',
    decisionId: 'd',
  };
  const open = { ...about, orderId: 'o1', kind: 'repair', state: 'open' as const, openedAt: 1 };
  const closed = { ...open, state: 'closed' as const, closedAt: 2 };
  const message = { ...about, messageId: 'm1', what: { notify: { to: 'duty', text: 'Lost' } }, at: 1 };
  await sink.deliver(
    [
      { kind: 'order', order: open },
      { kind: 'message', message },
    ],
    1,
  );
  expect((await source.snapshot()).orders).toEqual([open]);
  expect(enqueue).toHaveBeenCalledExactlyOnceWith([message]);
  await sink.deliver([{ kind: 'order', order: closed }], 1);
  expect((await source.snapshot()).orders).toEqual([]);
  await vi.waitFor(() => expect(events.filter(({ event }) => event === 'order')).toHaveLength(2));
  await sink.recorded();
  const batches = recorder.record.mock.calls.map(([batch]) => batch);
  expect(batches.flatMap(({ orders = [] }) => orders)).toEqual([open, closed]);
  expect(batches.flatMap(({ messages = [] }) => messages)).toEqual([{ message, state: 'queued', at: 1 }]);
});

it('shows which rules are kept back, until they are not', async () => {
  const { sink, source } = await setUp();
  const rule = { rule: 'lighting/lost', department: 'lighting' };
  const parked = { ...rule, parked: { why: 'it threw', since: 1 } };
  await sink.deliver([{ kind: 'live', event: { event: 'halt', data: parked } }], 1);
  expect((await source.snapshot()).halts).toEqual([parked]);
  await sink.deliver([{ kind: 'live', event: { event: 'halt', data: rule } }], 1);
  expect((await source.snapshot()).halts).toEqual([]);
});
