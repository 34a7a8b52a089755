// The core's side of the links: one authenticated WebSocket per flows runtime, for readings, requests and results.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

import type { Clock } from '../engine/model/clock.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import type { FlowsState } from '../engine/model/input.ts';
import { LINK_FRAME_BYTES } from '../engine/model/link.ts';
import type { ScheduleRun } from '../engine/model/schedule-run.ts';
import type { AssetDirectory } from './asset-directory.ts';
import { FlowsWatch } from './link/flows-watch.ts';
import { LinkConnection } from './link/link-connection.ts';
import type { LiveSource } from './live.ts';
import type { LogWriter } from './log-writer.ts';
import type { Metrics } from './metrics.ts';

/** What links work with. */
export interface LinkParts {
  /** Department to token. */
  tokens: Readonly<Record<string, string>>;
  directory: AssetDirectory;
  inputs: Pick<LogWriter, 'append'>;
  live: Pick<LiveSource, 'subscribe'>;
  metrics: Metrics;
  clock: Clock;
  log: Logger;
}

/** A link that has not answered a ping by the next one is dead, in milliseconds. */
const PING_MS = 15_000;
/** A department needs one link; a few more let runtimes overlap when one replaces another. */
const MOST_LINKS = 4;
/** WebSocket close code for a server that stops (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1_001;
/** What stands for a close code where none was sent: the process died, or answers no ping. */
const WITHOUT_GOODBYE = 1_006;
/** How long a runtime may take to close its end, in milliseconds. */
const CLOSE_MS = 1_000;

interface OpenLink {
  connection: LinkConnection;
  isAlive: boolean;
}

/** Accepts links and feeds them. */
export class LinkServer {
  readonly #parts: LinkParts;
  readonly #tokens: readonly { department: string; digest: Buffer }[];
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LINK_FRAME_BYTES,
    // Readings compress little at this size, and each link would hold a window of memory.
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #links = new Map<WebSocket, OpenLink>();
  readonly #flows: FlowsWatch;
  #ends: (() => void)[] = [];

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#flows = new FlowsWatch(parts);
    this.#tokens = Object.entries(parts.tokens).map(([department, token]) => ({ department, digest: digest(token) }));
  }

  /** Begins to pass events on and to look after links. Safe to call twice. */
  start(): void {
    if (this.#ends.length > 0) return;
    this.#ends = [
      this.#parts.live.subscribe((events) => {
        this.#flows.hear(events);
        for (const { connection } of this.#links.values()) connection.push(events);
      }),
      this.#parts.directory.onChange((departments) => {
        for (const { connection } of this.#links.values())
          if (departments.has(connection.department)) connection.sendCatalogue();
      }),
      this.#pingRegularly(),
    ];
  }

  /** Closes all links. Safe to call twice. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await Promise.all([...this.#links.keys()].map((socket) => this.#close(socket)));
  }

  /** Tells a department's flows of an event. Rejects when none of its runtimes has taken it: it is to be tried again. */
  async deliver(run: ScheduleRun): Promise<void> {
    for (const { connection } of this.#links.values())
      if (connection.department === run.department && (await connection.deliver(run))) return;
    throw new Error(`no flows runtime of ${run.department} has taken ${run.runId}`);
  }

  /** How many links a department has open. */
  linksOf(department: string): number {
    return [...this.#links.values()].filter(({ connection }) => connection.department === department).length;
  }

  /**
   * Takes over a request for `LINK_PATH`. The caller has refused foreign origins.
   *
   * @throws SignalboxError `not-signed-in` for a wrong token, `too-many-attempts` for too many links of one department
   */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const department = this.#departmentOf(request.headers.authorization);
    if (department === undefined) throw new SignalboxError('not-signed-in');
    if (this.linksOf(department) >= MOST_LINKS) throw new SignalboxError('too-many-attempts', { seconds: 5 });
    this.#server.handleUpgrade(request, socket, head, (link) => this.#open(department, link));
  }

  #open(department: string, socket: WebSocket): void {
    const onFlows = (state: FlowsState): void => this.#flows.note(department, state);
    const connection = new LinkConnection({ department, socket, onFlows }, this.#parts);
    const link: OpenLink = { connection, isAlive: true };
    this.#links.set(socket, link);
    this.#count(department);
    this.#parts.log.info({ department }, 'a flows runtime is linked');
    socket.on('pong', () => {
      link.isAlive = true;
    });
    socket.on('message', (data: RawData, isBinary) => {
      link.isAlive = true;
      connection.receive(isBinary ? '' : textOf(data));
    });
    // A frame over the limit ends the link with code 1009; ws closes by itself.
    socket.on('error', (error) => this.#parts.log.warn({ department, err: error }, 'a link failed'));
    socket.once('close', (code, reason) => {
      this.#links.delete(socket);
      this.#count(department);
      this.#parts.log.info({ department, code, reason: reason.toString() }, 'a flows runtime is gone');
      const isLast = this.linksOf(department) === 0 && this.#ends.length > 0;
      if (isLast && code === WITHOUT_GOODBYE) this.#flows.note(department, 'lost');
      else if (isLast) this.#flows.forget(department);
    });
    connection.sendCatalogue();
  }

  #count(department: string): void {
    this.#parts.metrics.linkConnections.set({ department }, this.linksOf(department));
  }

  #close(socket: WebSocket): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(CLOSE_MS, () => socket.terminate());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      socket.close(GOING_AWAY, 'the core is stopping');
    });
  }

  #pingRegularly(): () => void {
    let end = this.#parts.clock.after(PING_MS, tick);
    const links = this.#links;
    const flows = this.#flows;
    const { clock } = this.#parts;
    function tick(): void {
      for (const [socket, link] of links) {
        if (link.isAlive) socket.ping();
        else socket.terminate();
        link.isAlive = false;
      }
      flows.repeat();
      end = clock.after(PING_MS, tick);
    }
    return () => end();
  }

  /** All tokens are compared, each in the same time, so that nothing is learnt from how long it took. */
  #departmentOf(authorization: string | undefined): string | undefined {
    const offered = digest(/^Bearer (\S{1,1024})$/.exec(authorization ?? '')?.[1] ?? '');
    return this.#tokens.filter((token) => timingSafeEqual(token.digest, offered))[0]?.department;
  }
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
