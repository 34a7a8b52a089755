// /flows/<department>/: passes signed-in people on to a department's Node-RED, without handing it their session.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import httpProxy from 'http-proxy-3';
import { SignJWT } from 'jose';
import type { Logger } from 'pino';

import { may, type Actor } from '../engine/model/actor.ts';
import type { Clock } from '../engine/model/clock.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import type { Authentication } from './http/authentication.ts';
import { problemAnswer, problemHeaders, toSignalboxError } from './http/problems.ts';

/** The header that carries the assertion to Node-RED (`adminAuth.tokenHeader`). */
export const ASSERTION_HEADER = 'x-signalbox-assertion';
/** How long an assertion holds, in seconds. Node-RED looks at it when a request or websocket begins. */
const ASSERTION_SECONDS = 60;
/** How long a runtime may take to answer, in milliseconds. */
const PATIENCE_MS = 120_000;

/** What a browser sent that is not the department's to see or to believe. */
const STRIPPED_FROM_REQUESTS = [
  'cookie',
  'authorization',
  'proxy-authorization',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  ASSERTION_HEADER,
];
/**
 * What a department's runtime may not tell a browser about this whole site: cookies, a service worker beyond its own
 * folder, to forget data, to speak https only, to let other sites read. And `connection`, which is between us and it.
 */
const STRIPPED_FROM_ANSWERS = [
  'set-cookie',
  'x-powered-by',
  'service-worker-allowed',
  'clear-site-data',
  'strict-transport-security',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'content-security-policy',
  'connection',
];

/** A department's runtime. */
interface Runtime {
  target: string;
  /** Signs this department's assertions: SHA-256 of its link token, which core and runtime both know. */
  key: Uint8Array;
}

/** The proxy to all departments' runtimes. */
export class FlowsProxy {
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  readonly #authentication: Authentication;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #upgraded = new WeakSet<Duplex>();
  readonly #proxy = httpProxy.createProxyServer({ proxyTimeout: PATIENCE_MS });

  /**
   * @param parts `flows`: department to URL, of which the origin counts: the runtime serves under the same path,
   *   `/flows/<department>/`. `tokens`: department to link token, one for each of `flows`.
   */
  constructor(parts: {
    flows: Readonly<Record<string, string>>;
    tokens: Readonly<Record<string, string>>;
    authentication: Authentication;
    clock: Clock;
    log: Logger;
  }) {
    this.#runtimes = new Map(
      Object.entries(parts.flows).map(([department, url]) => [
        department,
        { target: new URL(url).origin, key: assertionKey(parts.tokens[department] ?? '') },
      ]),
    );
    this.#authentication = parts.authentication;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#proxy.on('proxyRes', (reply, _request, response) => {
      strip(reply.headers, STRIPPED_FROM_ANSWERS);
      // A runtime that dies in the middle of an answer: the browser must not take it for the whole, nor wait for ever.
      reply.once('close', () => {
        if (!reply.complete) response.destroy();
      });
    });
    this.#proxy.on('proxyReqWs', (outgoing, _request, socket) => {
      // Registered before the proxy's own listeners, so that the browser never sees what is stripped.
      outgoing.once('upgrade', (reply) => {
        strip(reply.headers, ANSWERS_TO_UPGRADES);
        this.#upgraded.add(socket);
      });
      outgoing.once('response', (reply) => strip(reply.headers, STRIPPED_FROM_ANSWERS));
    });
  }

  /** For Express, mounted at `/flows`. */
  readonly handler: RequestHandler = async (request, response) => {
    const department = departmentIn(request.originalUrl);
    const runtime = this.#runtimes.get(department);
    if (!runtime) throw new SignalboxError('not-found', { what: `flows of ${department}` });
    const path = request.originalUrl.split('?')[0];
    if (path === `/flows/${department}`) return response.redirect(308, `/flows/${department}/`);
    try {
      await this.#assert(request, department, runtime);
    } catch (error) {
      return respond(request, response, toSignalboxError(error));
    }
    // Express has cut the mount point off; the runtime serves under the whole path.
    request.url = request.originalUrl;
    this.#proxy.web(request, response, { target: runtime.target }, (error) => {
      this.#log.warn({ department, err: error }, 'a flows runtime did not answer');
      respond(request, response, new SignalboxError('flows-unavailable', { department }));
    });
  };

  /**
   * Passes a websocket on. The caller has refused foreign origins.
   *
   * @throws SignalboxError `not-found`, `not-signed-in`, `forbidden`; a runtime that is away is answered on the socket
   */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const department = departmentIn(request.url ?? '');
    const runtime = this.#runtimes.get(department);
    if (!runtime) throw new SignalboxError('not-found', { what: `flows of ${department}` });
    await this.#assert(request, department, runtime);
    this.#proxy.ws(request, socket, head, { target: runtime.target }, (error) => {
      this.#log.warn({ department, err: error }, 'a flows runtime did not take a websocket');
      // Once it is a websocket, an HTTP answer would be garbage in it.
      if (socket.writable && !this.#upgraded.has(socket))
        socket.write(upgradeRefusal(new SignalboxError('flows-unavailable', { department })));
    });
  }

  /** Takes our session out of the request and puts a short-lived assertion for this one department in. */
  async #assert(request: IncomingMessage, department: string, runtime: Runtime): Promise<void> {
    const signedIn = await this.#authentication.identify(request);
    // The editor is for people; a machine's token is for the API.
    if (signedIn?.session === undefined) throw new SignalboxError('not-signed-in');
    const permissions = permissionsOf(signedIn.actor, department);
    strip(request.headers, STRIPPED_FROM_REQUESTS);
    const nowSeconds = Math.floor(this.#clock.now() / 1_000);
    request.headers[ASSERTION_HEADER] = await new SignJWT({ permissions })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('signalbox')
      .setAudience(`flows:${department}`)
      .setSubject(signedIn.actor.id)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
      .sign(runtime.key);
  }
}

