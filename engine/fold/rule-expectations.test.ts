// What a rule's test may expect of claims, orders, notifications and webhooks, and what a failure says.
import { describe, expect, test } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import { ruleSchema } from '../model/rule.ts';
import { runRuleTests } from './rule-test-runner.ts';
import type { TestCity } from './test-city.ts';

const bin = (name: string) => `urn:ngsi-ld:WasteContainer:${name}`;
const [PIER, MARKET] = [bin('pier'), bin('market')];
const CITY: TestCity = {
  assets: [PIER, MARKET].map((id) =>
    assetSchema.parse({
      id,
      type: 'WasteContainer',
      title: id,
      department: 'waste',
      points: { compaction: {} },
      binding: { adapter: 'mqtt', device: 'gateway' },
    }),
  ),
  conditions: [],
};
const COLLECT = {
  id: 'waste/collect',
  title: 'Collect',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.8 },
  actions: [{ order: 'collection', dueBy: '05:00', done: { fact: 'fillingLevel', operator: 'lessThan', value: 0.2 } }],
};
const TELL = {
  ...COLLECT,
  id: 'waste/tell',
  cooldown: '10 min',
  actions: [
    { notify: { to: 'duty', text: 'It is full' } },
    { webhook: { url: 'https://crews.example/hook', body: { crew: 'north' } } },
  ],
};
const PRESS = {
  ...COLLECT,
  id: 'waste/press',
  actions: [{ point: 'compaction', set: 'compacting', slot: 10 }],
};
const level = (at: string, value: number, asset: string | string[] = PIER) => ({
  at,
  asset,
  property: 'fillingLevel',
  value,
});

/** What a rule's one test says: nothing when it passes. */
async function failuresOf(rule: object, given: object[], ...expectations: object[]): Promise<string[]> {
  const tests = [{ name: 'x', given, expect: expectations }];
  const [result] = await runRuleTests(ruleSchema.parse({ ...rule, tests }), CITY);
  return (result?.failures ?? []).map(({ path, message }) => `${path}: ${message}`);
}

describe('orders', () => {
  const rounds = [level('0 s', 0.9), level('1 h', 0.1), level('2 h', 0.95), level('3 h', 0.85)];

  test('are all that were opened since the test began, open or closed', async () => {
    expect(
      await failuresOf(
        COLLECT,
        rounds,
        { at: '0 s', asset: PIER, orders: [{ order: 'collection', asset: PIER, due: '05:00' }] },
        { at: '0 s', asset: MARKET, orders: [] },
        { at: '1 h', orders: [{ order: 'collection', state: 'closed' }] },
        { at: '3 h', orders: [{ order: 'collection' }, { order: 'collection', state: 'closed', due: '17 h' }] },
      ),
    ).toEqual([]);
  });

  test('that are missing, due at another time, still open or too many, are said', async () => {
    expect(
      await failuresOf(
        COLLECT,
        rounds,
        { at: '0 s', orders: [] },
        { at: '0 s', orders: [{ order: 'repair' }] },
        { at: '0 s', orders: [{ order: 'collection', due: '06:00', asset: PIER }] },
        { at: '30 min', orders: [{ order: 'collection', state: 'closed' }] },
        { at: '1 h', orders: [{ order: 'collection' }] },
        { at: '2 h', orders: [{ order: 'collection' }] },
      ),
    ).toEqual([
      `/tests/0/expect/0/orders: at 0 s: expected no further order; found an open order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z`,
      '/tests/0/expect/1/orders/0: at 0 s: expected an open order of kind repair; found none',
      `/tests/0/expect/1/orders: at 0 s: expected no further order; found an open order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z`,
      `/tests/0/expect/2/orders/0: at 0 s: expected an open order of kind collection for ${PIER}, due 2026-01-06T06:00:00.000Z; found an open order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z`,
      `/tests/0/expect/3/orders/0: at 1800 s: expected a closed order of kind collection; found an open order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z`,
      `/tests/0/expect/4/orders/0: at 3600 s: expected an open order of kind collection; found a closed order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z (a reading shows that it is done)`,
      `/tests/0/expect/5/orders: at 7200 s: expected no further order; found a closed order of kind collection for ${PIER}, due 2026-01-06T05:00:00.000Z (a reading shows that it is done)`,
    ]);
  });

  test('that a rule did not open are explained: by its conditions, or by what it did not do as it started', async () => {
    const half = [level('0 s', 0.9), level('1 h', 0.5), level('2 h', 0.9)];
    expect(
      await failuresOf(
        COLLECT,
        half,
        { at: '0 s', asset: MARKET, orders: [{ order: 'collection' }] },
        { at: '2 h', orders: [{ order: 'collection' }, { order: 'collection' }] },
      ),
    ).toEqual([
      `/tests/0/expect/0/orders/0: at 0 s: expected an open order of kind collection; found none; fillingLevel greaterThan 0.8 is unknown: fillingLevel of ${MARKET} was never seen`,
      `/tests/0/expect/1/orders/1: at 7200 s: expected an open order of kind collection; found none; at 7200 s: an order of kind collection is open for ${PIER} already, since 2026-01-05T12:00:00.000Z`,
    ]);
  });
});

