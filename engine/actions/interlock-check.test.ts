import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';

import type { EvaluateInterlock } from '../control/interlocks.ts';
import type { InterlockFact } from '../fold/ports.ts';
import { assetSchema } from '../model/asset.ts';
import type { Command } from '../model/command.ts';
import { interlockSchema } from '../model/interlock.ts';
import { splitPointKey } from '../model/names.ts';
import { POINTS, pointSchema } from '../model/points.ts';
import { FactInterlockCheck, interlockFactsIn, writeInterlockFacts, type Documents } from './interlock-check.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';
import { aCommand, ownKeys } from './test-support/commands.ts';

const POINT = 'urn:ngsi-ld:WasteContainer:market-1#compaction';
const DOOR_CLOSED = interlockSchema.parse({
  id: 'waste/door-closed',
  title: 'A compactor starts only with its door closed',
  scope: { type: 'WasteContainer' },
  point: 'compaction',
  values: ['compacting'],
  requires: { all: [{ fact: 'door', operator: 'equal', value: 'closed' }] },
});

/** Stands for the rules' evaluation: is the door known to be closed? */
const evaluate: EvaluateInterlock = (_conditions, { door }, now) =>
  door && now < (door.staleAt ?? Infinity) ? door.value === 'closed' : 'unknown';

const compaction = pointSchema.parse(POINTS['WasteContainer']?.['compaction']);
const asset = assetSchema.parse({
  id: splitPointKey(POINT).asset,
  type: 'WasteContainer',
  title: 'Market 1',
  department: 'waste',
});
const documents: Documents = { asset: () => asset, pointOf: () => compaction, interlocksFor: () => [DOOR_CLOSED] };
const compact = (want: Command['want'] = { value: 'compacting', rampSeconds: 0 }) => aCommand({ point: POINT, want });
const closedDoor = (fields: Partial<InterlockFact> = {}): Record<string, InterlockFact> => ({
  door: { value: 'closed', observedAt: Date.now(), staleAt: Date.now() + 60_000, ...fields },
});

async function setUp(facts: Record<string, InterlockFact> = {}, known: Documents = documents) {
  const { keys } = ownKeys();
  const redis = openRedis(inject('redisUrl'), 'request', pino({ enabled: false }));
  onTestFinished(() => closeRedis(redis));
  const [word = '', ...args] = writeInterlockFacts(keys, splitPointKey(POINT).asset, facts);
  if (Object.keys(facts).length > 0) await withinLimit(redis, () => redis.call(String(word), ...args));
  return new FactInterlockCheck({ facts: interlockFactsIn(redis, keys), documents: known, evaluate });
}

it('allows what the facts allow', async () => {
  const check = await setUp(closedDoor());
  expect(await check.mayMove(compact())).toEqual({ allowed: true });
});

it('refuses what the facts forbid, and says which', async () => {
  const check = await setUp(closedDoor({ value: 'open' }));
  expect(await check.mayMove(compact())).toEqual({
    allowed: false,
    reason: 'A compactor starts only with its door closed (waste/door-closed does not hold: door is open)',
  });
});

it('refuses when the adapter has never seen the fact', async () => {
  const check = await setUp();
  expect(await check.mayMove(compact())).toEqual({
    allowed: false,
    reason: 'A compactor starts only with its door closed (waste/door-closed cannot be told: door is not known)',
  });
});

it('refuses when the fact is stale', async () => {
  const check = await setUp(closedDoor({ staleAt: Date.now() - 1 }));
  expect(await check.mayMove(compact())).toMatchObject({ allowed: false });
});

it('passes the safe value and a release even when nothing is known', async () => {
  const check = await setUp({}, { ...documents, interlocksFor: () => [{ ...DOOR_CLOSED, values: undefined! }] });
  expect(await check.mayMove(compact({ value: 'idle', rampSeconds: 0 }))).toEqual({ allowed: true });
  expect(await check.mayMove(compact({ release: true }))).toEqual({ allowed: true });
});

it('leaves alone the values that the interlock does not name', async () => {
  const other = { ...compaction, safe: { release: true as const } };
  const check = await setUp({}, { ...documents, pointOf: () => other });
  expect(await check.mayMove(compact({ value: 'idle', rampSeconds: 0 }))).toEqual({ allowed: true });
});

it('refuses a value that needs two people where only one stands behind it, without asking any fact', async () => {
  const point = { ...compaction, twoPeople: ['compacting'] };
  const check = await setUp(closedDoor(), { ...documents, pointOf: () => point, interlocksFor: () => [] });
  const want = { value: 'compacting', rampSeconds: 0 };
  const brief = { claimId: 'c', slot: 1, effect: 'set', value: 'compacting', reason: 'test', leaseUntil: 1 };
  const by = (winner: object) =>
    check.mayMove({
      ...compact(want),
      cause: { arbitration: { want, bounds: [], losers: [], winner: { ...brief, owner: 'operator ann', ...winner } } },
    });
  expect(await by({})).toEqual({ allowed: false, reason: 'compacting needs two people, and only one asks for it' });
  expect(await by({ confirmedBy: 'ann' })).toMatchObject({ allowed: false });
  expect(await by({ confirmedBy: 'ben' })).toEqual({ allowed: true });
});

it('cannot tell for an asset that is not known here', async () => {
  const check = await setUp(closedDoor(), { ...documents, pointOf: () => undefined });
  await expect(check.mayMove(compact())).rejects.toMatchObject({ code: 'not-found' });
});
