// The gateway role: web page, API, sign-in, links and the proxy to the departments' Node-RED, on one port.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Logger } from 'pino';

import {
  createRecordedPast,
  type AccountStore,
  type AuditLog,
  type DocumentStore,
  type InputLog,
  type RecordReader,
  type TokenStore,
} from '../engine/index.ts';
import type { Clock } from '../engine/model/clock.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import { LINK_PATH } from '../engine/model/link.ts';
import type { ScheduleRun } from '../engine/model/schedule-run.ts';
import { Attempts } from './accounts/attempts.ts';
import { ensureFirstAccount, firstSignInFile } from './accounts/first-account.ts';
import { Sessions } from './accounts/sessions.ts';
import { SignIn } from './accounts/sign-in.ts';
import type { DocumentCheck } from './api/document-routes.ts';
import type { Restraints } from './api/restraint-routes.ts';
import { createApp } from './app.ts';
import { StoredAssetDirectory } from './asset-directory.ts';
import { DocumentAnnouncer } from './document-announcer.ts';
import { FlowsProxy, upgradeRefusal } from './flows-proxy.ts';
import type { HealthRegistry } from './health.ts';
import { Authentication } from './http/authentication.ts';
import { foreignOrigin } from './http/origin.ts';
import { toSignalboxError } from './http/problems.ts';
import { routeTable, type RouteName } from './http/route-table.ts';
import { trustedProxies, type TrustProxy } from './http/trusted-proxies.ts';
import { LinkServer } from './link-server.ts';
import { LiveHub, type LiveSource } from './live.ts';
import { LogWriter } from './log-writer.ts';
import type { Metrics } from './metrics.ts';
import { citySettings, type Settings } from './settings.ts';

/** What a gateway is made of. */
export interface GatewayParts {
  settings: Pick<
    Settings,
    | 'host'
    | 'port'
    | 'dataFolder'
    | 'linkTokens'
    | 'flows'
    | 'adminPassword'
    | 'trustedProxies'
    | 'city'
    | 'timeZone'
    | 'holidays'
    | 'latenessMs'
    | 'demo'
  >;
  documents: DocumentStore;
  accounts: AccountStore;
  tokens: TokenStore;
  audit: AuditLog;
  records: RecordReader;
  /** The log of inputs; the gateway only appends. */
  log: Pick<InputLog, 'append'>;
  live: LiveSource;
  restraints: Restraints;
  health: HealthRegistry;
  metrics: Metrics;
  /** What is wrong with a document beyond its schema. */
  checkDocument: DocumentCheck;
  /** The built web page: `editor/dist`. */
  pageFolder: string;
  clock: Clock;
  logger: Logger;
}

/** Connections that are still busy then are cut, in milliseconds. */
const STOP_MS = 3_000;

/** One gateway. */
export class Gateway {
  readonly #parts: GatewayParts;
  readonly #app: Express;
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();
  readonly #inputs: LogWriter;
  readonly #directory: StoredAssetDirectory;
  readonly #announcer: DocumentAnnouncer;
  readonly #live: LiveHub;
  readonly #links: LinkServer;
  readonly #flows: FlowsProxy;
  readonly #trustProxy: TrustProxy;
  #endHealth: (() => void)[] = [];
  #started: Promise<void> | undefined;
  /** Requests that are being answered. */
  #answering = 0;
  #stopping = false;

