import { describe, expect, it } from 'vitest';
import type { CommandRecord } from '../../engine/model/command.ts';
import type { Decision } from '../../engine/model/decision.ts';
import type { Reading } from '../../engine/model/reading.ts';
import { J4, LAMP, startGateway, type GatewayRun } from '../../test/gateway-run.ts';

const viewer = { traffic: ['viewer' as const] };

describe('the trace of a command', () => {
  it('leads back to the decision and the readings behind it', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    const record = command(1, { decisionId: 'traffic/relief@3:1-0' });
    await run.records.record({
      commands: [record],
      decisions: [decision('traffic/relief@3:1-0', ['r1', 'r2', 'r1'])],
      readings: [reading('r1', 1), reading('r2', 2), reading('r3', 3)],
    });
    const found = await run.call(cookie, 'GET', `/api/commands/${encodeURIComponent(record.command.commandId)}`);
    expect(found.status).toBe(200);
    expect(found.body).toEqual({
      ...record,
      decision: decision('traffic/relief@3:1-0', ['r1', 'r2', 'r1']),
      readings: [reading('r2', 2), reading('r1', 1)],
    });
  });

  it('is there before the record is written, from the live plane', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    run.live.city = { ...run.live.city, commands: [command(1, { decisionId: 'd' })], decisions: [decision('d', [])] };
    const found = await run.call(cookie, 'GET', `/api/commands/${encodeURIComponent(`${J4}#timePlan:1`)}`);
    expect(found).toMatchObject({ status: 200, body: { steps: [{ state: 'queued' }], decision: { decisionId: 'd' } } });
  });

  it('is short for a command that no rule caused, and the same for what one may not read and for what nobody knows', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    await run.records.record({ commands: [command(1), command(2, {}, LAMP)], decisions: [], readings: [] });
    const get = (id: string) => run.call(cookie, 'GET', `/api/commands/${encodeURIComponent(id)}`);
    expect((await get(`${J4}#timePlan:1`)).body).toEqual({ ...command(1), readings: [] });
    expect((await get(`${LAMP}#timePlan:2`)).status).toBe(404);
    expect((await get('nothing/here')).body).toMatchObject({ code: 'not-found' });
  });
});

describe('lists', () => {
  it('come newest first and page by page', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    await fill(run);
    const first = await run.call(cookie, 'GET', '/api/commands?limit=2');
    expect(first.body).toMatchObject({
      commands: [{ command: { sequence: 3 } }, { command: { sequence: 2 } }],
      next: 2_000,
    });
    const second = await run.call(cookie, 'GET', '/api/commands?limit=2&before=2000');
    expect(second.body).toEqual({ commands: [command(1)] });
    expect((await run.call(cookie, 'GET', '/api/decisions')).body).toEqual({ decisions: [decision('d1', [])] });
  });

  it('leave out what the reader may not see', async () => {
    const run = await startGateway();
    await fill(run);
    const other = await run.cookieOf('bob', { lighting: ['viewer'] });
    expect((await run.call(other, 'GET', '/api/commands')).body).toEqual({ commands: [] });
    expect((await run.call(other, 'GET', '/api/decisions')).body).toEqual({ decisions: [] });
  });

  it('refuse a query that means nothing', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    expect(await run.call(cookie, 'GET', '/api/commands?limit=many&before=-1')).toMatchObject({
      status: 422,
      body: { problems: [{ path: '/limit' }, { path: '/before' }] },
    });
  });
});

const fill = (run: GatewayRun) =>
  run.records.record({
    commands: [1, 2, 3].map((each) => command(each)),
    decisions: [decision('d1', [])],
    readings: [],
  });

function command(sequence: number, cause: { decisionId?: string } = {}, asset = J4): CommandRecord {
  const point = `${asset}#timePlan`;
  const want = { value: 3, rampSeconds: 0 };
  return {
    command: {
      commandId: `${point}:${sequence}`,
      point,
      department: asset === J4 ? 'traffic' : 'lighting',
      device: 'gw',
      sequence,
      fence: 1,
      issuedAt: sequence * 1_000,
      notAfter: sequence * 1_000 + 10_000,
      slot: 12,
      want,
      cause: { ...cause, arbitration: { want, bounds: [], losers: [] } },
    },
    steps: [{ state: 'queued', at: sequence * 1_000 }],
  };
}

const decision = (decisionId: string, readings: string[]): Decision => ({
  decisionId,
  kind: 'started',
  rule: 'traffic/relief',
  ruleVersion: 3,
  title: 'Relief',
  department: 'traffic',
  asset: J4,
  at: 1_000,
  causedBy: '1-0',
  reason: 'conditions true',
  trace: [
    { path: '/conditions', outcome: true },
    { path: '/conditions/all/0', outcome: true, readings },
  ],
  claims: [],
});

const reading = (id: string, observedAt: number): Reading => ({
  id,
  asset: J4,
  property: 'occupancy',
  value: 0.5,
  unit: '1',
  observedAt,
  receivedAt: observedAt,
  quality: 'good',
  source: 'flow:traffic',
});
