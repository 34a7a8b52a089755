import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CitySnapshot } from '../../engine/model/live.ts';
import { eventually } from '../../test/eventually.ts';
import { ManualClock } from '../../test/manual-clock.ts';
import { verifyPassword } from '../accounts/passwords.ts';
import { J4, LAMP, startGateway } from '../../test/gateway-run.ts';

const operator = { traffic: ['operator' as const] };
const PATH = `/api/points/${encodeURIComponent(`${J4}#timePlan`)}/claims`;
const override = { value: 3, leaseSeconds: 3_600, reason: 'demonstration in Mill Street' };

describe('an override', () => {
  it('enters the log in the operator’s slot, and the book', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', operator);
    const taken = await run.call(cookie, 'POST', PATH, { body: override });
    expect(taken).toMatchObject({ status: 202, body: { request: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const input = await run.log.next('request');
    expect(input).toEqual({
      kind: 'request',
      id: expect.any(String),
      actor: { kind: 'person', id: 'ann', roles: operator },
      department: 'traffic',
      request: {
        do: 'claim',
        point: `${J4}#timePlan`,
        slot: 8,
        key: '',
        effect: 'set',
        rampSeconds: 0,
        ...override,
      },
    });
    expect(taken.body).toEqual({ request: input.id });
    expect(run.audit.entries).toMatchObject([
      { actor: 'person:ann', department: 'traffic', verb: 'override', subject: `${J4}#timePlan` },
    ]);
  });

  it('is given back with or without a reason', async () => {
    const run = await startGateway();
    run.live.city = cityHeldBy('ann');
    const cookie = await run.cookieOf('ann', operator);
    expect((await run.call(cookie, 'DELETE', PATH)).status).toBe(202);
    expect((await run.log.next('request')).request).toEqual({
      do: 'release',
      point: `${J4}#timePlan`,
      key: '',
      reason: 'released by hand',
    });
    expect((await run.call(cookie, 'DELETE', PATH, { body: { reason: 'it is over' } })).status).toBe(202);
    expect(run.audit.entries.map(({ verb }) => verb)).toEqual(['release', 'release']);
  });

  it('can be ended by another operator of the department, who names its owner; the book shows both', async () => {
    const run = await startGateway();
    run.live.city = cityHeldBy('bob');
    const body = { owner: 'bob', reason: 'bob has gone home' };
    const viewer = await run.cookieOf('vic', { traffic: ['viewer'], lighting: ['operator'] });
    expect((await run.call(viewer, 'DELETE', PATH, { body })).status).toBe(403);
    const cookie = await run.cookieOf('ann', operator);
    expect((await run.call(cookie, 'DELETE', PATH, { body })).status).toBe(202);
    expect(await run.log.next('request')).toMatchObject({ actor: { id: 'ann' }, request: { do: 'release', ...body } });
    expect(run.audit.entries).toMatchObject([{ actor: 'person:ann', verb: 'release', detail: body }]);
  });

  it('that does not exist cannot be given back, nor somebody else’s without naming them', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    run.live.city = cityHeldBy('bob');
    const cookie = await run.cookieOf('ann', operator);
    for (const body of [undefined, { owner: 'eve' }]) {
      const waiting = clock.waiting;
      const answer = run.call(cookie, 'DELETE', PATH, { body });
      await eventually(() => expect(clock.waiting).toBeGreaterThan(waiting));
      clock.advance(1_000);
      expect(await answer).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining(`override of ${J4}#timePlan by ${body?.owner ?? 'ann'}`) },
      });
    }
    expect([run.log.entries, run.audit.entries]).toEqual([[], []]);
  });

  it('that was made just now can be given back at once', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    const cookie = await run.cookieOf('ann', operator);
    const waiting = clock.waiting;
    const answer = run.call(cookie, 'DELETE', PATH);
    await eventually(() => expect(clock.waiting).toBeGreaterThan(waiting));
    run.live.city = cityHeldBy('ann');
    clock.advance(1_000);
    expect((await answer).status).toBe(202);
  });

  it('is refused with all problems: no reason, no end, a value that the point cannot take', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', operator);
    const bad = await run.call(cookie, 'POST', PATH, { body: { value: 3, leaseSeconds: 1e6, reason: ' ' } });
    expect(bad).toMatchObject({ status: 422, body: { problems: [{ path: '/leaseSeconds' }, { path: '/reason' }] } });
    const value = await run.call(cookie, 'POST', PATH, { body: { ...override, value: 3.5 } });
    expect(value.body).toMatchObject({
      problems: [
        { code: 'point-value', path: '/value', message: 'found 3.5; allowed is a whole number from 1 to 255' },
      ],
    });
    expect(run.log.entries).toEqual([]);
  });

  it('is the department’s operators’ alone, and needs a point that exists', async () => {
    const run = await startGateway();
    const viewer = await run.cookieOf('vic', { traffic: ['viewer'], lighting: ['operator'] });
    for (const method of ['POST', 'DELETE'])
      expect((await run.call(viewer, method, PATH, { body: override })).status).toBe(403);
    const cookie = await run.cookieOf('ann', operator);
    for (const point of [`${J4}#lamp`, 'urn:ngsi-ld:Streetlight:none#level', 'nonsense'])
      expect(
        (await run.call(cookie, 'POST', `/api/points/${encodeURIComponent(point)}/claims`, { body: override })).status,
      ).toBe(404);
    expect(
      (
        await run.call(cookie, 'POST', `/api/points/${encodeURIComponent(`${LAMP}#level`)}/claims`, {
          body: { ...override, value: 1 },
        })
      ).status,
    ).toBe(404);
    expect(run.log.entries).toEqual([]);
  });

  it('is not promised when the log does not take it', async () => {
    const run = await startGateway();
    run.log.mood = 'away';
    const refused = await run.call(await run.cookieOf('ann', operator), 'POST', PATH, { body: override });
    expect(refused).toMatchObject({ status: 503, body: { code: 'log-unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('1');
  });
});

/** The city in which this operator has asked for J4's plan, and lost against a more urgent wish. */
const cityHeldBy = (name: string): CitySnapshot => {
  const base = { effect: 'set', value: 3, reason: 'a test', leaseUntil: 0 };
  const winner = { ...base, claimId: 'c1', owner: 'operator chief', slot: 2 };
  const loser = { ...base, claimId: `operator:${name}:#${J4}#timePlan`, owner: `operator ${name}`, slot: 8, why: 'c1' };
  const arbitration = { want: { value: 3, rampSeconds: 0 }, winner, bounds: [], losers: [loser] };
  const points = [{ point: `${J4}#timePlan`, arbitration }];
  return { at: 0, assets: [], facts: [], points, activations: [], decisions: [], commands: [] };
};

describe('a device’s credential', () => {
  it('is shown once, and kept as a hash', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { traffic: ['administrator'] });
    const path = '/api/devices/traffic/gateway-1/credential';
    const issued = await run.call(cookie, 'POST', path);
    expect(issued.status).toBe(201);
    const { username, password } = z.object({ username: z.string(), password: z.string() }).parse(issued.body);
    expect([username, password.length]).toEqual(['traffic.gateway-1', 32]);
    const { secretHash } = (await run.accounts.findDevice('traffic', 'gateway-1')) ?? { secretHash: '' };
    expect(await verifyPassword(password, secretHash)).toBe(true);
    expect(JSON.stringify(run.audit.entries)).not.toContain(password);
    expect(issued.headers.get('cache-control')).toBe('no-store');
  });

  it('is the administrator’s to issue, under names that can be part of a topic', async () => {
    const run = await startGateway();
    const operatorCookie = await run.cookieOf('olga', operator);
    expect((await run.call(operatorCookie, 'POST', '/api/devices/traffic/gw/credential')).status).toBe(403);
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    expect((await run.call(cookie, 'POST', '/api/devices/traffic/a%2Fb/credential')).status).toBe(422);
  });
});
