import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway } from '../test/gateway-run.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { makeTempFolder } from '../test/temp-folder.ts';

const viewer = { '*': ['viewer' as const] };

describe('signing in', () => {
  it('opens a session with the first account and ends it', async () => {
    const run = await startGateway();
    const entered = await run.call('', 'POST', '/api/session', { body: { name: 'admin', password: 'correct horse' } });
    expect(entered).toMatchObject({
      status: 200,
      body: { name: 'admin', roles: { '*': ['administrator', 'safety'] } },
    });
    const [cookie = ''] = entered.headers.getSetCookie();
    expect(cookie).toMatch(/^signalbox_session=[\w-]{43}; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Strict$/);
    const mine = cookie.split(';')[0] ?? '';
    expect(await run.call(mine, 'GET', '/api/session')).toMatchObject({ status: 200, body: { name: 'admin' } });
    expect((await run.call(mine, 'DELETE', '/api/session')).status).toBe(204);
    expect((await run.call(mine, 'GET', '/api/session')).status).toBe(401);
    expect(run.audit.entries).toMatchObject([{ actor: 'person:admin', verb: 'sign-in' }]);
  });

  it('keeps nothing of the token in the store', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    expect([...run.accounts.sessions.keys()].join()).not.toContain(cookie.split('=')[1]);
  });

  it('says the same for an unknown name and a wrong password', async () => {
    const run = await startGateway();
    const answers = await Promise.all(
      ['admin', 'nobody'].map((name) => run.call('', 'POST', '/api/session', { body: { name, password: 'wrong' } })),
    );
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
  });

  it('makes somebody who guesses wait, and says how long', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    const guess = (password: string) => run.call('', 'POST', '/api/session', { body: { name: 'admin', password } });
    for (let failures = 0; failures < 5; failures += 1) expect((await guess('wrong')).status).toBe(401);
    const refused = await guess('correct horse');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    clock.advance(1_000);
    expect((await guess('correct horse')).status).toBe(200);
  });

  it('notes a generated password for its owner alone, and removes the note once it was used', async () => {
    const folder = await makeTempFolder();
    onTestFinished(() => folder.remove());
    const run = await startGateway({ settings: { dataFolder: folder.path, adminPassword: undefined } });
    const file = join(folder.path, 'first-sign-in.txt');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [, password] = /^name: admin\npassword: (\S+)\n$/.exec(await readFile(file, 'utf8')) ?? [];
    await run.call('', 'POST', '/api/session', { body: { name: 'admin', password: 'wrong' } });
    await stat(file);
    expect((await run.call('', 'POST', '/api/session', { body: { name: 'admin', password } })).status).toBe(200);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('repeats nothing of a sign-in form that it cannot read', async () => {
    const run = await startGateway();
    const refused = await run.call('', 'POST', '/api/session', { body: { name: 'admin', passwort: 'hunter2' } });
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).not.toContain('hunter2');
  });

  it('refuses a tampered cookie, an expired session and no session at all', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    const cookie = await run.cookieOf('ann', viewer);
    expect((await run.call(cookie, 'GET', '/api/city')).status).toBe(200);
    const tampered = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    for (const bad of [tampered, 'signalbox_session=', 'signalbox_session=%00', ''])
      expect((await run.call(bad, 'GET', '/api/city')).body).toMatchObject({ code: 'not-signed-in' });
    clock.advance(12 * 3_600_000);
    expect((await run.call(cookie, 'GET', '/api/city')).status).toBe(401);
  });

  it('marks the cookie Secure behind a trusted proxy that speaks https, and only then', async () => {
    const body = { name: 'admin', password: 'correct horse' };
    const headers = { 'x-forwarded-proto': 'https' };
    const trusting = await startGateway({ settings: { trustedProxies: 'loopback' } });
    expect((await trusting.call('', 'POST', '/api/session', { body, headers })).headers.getSetCookie()[0]).toContain(
      '; Secure',
    );
    const plain = await startGateway();
    expect((await plain.call('', 'POST', '/api/session', { body, headers })).headers.getSetCookie()[0]).not.toContain(
      'Secure',
    );
  });
});

describe('requests of other sites', () => {
  it('are refused when they change something', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${run.url}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign)
      expect(await run.call(cookie, 'DELETE', '/api/session', { headers })).toMatchObject({
        status: 403,
        body: { code: 'foreign-origin' },
      });
    const own = { origin: run.url, 'sec-fetch-site': 'same-origin' };
    expect((await run.call(cookie, 'DELETE', '/api/session', { headers: own })).status).toBe(204);
  });

  it('are judged by the name that a trusted proxy was asked for', async () => {
    const run = await startGateway({ settings: { trustedProxies: '127.0.0.1' } });
    const cookie = await run.cookieOf('ann', viewer);
    const headers = { origin: 'https://box.example', 'x-forwarded-host': 'box.example' };
    expect((await run.call(cookie, 'DELETE', '/api/session', { headers })).status).toBe(204);
  });

  it('open no websocket', async () => {
    const run = await startGateway({ settings: { linkTokens: { traffic: 'a-token-for-tests' } } });
    const socket = new WebSocket(`${run.url}/link`, {
      origin: 'https://evil.example',
      headers: { authorization: 'Bearer a-token-for-tests' },
    });
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('403');
  });
});

