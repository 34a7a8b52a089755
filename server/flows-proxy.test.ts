import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startGateway, type GatewayRun } from '../test/gateway-run.ts';
import { ASSERTION_HEADER, assertionKey } from './flows-proxy.ts';

const TOKEN = 'token-of-the-traffic-flows';
const author = { traffic: ['flow-author' as const] };

describe('a request to a department’s Node-RED', () => {
  it('arrives under its whole path with an assertion, and without session or forged headers', async () => {
    const { run, runtime } = await start();
    const cookie = await run.cookieOf('ann', author);
    const response = await fetch(`${run.url}/flows/traffic/flows?a=1`, {
      method: 'POST',
      headers: {
        cookie: `${cookie}; theme=dark`,
        authorization: 'Basic bWluZQ==',
        [ASSERTION_HEADER]: 'forged',
        'x-forwarded-for': '10.0.0.1',
        'content-type': 'application/json',
      },
      body: '[{"id": 1}]',
    });
    expect(await response.json()).toEqual({ url: '/flows/traffic/flows?a=1', body: '[{"id": 1}]' });
    const seen = runtime.seen.at(-1) ?? {};
    for (const stripped of ['cookie', 'authorization', 'x-forwarded-for']) expect(seen[stripped]).toBeUndefined();
    const { payload } = await verify(seen);
    expect(payload).toMatchObject({ iss: 'signalbox', aud: 'flows:traffic', sub: 'ann', permissions: '*' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  it('may only look when the person may not edit, and is refused when the person may not look', async () => {
    const { run, runtime } = await start();
    await fetch(`${run.url}/flows/traffic/`, { headers: { cookie: await run.cookieOf('bob', { '*': ['viewer'] }) } });
    expect((await verify(runtime.seen.at(-1) ?? {})).payload).toMatchObject({ sub: 'bob', permissions: 'read' });
    const foreign = await run.cookieOf('eve', { waste: ['flow-author'] });
    expect(await run.call(foreign, 'GET', '/flows/traffic/')).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(runtime.seen).toHaveLength(1);
  });

  it('needs our session, and a page of this site for changes', async () => {
    const { run, runtime } = await start();
    expect((await run.call('', 'GET', '/flows/traffic/')).body).toMatchObject({ code: 'not-signed-in' });
    const page = await fetch(`${run.url}/flows/traffic/`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    const cookie = await run.cookieOf('ann', author);
    const headers = { origin: 'https://evil.example' };
    expect((await run.call(cookie, 'POST', '/flows/traffic/flows', { headers, body: [] })).status).toBe(403);
    expect(runtime.seen).toEqual([]);
  });

  it('gets no answer that speaks for this whole site', async () => {
    const { run } = await start();
    const cookie = await run.cookieOf('ann', author);
    const response = await fetch(`${run.url}/flows/traffic/`, { headers: { cookie } });
    for (const name of ['set-cookie', 'x-powered-by', 'service-worker-allowed', 'clear-site-data'])
      expect(response.headers.get(name)).toBeNull();
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(response.headers.get('x-runtime')).toBe('yes');
  });

  it('gets a page that a flow has made in a sandbox, without this site’s origin, and the editor without one', async () => {
    const { run } = await start();
    const cookie = await run.cookieOf('ann', author);
    const policyOf = async (path: string) =>
      (await fetch(`${run.url}/flows/traffic${path}`, { headers: { cookie } })).headers.get('content-security-policy');
    for (const path of ['/http/page', '/http?a=1', '/http']) {
      const policy = await policyOf(path);
      expect(policy).toContain('sandbox allow-scripts');
      expect(policy).not.toContain('allow-same-origin');
    }
    for (const path of ['/', '/https', '/flows?x=/http/']) expect(await policyOf(path)).not.toContain('sandbox');
  });

  it('is sent to the folder’s own address, and nowhere for an unknown department', async () => {
    const { run } = await start();
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    const bare = await fetch(`${run.url}/flows/traffic`, { headers: { cookie }, redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/flows/traffic/']);
    expect((await run.call(cookie, 'GET', '/flows/harbour/')).status).toBe(404);
  });

  it('says so when the runtime is away, as a page for people', async () => {
    const { run, runtime } = await start();
    await runtime.stop();
    const cookie = await run.cookieOf('ann', author);
    expect(await run.call(cookie, 'GET', '/flows/traffic/')).toMatchObject({
      status: 502,
      body: { code: 'flows-unavailable', detail: expect.stringContaining('flows of traffic') },
    });
    const page = await fetch(`${run.url}/flows/traffic/`, { headers: { cookie, accept: 'text/html' } });
    expect(page.status).toBe(502);
    expect(await page.text()).toContain('The flows of traffic are not running');
  });
});

it('breaks off with a runtime that dies in the middle of an answer', async () => {
  const { run } = await start();
  const cookie = await run.cookieOf('ann', author);
  const response = await fetch(`${run.url}/flows/traffic/dies`, { headers: { cookie } });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});

describe('a websocket to a department’s Node-RED', () => {
  it('carries messages both ways under an assertion', async () => {
    const { run, runtime } = await start();
    const cookie = await run.cookieOf('ann', author);
    const socket = new WebSocket(`${run.url}/flows/traffic/comms`, { headers: { cookie }, origin: run.url });
    const upgraded = once(socket, 'upgrade');
    await once(socket, 'open');
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('/flows/traffic/comms says hello');
    const [answer] = await upgraded;
    expect(setCookieOf(answer)).toBeUndefined();
    const seen = runtime.seen.at(-1) ?? {};
    expect(seen.cookie).toBeUndefined();
    expect((await verify(seen)).payload.sub).toBe('ann');
    socket.close();
    await once(socket, 'close');
  });

  it('closes when its runtime dies, without a word that is no frame', async () => {
    const { run, runtime } = await start();
    const cookie = await run.cookieOf('ann', author);
    const socket = new WebSocket(`${run.url}/flows/traffic/comms`, { headers: { cookie } });
    const failures: unknown[] = [];
    socket.on('error', (error) => failures.push(error));
    await once(socket, 'open');
    runtime.die();
    expect((await once(socket, 'close'))[0]).toBe(1_006);
    expect(failures.map(String).filter((failure) => failure.includes('Invalid'))).toEqual([]);
  });

  it('is refused without a session, from another site, for an unknown department, and while the runtime is away', async () => {
    const { run, runtime } = await start();
    const cookie = await run.cookieOf('ann', { '*': ['administrator'] });
    const path = '/flows/traffic/comms';
    expect(await refusal(run, path, {})).toContain('401');
    expect(await refusal(run, path, { headers: { cookie }, origin: 'https://evil.example' })).toContain('403');
    expect(await refusal(run, '/flows/harbour/comms', { headers: { cookie } })).toContain('404');
    expect(await refusal(run, '/elsewhere', { headers: { cookie } })).toContain('404');
    expect(runtime.seen).toEqual([]);
    await runtime.stop();
    expect(await refusal(run, path, { headers: { cookie } })).toContain('502');
  });
});

async function start(): Promise<{ run: GatewayRun; runtime: Upstream }> {
  const runtime = new Upstream();
  await runtime.start();
  onTestFinished(() => runtime.stop());
  const settings = { flows: { traffic: runtime.url }, linkTokens: { traffic: TOKEN } };
  return { run: await startGateway({ settings }), runtime };
}

const verify = (headers: IncomingHttpHeaders) =>
  jwtVerify(String(headers[ASSERTION_HEADER]), assertionKey(TOKEN), { issuer: 'signalbox', audience: 'flows:traffic' });

async function refusal(run: GatewayRun, path: string, options: WebSocket.ClientOptions): Promise<string> {
  const socket = new WebSocket(run.url + path, options);
  const [error] = await once(socket, 'error');
  return String(error);
}

const setCookieOf = (answer: IncomingMessage) => answer.headers['set-cookie'];

/** A tiny runtime: remembers what it was sent, and answers with headers that it should not. */
class Upstream {
  readonly seen: IncomingHttpHeaders[] = [];
  readonly #server: Server;
  readonly #raw: IncomingMessage[] = [];
  readonly #sockets = new WebSocketServer({ noServer: true });

  constructor() {
    this.#server = createServer((request, response) => {
      this.seen.push(request.headers);
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        if (request.url?.endsWith('/dies')) {
          response.writeHead(200, { 'content-length': '1000' }).write('half', () => request.socket.resetAndDestroy());
          return;
        }
        response.writeHead(200, {
          'content-type': 'application/json',
          'set-cookie': 'signalbox_session=stolen; Path=/',
          'x-powered-by': 'Express',
          'service-worker-allowed': '/',
          'clear-site-data': '"*"',
          'x-runtime': 'yes',
        });
        response.end(JSON.stringify({ url: request.url, body }));
      });
    });
    this.#sockets.on('headers', (headers) => headers.push('Set-Cookie: signalbox_session=stolen; Path=/'));
    this.#server.on('upgrade', (request, socket, head) => {
      this.#raw.push(request);
      this.seen.push(request.headers);
      this.#sockets.handleUpgrade(request, socket, head, (link) =>
        link.on('message', (data) =>
          link.send(`${request.url} says ${Buffer.isBuffer(data) ? data.toString() : 'too much'}`),
        ),
      );
    });
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Resets every websocket's connection, as a killed process does. */
  die(): void {
    for (const request of this.#raw) request.socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
