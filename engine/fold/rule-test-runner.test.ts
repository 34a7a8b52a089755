// A rule's own tests: what they give is folded, what they expect is compared, and what differs is said in words.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import type { Expectation } from '../model/rule-expectation.ts';
import { expectationsOf } from '../model/rule-test.ts';
import { namedConditionSchema, ruleSchema } from '../model/rule.ts';
import { runRuleTests } from './rule-test-runner.ts';
import type { TestCity } from './test-city.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const read = (pattern: string): unknown[] =>
  globSync(pattern, { cwd: EXAMPLES }).map((path) => JSON.parse(readFileSync(join(EXAMPLES, path), 'utf8')));

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const CITY: TestCity = {
  assets: [
    assetSchema.parse({
      id: LAMP,
      type: 'Streetlight',
      title: 'Lamp 1',
      department: 'lighting',
      attributes: { busyAbove: 100 },
      points: { level: {} },
      reports: { intensity: { every: '10 s' } },
      binding: { adapter: 'mqtt', device: 'cabinet' },
    }),
  ],
  conditions: [],
};
const RULE = {
  id: 'lighting/busy',
  title: 'Busy',
  scope: { type: 'Streetlight' },
  conditions: {
    fact: 'intensity',
    operator: 'greaterThan',
    value: { fact: 'attribute', params: { name: 'busyAbove' } },
  },
  for: '5 s',
  actions: [{ point: 'level', atLeast: 0.8 }],
};
const BUSY = { at: '10 s', asset: LAMP, property: 'intensity', value: 200, every: '10 s' };
const LIFTED = { point: `${LAMP}#level`, atLeast: 0.8 };

/** What a rule with one test of these parts says: nothing when it passes. */
async function failuresOf(parts: Record<string, unknown>, rule: Record<string, unknown> = RULE): Promise<string[]> {
  const tests = [{ name: 'x', given: [BUSY], expect: [{ at: '20 s', activation: 'active' }], ...parts }];
  const [result] = await runRuleTests(ruleSchema.parse({ ...rule, tests }), CITY);
  expect(result?.passed).toBe(result?.failures.length === 0);
  return result?.failures.map(({ code, path, message }) => `${code} ${path}: ${message}`) ?? ['no result'];
}
const expecting = (...expectations: Record<string, unknown>[]): Promise<string[]> =>
  failuresOf({ expect: expectations });

/** The contrary of everything that is expected. */
function turnedRound({ activation, claims, orders, notifications, webhooks, ...rest }: Expectation): Expectation {
  const { at, asset, related, row } = rest;
  return {
    at,
    asset,
    related,
    row,
    ...(activation && { activation: activation === 'none' ? 'active' : 'none' }),
    ...(claims && { claims: claims.length > 0 ? [] : [LIFTED] }),
    ...(orders && { orders: orders.length > 0 ? [] : [{ order: 'nothing', state: 'open' }] }),
    ...(notifications && { notifications: notifications.length > 0 ? [] : [{ to: 'nobody' }] }),
    ...(webhooks && { webhooks: webhooks.length > 0 ? [] : [{ url: 'https://nowhere.example' }] }),
  };
}

describe('the rules of the demo city', () => {
  const city: TestCity = {
    assets: read('harbourton/assets/*.json').flatMap((list) => assetSchema.array().parse(list)),
    conditions: read('conditions/*/*.json').map((body) => namedConditionSchema.parse(body)),
  };

  const rules = ['rules', 'real-times'].flatMap((folder) =>
    read(`${folder}/*/*.json`)
      .map((body) => ruleSchema.parse(body))
      .map((rule) => ({ id: `${folder}/${rule.id}`, rule })),
  );

  test.each(rules)('$id passes its own tests, of which it has at least two', async ({ rule }) => {
    const results = await runRuleTests(rule, city);
    expect(results.length).toBeGreaterThanOrEqual(2);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
  });

  test.each(rules)('$id fails each test whose expectation is turned round', async ({ rule }) => {
    const turned = (rule.tests ?? []).map((one) => ({
      ...one,
      expect: expectationsOf(one).map(({ expected }) => turnedRound(expected)),
    }));
    const results = await runRuleTests({ ...rule, tests: turned }, city);
    expect(results.filter(({ passed }) => passed)).toEqual([]);
  });
});

