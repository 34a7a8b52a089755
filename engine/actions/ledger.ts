// The ledger: per point, what was issued and sent last and how it ended, changed atomically and on Redis's clock alone.
import type { Redis } from 'ioredis';
import { z } from 'zod';

import { spend, type Told, type Waiting, type WearingPoint } from '../control/wear.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import type { RedisKeys } from '../model/redis-keys.ts';
import { LuaScript, REFUSE_IF_DEPOSED } from './lua-script.ts';
import { withinLimit } from './redis-connections.ts';

/** How a command left the worker's hands. */
export interface Outcome {
  state: 'sent' | 'refused' | 'superseded' | 'expired' | 'failed';
  detail?: string;
  /** Refused by a wear budget: it may be asked again from then on, milliseconds since the epoch. */
  until?: number;
}

/**
 * May this command go to the wire now?
 *
 * - `send`: yes, it is the newest and in time
 * - `superseded`: a newer one was issued for its point
 * - `outdated`: a command of a higher sequence or fence was sent already
 * - `expired`: its `notAfter` has passed on Redis's clock
 * - `repeat`: it was settled before; `earlier` says how
 */
export type Admission = { now: number } & (
  | { verdict: 'send' | 'superseded' | 'outdated' | 'expired' }
  | { verdict: 'repeat'; earlier: Outcome }
);

/** An admission, or the point's wear budget is used up. */
export type ChangeAdmission = Admission | { verdict: 'worn'; now: number; waits: Waiting };

/** Where every command is admitted and settled exactly once. */
export interface Ledger {
  /** Notes these as issued. Rejects with `deposed` when a newer epoch than `epoch` exists; then nothing is noted. */
  issue(commands: readonly Command[], epoch: number): Promise<void>;
  /** Reads only; asking twice changes nothing, so that a worker that dies after it leaves no trace. */
  admit(command: Command): Promise<Admission>;
  /**
   * As `admit`, for the last look before the wire: with `send` the change is booked in the point's wear budget, once for
   * each command, in the same moment. A point without a budget costs what `admit` costs.
   */
  admitChange(command: Command, point: WearingPoint): Promise<ChangeAdmission>;
  /** Writes how it ended. The first to settle a command wins; resolves with the outcome that holds. */
  settle(command: Command, outcome: Outcome): Promise<Outcome>;
}

/** How many outcomes a point remembers; what is older was superseded by definition. */
const REMEMBERED_OUTCOMES = 8;

const ISSUE = new LuaScript(`${REFUSE_IF_DEPOSED}
for i = 2, #KEYS do
  local at = (i - 2) * 3 + 2
  local id, sequence, fence = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local issued = redis.call('HMGET', KEYS[i], 'issuedSequence', 'issuedFence')
  local issuedSequence, issuedFence = tonumber(issued[1] or '0'), tonumber(issued[2] or '0')
  if sequence > issuedSequence or (sequence == issuedSequence and fence >= issuedFence) then
    redis.call('HSET', KEYS[i], 'issuedSequence', ARGV[at + 1], 'issuedFence', ARGV[at + 2], 'issuedId', id)
  end
end
return 'OK'
`);

const VERDICT = `
local id, sequence, fence, notAfter = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local known = redis.call('HMGET', KEYS[1], 'issuedSequence', 'issuedId', 'sentSequence', 'sentFence', 'outcomes')
if known[5] then
  for _, outcome in ipairs(cjson.decode(known[5])) do
    if outcome.id == id then return { 'repeat', now, outcome.state, outcome.detail, outcome.till or '' } end
  end
end
local issued = tonumber(known[1] or '0')
if issued > sequence or (issued == sequence and known[2] ~= id) then return { 'superseded', now } end
if tonumber(known[3] or '0') >= sequence or tonumber(known[4] or '0') > fence then return { 'outdated', now } end
if now > notAfter then return { 'expired', now } end
`;

// Writes nothing, so that it costs no fsync and can be asked again right before the wire.
const ADMIT = new LuaScript(`${VERDICT}
return { 'send', now }
`);

// Compare and set: what the budget was judged on is still what is known.
const BOOK = new LuaScript(`${VERDICT}
if (redis.call('HGET', KEYS[1], 'wear') or '') ~= ARGV[5] then return { 'changed', now } end
redis.call('HSET', KEYS[1], 'wear', ARGV[6])
return { 'send', now }
`);