describe('what cannot be read', () => {
  it('is a problem without a stack trace', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    const response = await fetch(`${run.url}/api/rules/traffic/x`, {
      method: 'PUT',
      headers: { cookie, 'content-type': 'application/json', 'if-none-match': '*' },
      body: '{"id": ',
    });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toEqual({
      type: 'urn:signalbox:error:invalid',
      title: 'invalid',
      status: 422,
      detail: 'The request cannot be accepted.',
      code: 'invalid',
      problems: [{ code: 'json', path: '', message: 'the body is not JSON' }],
    });
  });

  it('is refused when it is too large, from the signed-in and from strangers', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    const large = { text: 'x'.repeat(1_100_000) };
    expect(await run.call(cookie, 'PUT', '/api/rules/traffic/x', { body: large })).toMatchObject({
      status: 413,
      body: { code: 'too-large' },
    });
    expect((await run.call('', 'POST', '/api/session', { body: large })).status).toBe(413);
    expect((await run.call('', 'PUT', '/api/rules/traffic/x', { body: large })).status).toBe(401);
  });

  it('is a problem too when the address is malformed', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    const answer = await run.call(cookie, 'GET', '/api/commands/%E0%A4%A');
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(JSON.stringify(answer.body)).not.toContain('node_modules');
  });

  it('is the log’s business when the fault is ours', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    run.live.snapshot = () => Promise.reject(new Error('secret: /etc/passwd'));
    expect(await run.call(cookie, 'GET', '/api/city')).toMatchObject({
      status: 500,
      body: { code: 'internal', detail: 'Something went wrong here; the log has the details.' },
    });
  });
});

describe('the page', () => {
  it('is served without signing in, with a strict policy and caches that fit', async () => {
    const folder = await makeTempFolder();
    onTestFinished(() => folder.remove());
    await mkdir(join(folder.path, 'assets'));
    await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>Signalbox</title>');
    await writeFile(join(folder.path, 'assets', 'page-a1b2.js'), '1');
    const run = await startGateway({ pageFolder: folder.path });
    for (const path of ['/', '/commands/17']) {
      const page = await fetch(run.url + path, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      expect(await page.text()).toContain('<title>Signalbox</title>');
      const policy = page.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'self';script-src 'self';");
      expect(policy).toContain("frame-ancestors 'self'");
      expect(page.headers.get('x-powered-by')).toBeNull();
    }
    const hashed = await fetch(`${run.url}/assets/page-a1b2.js`);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/api/nothing', '/assets/none.js'])
      expect((await run.call(await run.cookieOf('ann', viewer), 'GET', path)).body).toMatchObject({
        code: 'not-found',
      });
  });
});

it('says how to get a page that was never built', async () => {
  const run = await startGateway();
  const answer = await run.call('', 'GET', '/', { headers: { accept: 'text/html' } });
  expect(answer).toMatchObject({
    status: 404,
    body: { code: 'not-found', detail: expect.stringContaining('npm start') },
  });
});

describe('health and metrics', () => {
  it('name what is missing, and are ready when nothing is', async () => {
    const run = await startGateway();
    run.health.register('redis', () => ({ ok: true }));
    const end = run.health.register('database', () => Promise.reject(new Error('connection refused')));
    expect(await run.call('', 'GET', '/healthz')).toMatchObject({
      status: 503,
      body: {
        ready: false,
        missing: ['database'],
        parts: { redis: { ok: true }, database: { ok: false, detail: 'connection refused' } },
      },
    });
    end();
    expect(await run.call('', 'GET', '/healthz')).toMatchObject({ status: 200, body: { ready: true, missing: [] } });
  });

  it('count for this machine and for the signed-in, not for whoever is behind a proxy', async () => {
    const run = await startGateway();
    const counted = await fetch(`${run.url}/metrics`);
    expect(counted.status).toBe(200);
    const text = await counted.text();
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('signalbox_log_append_seconds');
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await fetch(`${run.url}/metrics`, { headers })).status).toBe(401);
    const cookie = await run.cookieOf('ann', viewer);
    expect((await fetch(`${run.url}/metrics`, { headers: { ...headers, cookie } })).status).toBe(200);
  });
});

describe('the gateway', () => {
  it('starts and stops twice without harm, and lets go of half-open connections', async () => {
    const run = await startGateway();
    await run.gateway.start();
    const half = connect(run.gateway.port, '127.0.0.1');
    await once(half, 'connect');
    const closed = once(half, 'close');
    await run.gateway.stop();
    await run.gateway.stop();
    half.resume();
    await closed;
    expect(half.destroyed).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    await run.gateway.stop();
    expect(clock.waiting).toBe(0);
  });
});