describe('notifications and webhooks', () => {
  const given = [level('0 s', 0.9, [PIER, MARKET]), level('5 min', 0.1), level('6 min', 0.9)];
  const both = { notifications: [{ to: 'duty', asset: PIER }, { to: 'duty' }] };

  test('are all that were sent since the test began; a cooldown keeps them back', async () => {
    expect(
      await failuresOf(
        TELL,
        given,
        { at: '0 s', asset: PIER, notifications: [{ to: 'duty', text: 'It is full' }] },
        { at: '0 s', ...both, webhooks: [...two({ body: { crew: 'north' } }), ...two({})].slice(1, 3) },
        { at: '6 min', asset: PIER, activation: 'active', notifications: [{ to: 'duty' }] },
      ),
    ).toEqual([]);
  });

  test('that say something else, are missing, or too many, are said', async () => {
    expect(
      await failuresOf(
        TELL,
        given,
        { at: '0 s', asset: PIER, notifications: [{ to: 'duty', text: 'Come' }], webhooks: [] },
        { at: '0 s', asset: PIER, notifications: [{ to: 'mayor' }, { to: 'duty' }] },
        { at: '0 s', asset: PIER, webhooks: [{ url: 'https://crews.example/hook', body: { crew: 'south' } }] },
        { at: '6 min', asset: PIER, notifications: [{ to: 'duty' }, { to: 'duty' }] },
      ),
    ).toEqual([
      `/tests/0/expect/0/notifications/0: at 0 s: expected a notification to duty: "Come"; found a notification to duty for ${PIER}: "It is full"`,
      `/tests/0/expect/0/webhooks: at 0 s: expected no further webhook; found a call of https://crews.example/hook for ${PIER} with {"crew":"north"}`,
      '/tests/0/expect/1/notifications/0: at 0 s: expected a notification to mayor; found none',
      `/tests/0/expect/2/webhooks/0: at 0 s: expected a call of https://crews.example/hook with {"crew":"south"}; found a call of https://crews.example/hook for ${PIER} with {"crew":"north"}`,
      '/tests/0/expect/3/notifications/1: at 360 s: expected a notification to duty; found none; at 360 s: cooling down until 2026-01-05T12:10:00.000Z',
    ]);
  });
});

const two = (more: object): object[] =>
  [PIER, MARKET].map((asset) => ({ url: 'https://crews.example/hook', asset, ...more }));

describe('claims', () => {
  const claim = { point: `${PIER}#compaction`, set: 'compacting' };
  const given = [level('0 s', 0.9)];

  test('may be expected in their slot, and none on a point', async () => {
    expect(
      await failuresOf(PRESS, given, {
        at: '0 s',
        claims: [{ ...claim, slot: 10 }],
        unclaimed: [`${MARKET}#compaction`],
      }),
    ).toEqual([]);
  });

  test('in another slot, or on a point that should have none, are said', async () => {
    expect(
      await failuresOf(
        PRESS,
        given,
        { at: '0 s', claims: [{ ...claim, slot: 12, ramp: '2 s' }] },
        { at: '0 s', unclaimed: [`${MARKET}#compaction`, `${PIER}#compaction`] },
      ),
    ).toEqual([
      `/tests/0/expect/0/claims/0: at 0 s: expected set "compacting" on ${PIER}#compaction in slot 12 over 2 s; found set "compacting" on ${PIER}#compaction in slot 10`,
      `/tests/0/expect/1/unclaimed/1: at 0 s: expected no claim on ${PIER}#compaction; found set "compacting" on ${PIER}#compaction in slot 10`,
    ]);
  });
});
