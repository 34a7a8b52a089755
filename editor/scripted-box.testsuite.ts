// A small real HTTP server for browser tests: the built app, a session, a scripted city and its live events.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { extname, join } from 'node:path';
import { z } from 'zod';

import { systemClock } from '../engine/model/clock.ts';
import type { CitySnapshot, LiveEvent } from '../engine/model/live.ts';
import { endAskers, mayEnd, standDownScopeSchema, type Restraint } from '../engine/model/restraint.ts';
import { ruleSchema } from '../engine/model/rule.ts';
import { check } from '../engine/model/check.ts';
import { alarmsAt, messagesAt } from './scripted-alarms.testsuite.ts';
import { traceAt } from './scripted-harbourton.testsuite.ts';

const DIST = join(import.meta.dirname, '.cache/browser-test');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};
/** As server/http/security-headers.ts: Monaco writes styles of its own, nothing else may be inline. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:";

export const PASSWORD = 'correct horse';
export const RULE_ID = 'traffic/queue-relief';

/** The scripted box. `stop` is safe to call twice. */
export class ScriptedBox {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #streams = new Set<ServerResponse>();
  readonly #restraints = new Map<string, Restraint>();
  readonly #snapshot: () => CitySnapshot;
  readonly #rule: unknown;
  #isSignedIn = false;
  #isSilent = false;
  #attempts = 0;
  /** The rule's newest version. */
  version = 3;
  /** What was saved last. */
  saved: unknown;