const SETTLE = new LuaScript(`
local id, sequence, fence, state, detail, till = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local known = redis.call('HMGET', KEYS[1], 'outcomes', 'sentSequence')
local outcomes = known[1] and cjson.decode(known[1]) or {}
for _, outcome in ipairs(outcomes) do
  if outcome.id == id then return { outcome.state, outcome.detail, outcome.till or '' } end
end
table.insert(outcomes, { id = id, state = state, detail = detail, till = till })
if #outcomes > ${REMEMBERED_OUTCOMES} then table.remove(outcomes, 1) end
redis.call('HSET', KEYS[1], 'outcomes', cjson.encode(outcomes))
if state == 'sent' and sequence > tonumber(known[2] or '0') then
  redis.call('HSET', KEYS[1], 'sentSequence', ARGV[2], 'sentFence', fence, 'sentId', id)
end
return { state, detail, till }
`);

const STATE = z.enum(['sent', 'refused', 'superseded', 'expired', 'failed']);
const SETTLED = z.tuple([STATE, z.string(), z.string()]);
const ADMITTED = z.union([
  z.tuple([z.enum(['send', 'superseded', 'outdated', 'expired']), z.number()]),
  z.tuple([z.literal('repeat'), z.number(), STATE, z.string(), z.string()]),
]);
const BOOKED = z.union([ADMITTED, z.tuple([z.literal('changed'), z.number()])]);

/** What a point's budget remembers, and the command that was booked last. */
interface Booked extends Told {
  commandId: string;
}

/** Two workers with commands of one point book at the same moment: more often than this, something is wrong. */
const MOST_TRIES = 5;

/** The ledger in Redis. Every call ends within 1.8 s, or rejects with `queue-unavailable`. */
export class RedisLedger implements Ledger {
  readonly #redis: Redis;
  readonly #keys: RedisKeys;

  /** @param redis a connection opened for `request`; the caller closes it */
  constructor(redis: Redis, keys: RedisKeys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async issue(commands: readonly Command[], epoch: number): Promise<void> {
    const keys = [this.#keys.epoch, ...commands.map(({ point }) => this.#keys.ledger(point))];
    const args = commands.flatMap(({ commandId, sequence, fence }) => [commandId, sequence, fence]);
    await this.#run(ISSUE, keys, [epoch, ...args]);
  }

  async admit(command: Command): Promise<Admission> {
    const { commandId, sequence, fence, notAfter } = command;
    const answer = await this.#run(ADMIT, [this.#keys.ledger(command.point)], [commandId, sequence, fence, notAfter]);
    return admissionOf(ADMITTED.parse(answer));
  }

  async admitChange(command: Command, point: WearingPoint): Promise<ChangeAdmission> {
    if (!point.wear) return this.admit(command);
    const key = this.#keys.ledger(command.point);
    const { commandId, sequence, fence, notAfter } = command;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const admission = await this.admit(command);
      if (admission.verdict !== 'send') return admission;
      const known = await withinLimit(this.#redis, () => this.#redis.hget(key, 'wear'));
      const told: Booked = known === null ? { commandId: '', changes: [] } : JSON.parse(known);
      if (told.commandId === commandId) return admission;
      const spending = spend(point, told, command.want, admission.now);
      if (!spending.allowed) return { verdict: 'worn', now: admission.now, waits: spending.waits };
      const text = JSON.stringify({ ...spending.told, commandId } satisfies Booked);
      const answer = await this.#run(BOOK, [key], [commandId, sequence, fence, notAfter, known ?? '', text]);
      const booked = BOOKED.parse(answer);
      if (booked[0] !== 'changed') return admissionOf(booked);
    }
    throw new SignalboxError('queue-unavailable', { why: `the wear budget of ${command.point} changes all the time` });
  }

  async settle(command: Command, outcome: Outcome): Promise<Outcome> {
    const { commandId, sequence, fence, point } = command;
    const args = [commandId, sequence, fence, outcome.state, outcome.detail ?? '', outcome.until ?? ''];
    const answer = await this.#run(SETTLE, [this.#keys.ledger(point)], args);
    return outcomeOf(...SETTLED.parse(answer));
  }

  #run(script: LuaScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return withinLimit(this.#redis, () => script.run(this.#redis, keys, args));
  }
}

function admissionOf(admitted: z.infer<typeof ADMITTED>): Admission {
  if (admitted[0] !== 'repeat') return { verdict: admitted[0], now: admitted[1] };
  const [verdict, now, ...earlier] = admitted;
  return { verdict, now, earlier: outcomeOf(...earlier) };
}

const outcomeOf = (state: Outcome['state'], detail: string, until: string): Outcome => ({
  state,
  ...(detail === '' ? {} : { detail }),
  ...(until === '' ? {} : { until: Number(until) }),
});