describe('a test passes', () => {
  test('when the activation and the claims are what it expects, at every moment', async () => {
    const failures = await expecting(
      { at: '30 s', asset: LAMP, activation: 'active', claims: [LIFTED] },
      { at: '9 s', activation: 'none', claims: [] },
      { at: '14 s', asset: LAMP, activation: 'pending', claims: [] },
      { at: '15 s', activation: 'active' },
    );
    expect(failures).toEqual([]);
  });

  test('when the one thing that it expects is so', async () => {
    expect(await failuresOf({ expect: { at: '20 s', activation: 'active' } })).toEqual([]);
    expect(await failuresOf({ expect: { at: '20 s', activation: 'none' } })).toEqual([
      'rule-test /tests/0/expect/activation: at 20 s: expected none; found active since 15 s',
    ]);
  });

  test('when a sensor falls silent and the rule ends', async () => {
    const given = [{ ...BUSY, until: '20 s' }];
    expect(
      await failuresOf({
        given,
        expect: [
          { at: '39 s', activation: 'active' },
          { at: '40 s', activation: 'none' },
        ],
      }),
    ).toEqual([]);
  });

  test('when a sensor itself says that its value is bad', async () => {
    const given = [BUSY, { ...BUSY, at: '25 s', every: undefined, quality: 'bad' }];
    expect(await failuresOf({ given, expect: [{ at: '25 s', activation: 'none', claims: [] }] })).toEqual([]);
  });

  test('with assets as the test has them, and with further ones', async () => {
    const other = 'urn:ngsi-ld:Streetlight:l2';
    const assets = [
      { id: LAMP, attributes: { busyAbove: 500 } },
      { id: other, type: 'Streetlight', title: 'Lamp 2', department: 'lighting', attributes: { busyAbove: 1 } },
    ];
    const given = [{ ...BUSY, asset: [LAMP, other] }];
    const expectations = [
      { at: '20 s', asset: LAMP, activation: 'none' },
      { at: '20 s', asset: other, activation: 'active' },
    ];
    expect(await failuresOf({ assets, given, expect: expectations })).toEqual([]);
  });

  test('at times of day, which are those of the rule’s hours too', async () => {
    const given = [{ ...BUSY, at: '06:00', every: '10 s' }];
    const expectations = [
      { at: '06:29:59', activation: 'none' },
      { at: '06:30:05', activation: 'active' },
      { at: '06:31', activation: 'none' },
    ];
    const start = '2026-07-06T03:00:00Z';
    const rule = { ...RULE, when: { between: ['06:30', '06:31'] } };
    expect(await failuresOf({ start, timeZone: 'Europe/Helsinki', given, expect: expectations }, rule)).toEqual([]);
  });

  test('on the days off of the region that it names', async () => {
    const quiet = { ...RULE, conditions: { fact: 'calendar', operator: 'equal', value: 'holiday' } };
    const christmas = { start: '2026-12-24T12:00:00Z', given: [], expect: [{ at: '13 h', activation: 'active' }] };
    expect(await failuresOf({ ...christmas, holidays: 'GB-ENG' }, quiet)).toEqual([]);
    expect(await failuresOf(christmas, quiet)).not.toEqual([]);
    expect(await failuresOf({ ...christmas, holidays: 'XX' }, quiet)).toEqual([
      'rule-test /tests/0/holidays: found "XX"; allowed is a country, state or region such as FI, DE-BY or GB-ENG',
    ]);
  });

  test('by row of a table', async () => {
    const { conditions: _, ...rest } = RULE;
    const table = {
      columns: [{ fact: 'intensity', operator: 'greaterThan' }],
      rows: [{ when: [500] }, { when: [100] }],
    };
    const expectations = [
      { at: '20 s', row: 1, activation: 'none', claims: [] },
      { at: '20 s', row: 2, activation: 'active', claims: [LIFTED] },
    ];
    expect(await failuresOf({ expect: expectations }, { ...rest, table })).toEqual([]);
    expect(
      await failuresOf({ expect: [{ at: '20 s', asset: LAMP, row: 1, activation: 'active' }] }, { ...rest, table }),
    ).toEqual([
      `rule-test /tests/0/expect/0/activation: at 20 s: expected active by row 1 for ${LAMP}; found none; intensity greaterThan 500 is false: read 200`,
    ]);
  });
});