  constructor(parts: { snapshot: () => CitySnapshot; rule: unknown }) {
    this.#snapshot = parts.snapshot;
    this.#rule = parts.rule;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on TCP');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** Sends events to every page, one message each, as the box does. */
  send(...events: LiveEvent[]): void {
    const sent = events.map(({ event, data }) => message(event, data)).join('');
    for (const stream of this.#streams) stream.write(sent);
  }

  /** Somebody stands a part of the city down, takes something out of service, or asks for the end. */
  restrain(restraint: Restraint): void {
    this.#restraints.set(restraint.id, restraint);
    this.send({ event: 'restraint', data: restraint });
  }

  /** Breaks all streams and refuses new ones, as a broken network does. */
  lose(): void {
    this.#isSilent = true;
    for (const stream of this.#streams) stream.destroy();
  }

  /** Answers again. */
  comeBack(): void {
    this.#isSilent = false;
  }

  /** Another author saves a version in between. */
  overtake(): void {
    this.version += 1;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://box');
    response.setHeader('content-security-policy', POLICY);
    if (!pathname.startsWith('/api/')) return this.#file(pathname, response);
    if (pathname === '/api/session') return this.#session(request, response);
    if (!this.#isSignedIn) return problem(response, 401, 'Sign in first.');
    if (pathname === '/api/live') return this.#live(response);
    if (pathname === '/api/rules') return json(response, 200, { documents: [this.#document()] });
    if (pathname === `/api/rules/${RULE_ID}`) return this.#ruleRequest(request, response);
    if (pathname.startsWith('/api/alarms/')) return this.#alarmRequest(request, pathname, response);
    if (pathname.startsWith('/api/confirmations/')) return this.#confirmationRequest(request, pathname, response);
    if (pathname === '/api/stand-downs') return this.#standDown(request, response);
    if (pathname.endsWith('/out-of-service')) return this.#outOfService(request, pathname, response);
    if (pathname.startsWith('/api/restraints/')) return this.#endRequest(request, pathname, response);
    const trace = traceAt(decodeURIComponent(pathname.replace('/api/commands/', '')), systemClock.now());
    return trace ? json(response, 200, trace) : problem(response, 404, 'There is no such command here.');
  }

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const who = { name: 'ann', roles: { '*': ['administrator'] }, demo: true, timeZone: 'Europe/London' };
    if (request.method === 'GET')
      return this.#isSignedIn ? json(response, 200, who) : problem(response, 401, 'Sign in first.');
    if (request.method === 'DELETE') {
      this.#isSignedIn = false;
      response.writeHead(204).end();
      return;
    }
    const body = await bodyOf(request);
    this.#attempts += 1;
    if (this.#attempts === 2) {
      response.setHeader('retry-after', '30');
      return problem(response, 429, 'Too many attempts; try again in 30 s.');
    }
    this.#isSignedIn = Reflect.get(body, 'password') === PASSWORD;
    return this.#isSignedIn ? json(response, 200, who) : problem(response, 401, 'Name or password is wrong.');
  }

  #live(response: ServerResponse): void {
    if (this.#isSilent) {
      response.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // The browser tries again soon, so that the test need not wait.
    response.write(`retry: 200\n${message('snapshot', this.#snapshot())}`);
    this.#streams.add(response);
    const alive = setInterval(() => response.write(message('alive', {})), 5_000);
    response.on('close', () => {
      clearInterval(alive);
      this.#streams.delete(response);
    });
  }

  /** As the box does: what is asked is answered with 202, and shown by the live events. */
  async #alarmRequest(request: IncomingMessage, pathname: string, response: ServerResponse): Promise<void> {
    const now = systemClock.now();
    if (request.method === 'GET') return json(response, 200, { messages: messagesAt(now) });
    const body = await bodyOf(request);
    const wanted: unknown = Reflect.get(body, 'alarms') ?? [decodeURIComponent(pathname.split('/')[3] ?? '')];
    if (!Array.isArray(wanted)) return problem(response, 422, 'The request cannot be accepted.');
    this.saved = body;
    const found = alarmsAt(now).filter(({ alarmId }) => wanted.includes(alarmId));
    const by = { by: 'ann', at: now };
    const shelved = { ...by, until: now + 3_600_000, reason: String(Reflect.get(body, 'reason')) };
    const change = pathname.endsWith('/shelf') ? { shelved } : { acknowledged: by };
    this.send(...found.map((data): LiveEvent => ({ event: 'alarm', data: { ...data, ...change, revision: 2 } })));
    return json(response, 202, { gone: [] });
  }

  /** What was answered waits no longer. */
  async #confirmationRequest(request: IncomingMessage, pathname: string, response: ServerResponse): Promise<void> {
    const [, , , key = '', verb] = pathname.split('/');
    this.saved = { verb, key, body: await bodyOf(request) };
    this.send({ event: 'gone', data: { kind: 'confirmation', key } });
    return json(response, 202, { request: 'r1' });
  }

  async #standDown(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.saved = await bodyOf(request);
    const { scope, reason } = z.object({ scope: standDownScopeSchema, reason: z.string() }).parse(this.saved);
    const id = `${scope.department ?? '*'}/by-ann`;
    this.restrain({ kind: 'stand-down', id, by: 'ann', at: systemClock.now(), reason, endAsked: [], scope });
    return json(response, 202, { restraint: id, recorded: true });
  }

  async #outOfService(request: IncomingMessage, pathname: string, response: ServerResponse): Promise<void> {
    const asset = decodeURIComponent(pathname.split('/')[3] ?? '');
    const { reason } = z.object({ reason: z.string() }).parse(await bodyOf(request));
    const id = 'lighting/by-ann';
    this.restrain({ kind: 'out-of-service', id, by: 'ann', at: systemClock.now(), reason, endAsked: [], asset });
    return json(response, 202, { restraint: id, recorded: true });
  }

  async #endRequest(request: IncomingMessage, pathname: string, response: ServerResponse): Promise<void> {
    const id = pathname.split('/').slice(3, 5).join('/');
    const standing = this.#restraints.get(id);
    if (!standing) return problem(response, 404, 'There is no such restraint here.');
    const { reason } = z.object({ reason: z.string() }).parse(await bodyOf(request));
    const now = systemClock.now();
    const asked = { ...standing, endAsked: [...standing.endAsked, { by: 'ann', at: now, reason }] };
    const ended = mayEnd(asked, now);
    if (ended) this.send({ event: 'gone', data: { kind: 'restraint', key: id } });
    else this.restrain(asked);
    return json(response, 202, { ended, asked: endAskers(asked, now) });
  }

  async #ruleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('etag', `"${this.version}"`);
    if (request.method === 'GET') return json(response, 200, this.#document());
    const body = await bodyOf(request);
    if (request.headers['if-match'] !== `"${this.version}"`) return problem(response, 409, 'It was changed meanwhile.');
    const checked = check(ruleSchema, body);
    if (!checked.ok) return problem(response, 422, 'The rule cannot be accepted.', checked.problems);
    this.saved = checked.value;
    this.version += 1;
    return json(response, 200, this.#document());
  }

  #document() {
    const body = this.saved ?? this.#rule;
    return {
      id: RULE_ID,
      department: 'traffic',
      version: this.version,
      body,
      changedAt: 1_790_000_000_000,
      changedBy: 'person:ben',
    };
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const wanted = extname(pathname) === '' ? '/index.html' : pathname;
    try {
      const content = await readFile(join(DIST, wanted));
      response.writeHead(200, { 'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

const message = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, detail: string, problems?: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ status, detail, ...(problems === undefined ? {} : { problems }) }));
}

async function bodyOf(request: IncomingMessage): Promise<object> {
  const body: object = JSON.parse(await text(request));
  return body;
}