  constructor(parts: GatewayParts) {
    const { settings, documents, accounts, metrics, clock, live, logger } = parts;
    this.#parts = parts;
    this.#trustProxy = trustedProxies(settings.trustedProxies);
    this.#inputs = new LogWriter(parts.log, metrics);
    this.#directory = new StoredAssetDirectory({ documents, live, clock, log: logger });
    this.#announcer = new DocumentAnnouncer({ documents, inputs: this.#inputs, clock, log: logger });
    this.#live = new LiveHub({ source: live, clock, log: logger, metrics });
    const sessions = new Sessions(accounts, clock);
    const authentication = new Authentication({ sessions, tokens: parts.tokens, clock });
    const shared = { directory: this.#directory, inputs: this.#inputs, metrics, clock, log: logger };
    this.#links = new LinkServer({ ...shared, tokens: settings.linkTokens, live });
    this.#flows = new FlowsProxy({ ...shared, flows: settings.flows, tokens: settings.linkTokens, authentication });
    this.#app = createApp({
      ...parts,
      ...shared,
      authentication,
      sessions,
      signIn: new SignIn({
        accounts,
        sessions,
        attempts: new Attempts(clock),
        firstSignInFile: firstSignInFile(settings.dataFolder),
      }),
      announcer: this.#announcer,
      past: createRecordedPast(documents, parts.records, citySettings(settings)),
      box: { city: settings.city, timeZone: settings.timeZone, demo: settings.demo },
      live: this.#live,
      flows: this.#flows,
      trustProxy: this.#trustProxy,
    });
    this.#server = createServer(this.#app);
    this.#server.on('request', (_request, response) => {
      this.#answering += 1;
      response.once('close', () => {
        this.#answering -= 1;
        this.#letGo();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  /** Every route that it answers: `GET /api/city`. */
  get routes(): RouteName[] {
    return routeTable(this.#app);
  }

  /** Tells a department's flows of an event of a schedule; rejects when it must be tried again. */
  deliver(run: ScheduleRun): Promise<void> {
    return this.#links.deliver(run);
  }

  /** Makes the first account if need be, then listens. Rejects when the port or the store cannot be used. Safe to call twice. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Takes nothing more, lets go of everybody, and resolves when all is closed. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#started?.catch(() => undefined);
    this.#stopping = true;
    for (const end of this.#endHealth.splice(0)) end();
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve();
    this.#server.close();
    this.#live.stop();
    await this.#links.stop();
    this.#announcer.stop();
    for (const socket of this.#upgraded) socket.destroy();
    const cancel = this.#parts.clock.after(STOP_MS, () => this.#server.closeAllConnections());
    this.#letGo();
    await closed;
    cancel();
    await this.#inputs.stop();
    await this.#directory.stop();
  }

  /** The port that it listens on; differs from the settings' when those say 0. */
  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#parts.settings.port;
  }

  async #start(): Promise<void> {
    const { settings, accounts, audit, clock, logger } = this.#parts;
    const { dataFolder, adminPassword: password } = settings;
    const account = await ensureFirstAccount({ accounts, audit, clock, dataFolder, password });
    if (account === 'password-set') logger.warn('the password of admin was set, as SIGNALBOX_ADMIN_PASSWORD says');
    await this.#directory.start();
    this.#live.start();
    this.#links.start();
    this.#endHealth = Object.keys(settings.flows).map((department) =>
      this.#parts.health.register(`flows:${department}`, () =>
        this.#links.linksOf(department) > 0 ? { ok: true } : { ok: false, detail: 'its runtime is not linked' },
      ),
    );
    this.#server.listen(settings.port, settings.host);
    await once(this.#server, 'listening');
    await this.#announcer.start();
    logger.info({ host: settings.host, port: this.port }, 'the gateway listens');
  }

  /** While stopping: once nobody waits for an answer, connections that are merely open are closed. */
  #letGo(): void {
    if (this.#stopping && this.#answering === 0) this.#server.closeAllConnections();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#upgraded.add(socket);
    socket.once('close', () => this.#upgraded.delete(socket));
    // A browser that vanishes while we look its session up is no reason to fall over.
    socket.on('error', (error) => this.#parts.logger.debug({ err: error }, 'an upgraded connection failed'));
    try {
      const origin = foreignOrigin(request, this.#trustProxy);
      if (origin !== undefined) throw new SignalboxError('foreign-origin', { origin });
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (path === LINK_PATH) this.#links.upgrade(request, socket, head);
      else if (path.startsWith('/flows/')) await this.#flows.upgrade(request, socket, head);
      else throw new SignalboxError('not-found', { what: 'websocket' });
    } catch (thrown) {
      const error = toSignalboxError(thrown);
      if (error.status >= 500) this.#parts.logger.error({ err: error.cause ?? error }, 'a websocket was refused');
      socket.end(upgradeRefusal(error));
    }
  }
}