describe('a test fails, and says what was expected and what was found,', () => {
  test('when the rule is pending, active or neither against its word', async () => {
    expect(
      await expecting(
        { at: '5 s', asset: LAMP, activation: 'active' },
        { at: '12 s', activation: 'active' },
        { at: '20 s', activation: 'none' },
        { at: '20 s', asset: 'urn:ngsi-ld:Streetlight:nowhere', activation: 'pending' },
      ),
    ).toEqual([
      `rule-test /tests/0/expect/0/activation: at 5 s: expected active for ${LAMP}; found none; intensity greaterThan 100 is unknown: intensity of ${LAMP} was never seen`,
      'rule-test /tests/0/expect/1/activation: at 12 s: expected active; found pending since 10 s until 15 s',
      'rule-test /tests/0/expect/2/activation: at 20 s: expected none; found active since 15 s',
      'rule-test /tests/0/expect/3/activation: at 20 s: expected pending for urn:ngsi-ld:Streetlight:nowhere; found none; the rule does not stand for it',
    ]);
  });

  test('when a claim is missing, is another, or is one too many', async () => {
    expect(
      await expecting(
        { at: '12 s', claims: [LIFTED] },
        { at: '20 s', claims: [{ point: `${LAMP}#level`, atMost: 0.8 }] },
        { at: '20 s', claims: [] },
      ),
    ).toEqual([
      `rule-test /tests/0/expect/0/claims/0: at 12 s: expected atLeast 0.8 on ${LAMP}#level; found no claim on this point`,
      `rule-test /tests/0/expect/1/claims/0: at 20 s: expected atMost 0.8 on ${LAMP}#level; found atLeast 0.8 on ${LAMP}#level in slot 12`,
      `rule-test /tests/0/expect/2/claims: at 20 s: expected no further claim; found atLeast 0.8 on ${LAMP}#level in slot 12`,
    ]);
  });

  test('when it gives what cannot be: all of it at once', async () => {
    const given = [
      { ...BUSY, asset: 'urn:ngsi-ld:Streetlight:nowhere' },
      { ...BUSY, property: 'occupancy', value: 80 },
      { ...BUSY, every: '1 ms', until: '5 min' },
    ];
    expect(await failuresOf({ given })).toEqual([
      'rule-test /tests/0/given/0/asset: found "urn:ngsi-ld:Streetlight:nowhere"; allowed is an asset of the city or of the test',
      'reading-value /tests/0/given/1/value: found 80; allowed is a number from 0 to 1',
      expect.stringMatching(/^rule-test \/tests\/0\/given: found 2\d{5}; allowed are 200000 readings$/),
    ]);
  });

  test('when it changes an asset into what no asset can be', async () => {
    expect(await failuresOf({ assets: [{ id: 'urn:ngsi-ld:Streetlight:l2', title: 'No more than this' }] })).toEqual([
      'schema /tests/0/assets/0/type: allowed is string; found nothing',
      'schema /tests/0/assets/0/department: allowed is string; found nothing',
    ]);
  });
});

test('a rule without tests has no results', async () => {
  expect(await runRuleTests(ruleSchema.parse(RULE), CITY)).toEqual([]);
});
