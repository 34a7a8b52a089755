// Carries out what the fold wants: facts for interlocks, what pages see, the record, and commands to the queue.
import type { Redis } from 'ioredis';

import type { Output, OutputSink } from '../fold/ports.ts';
import { viewReading } from '../fold/views.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import type { FactView, LiveEvent } from '../model/live.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import type { Message } from '../model/one-shot.ts';
import type { CommandQueue } from './command-queue.ts';
import { writeInterlockFacts } from './interlock-check.ts';
import { LuaScript, REFUSE_IF_DEPOSED } from './lua-script.ts';
import { factKey, mirrorWrites, type RedisWrite } from './mirror.ts';
import type { MessageOutlet } from './message-queue.ts';
import { RecordKeeper, type RecordBatch, type RecordTaker } from './record-keeper.ts';
import type { RunOutlet } from './run-queue.ts';
import type { ScheduleRun } from '../model/schedule-run.ts';
import { withinLimit } from './redis-connections.ts';

/** An unchanged value is shown again after this time, in milliseconds. */
const UNCHANGED_FACT_MS = 1_000;
/** Writes per script run, so that Redis is never held for long. */
const WRITES_PER_RUN = 1_000;

// One script for all writes: the epoch is checked and the writes are done with nothing in between.
const APPLY = new LuaScript(`${REFUSE_IF_DEPOSED}
local at = 2
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  if ARGV[at + 1] == 'KEEP-RECENT' then
    local hash, order, score, id, text, most = unpack(ARGV, at + 2, last)
    redis.call('HSET', hash, id, text)
    redis.call('ZADD', order, 'NX', score, id)
    local over = redis.call('ZCARD', order) - tonumber(most)
    if over > 0 then
      local oldest = redis.call('ZPOPMIN', order, over)
      for i = 1, #oldest, 2 do redis.call('HDEL', hash, oldest[i]) end
    end
  elseif ARGV[at + 1] == 'DROP-PREFIX' then
    local hash, prefix = ARGV[at + 2], ARGV[at + 3]
    for _, field in ipairs(redis.call('HKEYS', hash)) do
      if string.sub(field, 1, #prefix) == prefix then redis.call('HDEL', hash, field) end
    end
  else
    redis.call(unpack(ARGV, at + 1, last))
  end
  at = last + 1
end
return 'OK'
`);

/** What the sink needs. */
export interface RedisOutputSinkOptions {
  /** A connection opened for `request`; the caller closes it. */
  redis: Redis;
  keys: RedisKeys;
  queue: CommandQueue;
  recorder: RecordTaker;
  /** Takes notifications and webhooks; without one they are recorded only. */
  messages?: MessageOutlet;
  /** Takes events of schedules; without one nobody is told. */
  runs?: RunOutlet;
  clock?: Clock;
}

interface Sorted {
  facts: RedisWrite[];
  events: LiveEvent[];
  commands: Command[];
  messages: Message[];
  runs: ScheduleRun[];
  records: RecordBatch;
}

/**
 * Outputs into Redis, the queue and the record. Facts for interlocks are in Redis before any command is in the queue.
 * `deliver` rejects with `deposed` or `queue-unavailable`; delivering the same again is harmless. A record plane that is
 * away holds up nothing but `recorded`.
 */
export class RedisOutputSink implements OutputSink {
  readonly #options: RedisOutputSinkOptions;
  readonly #clock: Clock;
  readonly #records: RecordKeeper;
  /** When each fact was shown last, and as what. */
  readonly #shown = new Map<string, { value: unknown; state: string; at: number }>();

  constructor(options: RedisOutputSinkOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#records = new RecordKeeper(options.recorder, this.#clock);
  }

  async deliver(outputs: readonly Output[], epoch: number): Promise<void> {
    const { keys, queue } = this.#options;
    const sorted = sortOutputs(outputs, keys);
    const events = sorted.events.filter((event) => event.event !== 'fact' || this.#isWorthShowing(event.data));
    const writes = [...sorted.facts, ...events.flatMap((event) => mirrorWrites(event, keys))];
    if (events.length > 0) writes.push(['PUBLISH', keys.live, JSON.stringify(events)]);
    await this.#apply(writes, epoch);
    this.#noteShown(events);
    await queue.enqueue(sorted.commands, epoch);
    await this.#options.messages?.enqueue(sorted.messages);
    await this.#options.runs?.enqueue(sorted.runs);
    this.#records.take(sorted.records);
  }

  /** Readings that were left out of the record because the record plane was slower than the city. */
  get leftOutReadings(): number {
    return this.#records.leftOutReadings;
  }

  recorded(): Promise<void> {
    return this.#records.settled();
  }

  /** Waits no longer for a record plane that is away. Safe to call twice. */
  stop(): void {
    this.#records.stop();
  }

  async #apply(writes: readonly RedisWrite[], epoch: number): Promise<void> {
    const { redis, keys } = this.#options;
    for (let from = 0; from < writes.length; from += WRITES_PER_RUN) {
      const part = writes.slice(from, from + WRITES_PER_RUN);
      const args = part.flatMap((write) => [write.length, ...write]);
      await withinLimit(redis, () => APPLY.run(redis, [keys.epoch], [epoch, ...args]));
    }
  }