/** An upgrade's answer needs its `connection: upgrade`. */
const ANSWERS_TO_UPGRADES = STRIPPED_FROM_ANSWERS.filter((name) => name !== 'connection');

/** The key of a department's assertions, 32 bytes. */
export const assertionKey = (linkToken: string): Uint8Array => createHash('sha256').update(linkToken).digest();

/** An HTTP answer for a socket whose upgrade is refused. */
export function upgradeRefusal(error: SignalboxError): string {
  const body = JSON.stringify(problemAnswer(error));
  const headers = { ...problemHeaders(error), 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${error.status} ${error.code}`, ...lines, '', body].join('\r\n');
}

/** What Node-RED lets this person do: everything, or look. */
function permissionsOf(actor: Actor, department: string): '*' | 'read' {
  if (may(actor, 'edit-flow', department).allowed) return '*';
  const reading = may(actor, 'read', department);
  if (!reading.allowed) throw new SignalboxError('forbidden', { reason: reading.reason });
  return 'read';
}

const departmentIn = (url: string): string => /^\/flows\/([a-z][a-z0-9-]{1,31})(?=[/?]|$)/.exec(url)?.[1] ?? '';

function strip(headers: NodeJS.Dict<string | string[]>, names: readonly string[]): void {
  for (const name of names) delete headers[name];
}

/** People who open the editor get a page; programs get the problem. */
function respond(request: IncomingMessage, response: ServerResponse | Duplex, error: SignalboxError): void {
  if (!('writeHead' in response) || response.headersSent) return void response.destroy();
  const wantsPage = (request.headers.accept ?? '').includes('text/html');
  const headers = problemHeaders(error);
  if (!wantsPage) return void response.writeHead(error.status, headers).end(JSON.stringify(problemAnswer(error)));
  response.writeHead(error.status, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(errorPage(error));
}

/** The catalogue's texts carry only names that our own grammar has checked; still nothing goes in unescaped. */
function errorPage(error: SignalboxError): string {
  const detail = error.message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const again = error.code === 'flows-unavailable' ? '<meta http-equiv="refresh" content="3">' : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${again}<title>Signalbox</title></head>
<body style="font-family: system-ui, sans-serif; margin: 4rem auto; max-width: 32rem">
<h1>Signalbox</h1><p>${detail}</p><p><a href="/">To the city</a></p></body></html>`;
}
