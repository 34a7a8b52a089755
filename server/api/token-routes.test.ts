import { expect, it } from 'vitest';
import { z } from 'zod';

import { J4, startGateway, type GatewayRun } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

const DAY_MS = 86_400_000;
const depot = { id: 'traffic/depot', title: 'the depot’s own system', verbs: ['read', 'override'], days: 2 };

/** Calls `[method, path, body]` with a bearer secret instead of a cookie. */
const callWith = (run: GatewayRun, secret: string, [method, path, body]: readonly [string, string, unknown?]) =>
  run.call('', method, path, { body, headers: { authorization: `Bearer ${secret}` } });

async function aToken(run: GatewayRun, asked: object = depot) {
  const head = await run.cookieOf('head', { traffic: ['administrator'] });
  const made = await run.call(head, 'POST', '/api/tokens', { body: asked });
  return { head, made, secret: z.object({ secret: z.string() }).parse(made.body).secret };
}

it('lets a machine do what its verbs say in its department, by name in the book, and nothing else', async () => {
  const run = await startGateway();
  const { made, secret } = await aToken(run);
  expect(made).toMatchObject({ status: 201, body: { id: 'traffic/depot', verbs: ['read', 'override'] } });
  expect(secret).toMatch(/^sbx_[\w-]{43}$/);
  const session = await callWith(run, secret, ['GET', '/api/session']);
  expect(session).toMatchObject({ status: 200, body: { name: 'traffic/depot', roles: {} } });
  const city = await callWith(run, secret, ['GET', '/api/assets']);
  expect(city.body).toMatchObject({ documents: [{ id: J4 }] });
  const path = `/api/points/${encodeURIComponent(`${J4}#timePlan`)}/claims`;
  const wish = { value: 2, leaseSeconds: 600, reason: 'asked by the depot' };
  expect((await callWith(run, secret, ['POST', path, wish])).status).toBe(202);
  expect(await run.log.next('request')).toMatchObject({ actor: { kind: 'token', id: 'traffic/depot' } });
  expect(run.audit.entries.at(-1)).toMatchObject({ actor: 'token:traffic/depot', verb: 'override' });
  const rule = { id: 'traffic/r', title: 'R' };
  const put = await run.call('', 'PUT', '/api/rules/traffic/r', {
    body: rule,
    headers: { authorization: `Bearer ${secret}`, 'if-none-match': '*' },
  });
  expect(put).toMatchObject({ status: 403, body: { detail: expect.stringContaining('a token made for edit-rule') } });
});

it('keeps machines from what is for people: accounts, tokens, passwords, the flows', async () => {
  const run = await startGateway({
    settings: { flows: { traffic: 'http://127.0.0.1:9' }, linkTokens: { traffic: 'x' } },
  });
  const { secret } = await aToken(run);
  for (const [method, path, body] of [
    ['GET', '/api/people', undefined],
    ['POST', '/api/people', { name: 'eve' }],
    ['POST', '/api/tokens', { ...depot, id: 'traffic/more' }],
    ['DELETE', '/api/tokens/traffic/depot', undefined],
    ['POST', '/api/session/confirmation', { password: 'x' }],
    ['DELETE', '/api/session', undefined],
  ] as const)
    expect(await callWith(run, secret, [method, path, body])).toMatchObject({ status: 403 });
  expect((await callWith(run, secret, ['GET', '/flows/traffic/'])).status).toBe(401);
});

it('ends when it expires and when it is ended, and is never shown again', async () => {
  const clock = new ManualClock();
  const run = await startGateway({ clock });
  const { secret } = await aToken(run);
  clock.advance(2 * DAY_MS - 1);
  expect((await callWith(run, secret, ['GET', '/api/session'])).status).toBe(200);
  clock.advance(1);
  expect((await callWith(run, secret, ['GET', '/api/session'])).status).toBe(401);
  const other = await aToken(run, { ...depot, id: 'traffic/other' });
  const list = await run.call(other.head, 'GET', '/api/tokens');
  expect(list.body).toMatchObject({ tokens: [{ id: 'traffic/depot' }, { id: 'traffic/other' }] });
  expect(JSON.stringify(list.body)).not.toMatch(/sbx_|[Hh]ash/);
  expect((await run.call(other.head, 'DELETE', '/api/tokens/traffic/other')).status).toBe(204);
  expect((await run.call(other.head, 'DELETE', '/api/tokens/traffic/other')).status).toBe(404);
  expect((await callWith(run, other.secret, ['GET', '/api/session'])).status).toBe(401);
  expect(run.tokens.entries.map(({ verb }) => verb)).toEqual(['issue-token', 'issue-token', 'end-token']);
  expect(JSON.stringify(run.tokens.entries)).not.toContain('sbx_');
});

it('refuses secrets that are none, and does not fall back to a cookie beside them; what others put there is not ours', async () => {
  const run = await startGateway();
  const { head, secret } = await aToken(run);
  const session = async (authorization: string) =>
    (await run.call(head, 'GET', '/api/session', { headers: { authorization } })).status;
  const last = secret.endsWith('A') ? 'B' : 'A';
  for (const bad of [secret.slice(0, -1) + last, 'sbx_', `${secret}x`])
    expect(await session(`Bearer ${bad}`)).toBe(401);
  for (const foreign of ['Bearer of-another', 'Bearer', 'Basic YTpi']) expect(await session(foreign)).toBe(200);
});

it('gives a machine no more than its maker has, and says all that is wrong with a request', async () => {
  const run = await startGateway();
  const head = await run.cookieOf('head', { traffic: ['administrator'] });
  const make = (asked: object) => run.call(head, 'POST', '/api/tokens', { body: asked });
  expect((await make({ ...depot, id: 'waste/depot' })).status).toBe(403);
  const plain = await run.cookieOf('ann', { traffic: ['operator'] });
  expect((await run.call(plain, 'POST', '/api/tokens', { body: depot })).status).toBe(403);
  const wrong = await make({ id: 'Depot', title: '', verbs: ['manage-people'], days: 400 });
  expect(wrong.status).toBe(422);
  expect(wrong.body).toMatchObject({
    problems: [{ path: '/id' }, { path: '/title' }, { path: '/verbs/0' }, { path: '/days' }],
  });
  expect((await make(depot)).status).toBe(201);
  expect(await make(depot)).toMatchObject({ status: 409, body: { code: 'name-taken' } });
});