  #isWorthShowing(fact: FactView): boolean {
    const shown = this.#shown.get(factKey(fact));
    const isNews = !shown || shown.value !== fact.value || shown.state !== fact.state;
    return isNews || this.#clock.now() - shown.at >= UNCHANGED_FACT_MS;
  }

  #noteShown(events: readonly LiveEvent[]): void {
    const at = this.#clock.now();
    for (const { event, data } of events) {
      if (event === 'fact') this.#shown.set(factKey(data), { value: data.value, state: data.state, at });
      if (event === 'gone' && data.kind === 'asset') this.#forgetFactsOf(data.key);
    }
  }

  #forgetFactsOf(asset: string): void {
    for (const key of this.#shown.keys()) if (key.startsWith(`${asset}#`)) this.#shown.delete(key);
  }
}

/** Decisions and command records are shown too, whether or not the fold says so by itself. */
function sortOutputs(outputs: readonly Output[], keys: RedisKeys): Sorted {
  const facts: RedisWrite[] = [];
  const commands: Command[] = [];
  const messages: Message[] = [];
  const runs: ScheduleRun[] = [];
  const records: Required<RecordBatch> = {
    decisions: [],
    commands: [],
    readings: [],
    orders: [],
    messages: [],
    halts: [],
    alarms: [],
    pointChanges: [],
  };
  // By what an event is about: of several about the same thing the last is enough, except for decisions and commands.
  const events = new Map<string, LiveEvent>();
  for (const output of outputs) {
    noteRecord(records, output);
    switch (output.kind) {
      case 'command':
        commands.push(output.command);
        break;
      case 'command-record':
        showOnce(events, { event: 'command', data: output.record });
        break;
      case 'decision':
        showOnce(events, { event: 'decision', data: output.decision });
        break;
      case 'order':
        showOnce(events, { event: 'order', data: output.order });
        break;
      case 'alarm':
        showOnce(events, { event: 'alarm', data: output.alarm });
        break;
      case 'message':
        messages.push(output.message);
        break;
      case 'run':
        runs.push(output.run);
        break;
      case 'reading':
        if (output.isNewest) showOnce(events, { event: 'fact', data: viewReading(output.reading) });
        break;
      case 'live':
        showOnce(events, output.event);
        break;
      case 'interlock-facts':
        if (Object.keys(output.facts).length > 0) facts.push(writeInterlockFacts(keys, output.asset, output.facts));
        break;
      case 'halt':
      case 'point-change':
    }
  }
  return { facts, events: [...events.values()], commands, messages, runs, records };
}

/** Puts what an output leaves in the record among the others of its kind. */
function noteRecord(records: Required<RecordBatch>, output: Output): void {
  switch (output.kind) {
    case 'command-record':
      records.commands.push(output.record);
      break;
    case 'decision':
      records.decisions.push(output.decision);
      break;
    case 'order':
      records.orders.push(output.order);
      break;
    case 'alarm':
      records.alarms.push(output.alarm);
      break;
    case 'halt':
      records.halts.push(output.halt);
      break;
    case 'point-change':
      records.pointChanges.push(output.change);
      break;
    case 'message':
      records.messages.push({ message: output.message, state: 'queued', at: output.message.at });
      break;
    case 'reading':
      records.readings.push(output.reading);
      break;
    case 'command':
    case 'run':
    case 'live':
    case 'interlock-facts':
  }
}

/** Later news of the same thing replaces earlier news, and moves to its own place in the order. */
function showOnce(events: Map<string, LiveEvent>, event: LiveEvent): void {
  const key = subjectOf(event);
  events.delete(key);
  events.set(key, event);
}

function subjectOf({ event, data }: LiveEvent): string {
  switch (event) {
    case 'asset':
      return `asset ${data.id}`;
    case 'fact':
      return `fact ${factKey(data)}`;
    case 'point':
      return `point ${data.point}`;
    case 'activation':
      return `activation ${data.key}`;
    case 'decision':
      return `decision ${data.decisionId}`;
    case 'command':
      return `command ${data.command.commandId}`;
    case 'order':
      return `order ${data.orderId}`;
    case 'alarm':
      return `alarm ${data.alarmId}`;
    case 'halt':
      return `halt ${data.rule}`;
    case 'restraint':
      return `restraint ${data.id}`;
    case 'confirmation':
      return `confirmation ${data.id}`;
    case 'schedule':
      return `schedule ${data.schedule}`;
    case 'gone':
      return `${data.kind} ${data.key}`;
  }
}
