import { expect, it } from 'vitest';
import { z } from 'zod';

import type { Role } from '../../engine/model/actor.ts';
import { startGateway, type GatewayRun } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

/** An answer that shows a password. */
const shown = z.object({ password: z.string() });
const administrator: Record<string, Role[]> = { '*': ['administrator'] };

/** Signs in with a password and returns the `Cookie` header. */
async function signIn(run: GatewayRun, name: string, password: string): Promise<string> {
  const entered = await run.call('', 'POST', '/api/session', { body: { name, password } });
  return entered.headers.getSetCookie()[0]?.split(';')[0] ?? `status ${entered.status}`;
}

it('makes an account whose password is shown once and works, and the book shows who made it', async () => {
  const run = await startGateway();
  const chief = await run.cookieOf('chief', administrator);
  const made = await run.call(chief, 'POST', '/api/people', {
    body: { name: 'ann', roles: { traffic: ['operator'] } },
  });
  expect(made).toMatchObject({ status: 201, body: { name: 'ann', roles: { traffic: ['operator'] } } });
  const { password } = shown.parse(made.body);
  const ann = await signIn(run, 'ann', password);
  expect(await run.call(ann, 'GET', '/api/session')).toMatchObject({ body: { roles: { traffic: ['operator'] } } });
  const again = await run.call(chief, 'POST', '/api/people', { body: { name: 'ann' } });
  expect(again).toMatchObject({ status: 409, body: { code: 'name-taken' } });
  expect(run.accounts.entries).toMatchObject([{ actor: 'person:chief', verb: 'make-account', subject: 'ann' }]);
  const list = await run.call(chief, 'GET', '/api/people');
  expect(list.body).toMatchObject({ people: [{ name: 'admin' }, { name: 'ann' }, { name: 'chief' }] });
  for (const kept of [list.body, run.accounts.entries]) expect(JSON.stringify(kept)).not.toMatch(/argon2|password"/);
  expect(JSON.stringify(run.accounts.entries)).not.toContain(password);
});

it('lets a department’s administrator give roles there, see only those, and nothing elsewhere', async () => {
  const run = await startGateway();
  await run.cookieOf('bob', { traffic: ['viewer'], waste: ['operator'] });
  await run.cookieOf('carl', { waste: ['operator'] });
  const head = await run.cookieOf('head', { traffic: ['administrator'] });
  const give = (place: string, roles: unknown, name = 'bob') =>
    run.call(head, 'PUT', `/api/people/${name}/roles/${place}`, { body: { roles } });
  expect(await give('traffic', ['rule-author', 'rule-author'])).toMatchObject({ status: 200 });
  expect((await run.accounts.find('bob'))?.roles).toEqual({ traffic: ['rule-author'], waste: ['operator'] });
  const list = await run.call(head, 'GET', '/api/people');
  expect(list.body).toEqual({
    people: [
      { name: 'bob', roles: { traffic: ['rule-author'] } },
      { name: 'head', roles: { traffic: ['administrator'] } },
    ],
  });
  expect(await give('traffic', [])).toMatchObject({ body: { roles: { waste: ['operator'] } } });
  expect((await give('waste', ['administrator'])).status).toBe(403);
  expect((await give('*', ['administrator'])).status).toBe(403);
  expect((await give('traffic', ['viewer'], 'nobody')).status).toBe(404);
  expect(await give('traffic', ['king'])).toMatchObject({ status: 422, body: { code: 'invalid' } });
  expect(await give('Traffic!', ['viewer'])).toMatchObject({ status: 422 });
  const made = { name: 'dora', roles: { traffic: ['viewer'], waste: ['viewer'] } };
  expect((await run.call(head, 'POST', '/api/people', { body: made })).status).toBe(403);
  for (const [method, path] of [
    ['DELETE', '/api/people/bob'],
    ['POST', '/api/people/bob/password'],
    ['DELETE', '/api/people/bob/sessions'],
  ] as const)
    expect((await run.call(head, method, path)).status).toBe(403);
  expect((await run.call(await run.cookieOf('eve', { '*': ['operator'] }), 'GET', '/api/people')).status).toBe(403);
});

it('ends what a person may do at once: roles, sessions, the account', async () => {
  const run = await startGateway();
  const chief = await run.cookieOf('chief', administrator);
  const ann = await run.cookieOf('ann', { traffic: ['operator'] });
  await run.call(chief, 'PUT', '/api/people/ann/roles/traffic', { body: { roles: ['viewer'] } });
  expect(await run.call(ann, 'GET', '/api/session')).toMatchObject({ body: { roles: { traffic: ['viewer'] } } });
  expect((await run.call(chief, 'DELETE', '/api/people/ann/sessions')).status).toBe(204);
  expect((await run.call(ann, 'GET', '/api/session')).status).toBe(401);
  const { body } = await run.call(chief, 'POST', '/api/people/ann/password');
  const again = await signIn(run, 'ann', shown.parse(body).password);
  expect((await run.call(chief, 'DELETE', '/api/people/ann')).status).toBe(204);
  expect((await run.call(again, 'GET', '/api/session')).status).toBe(401);
  expect((await run.call(chief, 'DELETE', '/api/people/ann')).status).toBe(404);
  expect(run.accounts.entries.map(({ verb }) => verb)).toEqual([
    'give-roles',
    'end-sessions',
    'set-password',
    'remove-account',
  ]);
});

it('leaves the city an administrator, whoever asks', async () => {
  const run = await startGateway();
  const chief = await run.cookieOf('chief', administrator);
  expect((await run.call(chief, 'DELETE', '/api/people/admin')).status).toBe(204);
  for (const [method, path, body] of [
    ['DELETE', '/api/people/chief', undefined],
    ['PUT', '/api/people/chief/roles/*', { roles: ['viewer'] }],
  ] as const)
    expect(await run.call(chief, method, path, { body })).toMatchObject({
      status: 409,
      body: { code: 'last-administrator' },
    });
});

it('asks for the password again when it was given more than 15 minutes ago', async () => {
  const clock = new ManualClock();
  const run = await startGateway({ clock });
  const chief = await signIn(run, 'admin', 'correct horse');
  const make = (name: string) => run.call(chief, 'POST', '/api/people', { body: { name } });
  clock.advance(15 * 60_000);
  expect((await make('ann')).status).toBe(201);
  clock.advance(1);
  expect(await make('bob')).toMatchObject({ status: 403, body: { code: 'confirm-first' } });
  const confirm = (password: string) => run.call(chief, 'POST', '/api/session/confirmation', { body: { password } });
  expect((await confirm('wrong')).status).toBe(401);
  expect((await make('bob')).status).toBe(403);
  expect((await confirm('correct horse')).status).toBe(204);
  expect((await make('bob')).status).toBe(201);
});

it('changes one’s own password with the old one, and ends one’s other sessions', async () => {
  const run = await startGateway();
  const [here, there] = [await signIn(run, 'admin', 'correct horse'), await signIn(run, 'admin', 'correct horse')];
  const change = (body: object) => run.call(here, 'PUT', '/api/session/password', { body });
  expect((await change({ password: 'wrong', newPassword: 'a longer one than before' })).status).toBe(401);
  const refused = await change({ password: 'correct horse', newPassword: 'hunter2' });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).not.toMatch(/hunter2|correct horse/);
  expect((await change({ password: 'correct horse', newPassword: 'a longer one than before' })).status).toBe(204);
  expect((await run.call(here, 'GET', '/api/session')).status).toBe(200);
  expect((await run.call(there, 'GET', '/api/session')).status).toBe(401);
  expect(await signIn(run, 'admin', 'correct horse')).toBe('status 401');
  expect(await signIn(run, 'admin', 'a longer one than before')).toContain('signalbox_session=');
});
