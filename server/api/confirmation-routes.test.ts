import { describe, expect, it } from 'vitest';
import type { Confirmation } from '../../engine/model/confirmation.ts';
import { J4, LAMP, startGateway, type GatewayRun } from '../../test/gateway-run.ts';

const POINT = `${J4}#functionalPosition`;
const CLAIMS = `/api/points/${encodeURIComponent(POINT)}/claims`;
const operator = { traffic: ['operator' as const] };
const body = { value: 'YellowFlash', leaseSeconds: 600, reason: 'the lamps are wrong' };

const confirmation = (fields: Partial<Confirmation> = {}): Confirmation => ({
  id: 'c1',
  department: 'traffic',
  wish: { do: 'claim', point: POINT, slot: 8, key: '', effect: 'set', rampSeconds: 0, ...body },
  askedBy: 'ann',
  askedAt: 1,
  expiresAt: 2,
  ...fields,
});
const waits = (run: GatewayRun, ...confirmations: Confirmation[]): void => {
  run.live.city = { ...run.live.city, confirmations };
};

describe('a value that needs two people', () => {
  it('is asked for by one, and the answer says what waits', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', operator);
    const asked = await run.call(cookie, 'POST', CLAIMS, { body });
    const { id } = await run.log.next('request');
    expect(asked).toMatchObject({ status: 202, body: { request: id, confirmation: id } });
    const normal = await run.call(cookie, 'POST', CLAIMS, { body: { ...body, value: 'NormalControl' } });
    expect(normal.body).toEqual({ request: expect.any(String) });
  });

  it('is confirmed by another, who is in the book with the one who asked', async () => {
    const run = await startGateway();
    waits(run, confirmation());
    const cookie = await run.cookieOf('ben', operator);
    expect((await run.call(cookie, 'POST', '/api/confirmations/c1/confirm')).status).toBe(202);
    expect(await run.log.next('request')).toMatchObject({
      actor: { id: 'ben' },
      request: { do: 'confirm', confirmation: 'c1' },
    });
    expect(run.audit.entries).toMatchObject([
      { actor: 'person:ben', verb: 'confirm', subject: POINT, detail: { askedBy: 'ann', value: 'YellowFlash' } },
    ]);
  });

  it('is not confirmed by the one who asked, nor by whom the department does not trust', async () => {
    const run = await startGateway();
    waits(run, confirmation());
    const own = await run.call(await run.cookieOf('ann', operator), 'POST', '/api/confirmations/c1/confirm');
    expect(own).toMatchObject({ status: 403, body: { detail: 'ann asked for it: another person must confirm.' } });
    const viewer = await run.cookieOf('vic', { traffic: ['viewer'], lighting: ['operator'] });
    for (const word of ['confirm', 'decline'])
      expect(
        (await run.call(viewer, 'POST', `/api/confirmations/c1/${word}`, { body: { reason: 'no no' } })).status,
      ).toBe(403);
    expect(run.log.entries).toEqual([]);
  });

  it('is declined with a reason, also by the one who asked', async () => {
    const run = await startGateway();
    waits(run, confirmation());
    const cookie = await run.cookieOf('ann', operator);
    expect((await run.call(cookie, 'POST', '/api/confirmations/c1/decline', { body: {} })).status).toBe(422);
    const declined = await run.call(cookie, 'POST', '/api/confirmations/c1/decline', { body: { reason: 'a mistake' } });
    expect(declined.status).toBe(202);
    expect((await run.log.next('request')).request).toEqual({ do: 'decline', confirmation: 'c1', reason: 'a mistake' });
  });

  it('is listed for whoever may read the department, and is 404 once it waits no more', async () => {
    const run = await startGateway();
    const other = confirmation({
      id: 'c2',
      department: 'lighting',
      wish: { ...confirmation().wish, point: `${LAMP}#level` },
    });
    waits(run, confirmation(), other);
    const cookie = await run.cookieOf('vic', { traffic: ['viewer'] });
    expect((await run.call(cookie, 'GET', '/api/confirmations')).body).toEqual({ confirmations: [confirmation()] });
    waits(run);
    const ben = await run.cookieOf('ben', operator);
    expect((await run.call(ben, 'POST', '/api/confirmations/c1/confirm')).status).toBe(404);
  });
});
