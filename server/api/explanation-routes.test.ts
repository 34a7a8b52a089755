// Explanations through HTTP: of the present, and of a recorded minute.
import { describe, expect, it, test } from 'vitest';
import type { Reading } from '../../engine/model/reading.ts';
import type { Value } from '../../engine/model/value.ts';
import { J4, LAMP, startGateway, type GatewayRun } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

const START = Date.UTC(2026, 10, 22, 10);
const SECOND_MS = 1_000;
const rule = {
  id: 'traffic/relief',
  title: 'Relief',
  scope: { type: 'TrafficController' },
  conditions: {
    all: [
      { fact: 'queueLength', operator: 'greaterThan', value: 10 },
      { fact: 'controlMode', operator: 'equal', value: 'control' },
    ],
  },
  for: '5 s',
  actions: [{ point: 'timePlan', set: 3 }],
};
const explanation = (query: string, id = rule.id): string => `/api/rules/${id}/explanation?${query}`;
const about = `asset=${encodeURIComponent(J4)}`;

/** Ten seconds of a queue that grows at the second 3, and a controller that is ready from the beginning. */
async function startCity(): Promise<{ run: GatewayRun; cookie: string; at: (second: number) => string }> {
  const clock = new ManualClock(START);
  const run = await startGateway({ clock });
  await run.store('rule', rule);
  const queues = Array.from({ length: 10 }, (_, second) => reading(second, 'queueLength', second < 3 ? 2 : 15));
  await run.records.record({
    commands: [],
    decisions: [],
    readings: [reading(0, 'controlMode', 'control'), ...queues],
  });
  clock.advance(10 * SECOND_MS);
  run.live.city = { ...run.live.city, at: clock.now() };
  const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
  return { run, cookie, at: (second) => `${about}&at=${START + second * SECOND_MS}` };
}

describe('of a recorded minute', () => {
  test.each([
    [2, { fired: false, reason: 'false', path: '/conditions/all/0', sentence: 'queueLength was 2, wanted > 10' }],
    [5, { fired: false, reason: 'counting', since: START + 3 * SECOND_MS, until: START + 8 * SECOND_MS }],
    [9, { fired: false, reason: 'not-decided' }],
  ])('at the second %d', async (second, expected) => {
    const { run, cookie, at } = await startCity();
    const found = await run.call(cookie, 'GET', explanation(at(second)));
    expect(found).toMatchObject({ status: 200, body: { rule: rule.id, asset: J4, version: 1, ...expected } });
  });

  it('knows what was decided, with the readings behind it', async () => {
    const { run, cookie, at } = await startCity();
    const decision = {
      decisionId: 'd1',
      kind: 'started' as const,
      rule: rule.id,
      ruleVersion: 1,
      title: 'Relief',
      department: 'traffic',
      asset: J4,
      at: START + 8 * SECOND_MS,
      causedBy: '1-0',
      reason: 'the conditions hold',
      trace: [],
      claims: [],
    };
    await run.records.record({ commands: [], readings: [], decisions: [decision] });
    const { body } = await run.call(cookie, 'GET', explanation(at(9)));
    expect(body).toMatchObject({
      fired: true,
      reason: 'active',
      since: START + 8 * SECOND_MS,
      decision: { decisionId: 'd1' },
      trace: [
        { path: '/conditions/all', outcome: true },
        { path: '/conditions/all/0', found: 15, wanted: 10, readings: ['queueLength@9'] },
        { path: '/conditions/all/1', found: 'control' },
      ],
    });
  });

  it('knows which version was in force', async () => {
    const { run, cookie, at } = await startCity();
    expect((await run.call(cookie, 'GET', explanation(`${at(9)}&version=2`))).body).toMatchObject({
      fired: false,
      reason: 'other-version',
      version: 1,
    });
    expect((await run.call(cookie, 'GET', explanation(at(-1)))).body).toMatchObject({ reason: 'no-rule' });
  });
});

describe('of the present', () => {
  it('is what pages are shown, with the conditions as the record and the live values have them', async () => {
    const { run, cookie } = await startCity();
    const { at } = run.live.city;
    const counting = {
      rule: rule.id,
      ruleVersion: 1,
      asset: J4,
      phase: 'pending' as const,
      since: at,
      until: at + 5_000,
    };
    run.live.city.activations = [{ ...counting, title: 'Relief', key: `${rule.id}|${J4}|` }];
    expect((await run.call(cookie, 'GET', explanation(about))).body).toMatchObject({
      at,
      fired: false,
      reason: 'counting',
      until: at + 5_000,
    });
    run.live.city.activations = [];
    run.live.city.facts = [
      { asset: J4, property: 'queueLength', value: 1, observedAt: at, state: 'known', source: 'flow:traffic' },
    ];
    expect((await run.call(cookie, 'GET', explanation(about))).body).toMatchObject({
      reason: 'false',
      sentence: 'queueLength was 1, wanted > 10',
    });
  });
});

describe('a question', () => {
  it('is refused to whoever may not read the rule or the asset', async () => {
    const { run, cookie } = await startCity();
    await run.store('rule', { ...rule, id: 'lighting/relief' });
    expect((await run.call(cookie, 'GET', explanation(about, 'lighting/relief'))).status).toBe(403);
    expect((await run.call(cookie, 'GET', explanation(`asset=${encodeURIComponent(LAMP)}`))).status).toBe(404);
    const both = await run.cookieOf('bob', { traffic: ['viewer'], lighting: ['viewer'] });
    expect((await run.call(both, 'GET', explanation(`asset=${encodeURIComponent(LAMP)}`))).body).toMatchObject({
      fired: false,
      reason: 'out-of-scope',
      path: '/scope/type',
    });
  });

  it('about nothing is not found, and one that means nothing is told why', async () => {
    const { run, cookie } = await startCity();
    expect((await run.call(cookie, 'GET', explanation(about, 'traffic/never'))).body).toMatchObject({
      code: 'not-found',
    });
    const wrong = await run.call(cookie, 'GET', explanation('asset=J4&at=soon&row=0'));
    expect(wrong).toMatchObject({
      status: 422,
      body: { problems: [{ path: '/asset' }, { path: '/row' }, { path: '/at' }] },
    });
    const future = await run.call(cookie, 'GET', explanation(`${about}&at=${START + 3_600_000}`));
    expect(future).toMatchObject({ status: 422, body: { problems: [{ path: '/at' }] } });
  });
});

const reading = (second: number, property: string, value: Value): Reading => ({
  id: `${property}@${second}`,
  asset: J4,
  property,
  value,
  observedAt: START + second * SECOND_MS,
  receivedAt: START + second * SECOND_MS,
  quality: 'good',
  source: 'flow:traffic',
});

it('names who keeps the rule back now, and why', async () => {
  const { run, cookie } = await startCity();
  const paused = { by: 'bob', why: 'roadworks', since: START, until: START + 60 * SECOND_MS };
  run.live.city = { ...run.live.city, halts: [{ rule: rule.id, department: 'traffic', paused }] };
  const { body } = await run.call(cookie, 'GET', explanation(about));
  expect(body).toMatchObject({ fired: false, reason: 'paused', until: paused.until });
  expect(body).toMatchObject({ sentence: expect.stringContaining('bob: roadworks') });
});
