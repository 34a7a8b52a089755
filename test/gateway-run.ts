// A gateway for tests: real HTTP on a free loopback port, with the record plane, the log and the city in memory.
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { DocumentKind } from '../engine/store/ports.ts';
import { systemActor, type Role } from '../engine/model/actor.ts';
import { assetSchema } from '../engine/model/asset.ts';
import { systemClock, type Clock } from '../engine/model/clock.ts';
import type { CitySnapshot, LiveEvent } from '../engine/model/live.ts';
import { Sessions } from '../server/accounts/sessions.ts';
import type { DocumentCheck } from '../server/api/document-routes.ts';
import { Gateway, type GatewayParts } from '../server/gateway.ts';
import { HealthRegistry } from '../server/health.ts';
import { SESSION_COOKIE } from '../server/http/authentication.ts';
import type { Restraints } from '../server/api/restraint-routes.ts';
import type { LiveSource } from '../server/live.ts';
import type { Restraint } from '../engine/model/restraint.ts';
import { createMetrics } from '../server/metrics.ts';
import { MemoryLog } from './memory-log.ts';
import { MemoryAudit } from './memory-audit.ts';
import { MemoryAccounts, MemoryDocuments, MemoryRecords, MemoryTokens } from './memory-store.ts';
import { makeTempFolder } from './temp-folder.ts';

/** A traffic controller with the points `timePlan` and `functionalPosition`, and a lamp of another department with the point `level`. */
export const J4 = 'urn:ngsi-ld:TrafficController:J4';
export const LAMP = 'urn:ngsi-ld:Streetlight:river-17';

/** An asset's document, as the store keeps it. */
export const asset = (id: string, department: string, points: Record<string, object> = {}) =>
  assetSchema.parse({
    id,
    type: id.split(':')[2],
    title: id.split(':')[3],
    department,
    points,
    ...(Object.keys(points).length > 0 ? { binding: { adapter: 'mqtt', device: 'gw' } } : {}),
  });

/** The city as the test says it is. */
export class MemoryLive implements LiveSource {
  city: CitySnapshot = { at: 0, assets: [], facts: [], points: [], activations: [], decisions: [], commands: [] };
  /** How often the snapshot was read. */
  reads = 0;
  readonly #listeners = new Set<(events: LiveEvent[]) => void>();

  async snapshot(): Promise<CitySnapshot> {
    this.reads += 1;
    return structuredClone(this.city);
  }

  subscribe(listener: (events: LiveEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(...events: LiveEvent[]): void {
    for (const listener of this.#listeners) listener(events);
  }
}

/** What a test may choose. */
export interface GatewayRunOptions {
  settings?: Partial<GatewayParts['settings']>;
  clock?: Clock;
  pageFolder?: string;
  checkDocument?: DocumentCheck;
}

/** Restraints in memory. */
class MemoryRestraints implements Restraints {
  readonly standing = new Map<string, Restraint>();

  async list(): Promise<Restraint[]> {
    return [...this.standing.values()];
  }

  async put(restraint: Restraint): Promise<void> {
    this.standing.set(restraint.id, restraint);
  }

  async remove(id: string): Promise<void> {
    this.standing.delete(id);
  }
}

const defaults = {
  host: '127.0.0.1',
  port: 0,
  linkTokens: {},
  flows: {},
  adminPassword: 'correct horse',
  city: 'Harbourton',
  timeZone: 'Europe/London',
  latenessMs: 300_000,
  demo: true,
};

/** A running gateway and everything behind it. */
export class GatewayRun {
  readonly documents: MemoryDocuments;
  readonly accounts = new MemoryAccounts();
  readonly tokens = new MemoryTokens();
  readonly audit = new MemoryAudit();
  readonly records = new MemoryRecords();
  readonly log: MemoryLog;
  readonly live = new MemoryLive();
  readonly restraints = new MemoryRestraints();
  readonly health = new HealthRegistry();
  readonly metrics = createMetrics();
  readonly gateway: Gateway;
  readonly #clock: Clock;

  constructor(dataFolder: string, options: GatewayRunOptions) {
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.documents = new MemoryDocuments(clock);
    this.log = new MemoryLog(clock);
    const { documents, accounts, tokens, audit, records, log, live, restraints, health, metrics } = this;
    this.gateway = new Gateway({
      documents,
      accounts,
      tokens,
      audit,
      records,
      log,
      live,
      restraints,
      health,
      metrics,
      clock,
      settings: { ...defaults, dataFolder, ...options.settings },
      checkDocument: options.checkDocument ?? (() => ({ problems: [], warnings: [] })),
      pageFolder: options.pageFolder ?? dataFolder,
      logger: pino({ level: 'silent' }),
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.gateway.port}`;
  }

  /** Stores a document as the system. */
  async store(kind: DocumentKind, body: { id: string; department?: string }): Promise<void> {
    const department = body.department ?? body.id.split('/')[0] ?? '';
    await this.documents.put({ kind, id: body.id, department, body, expected: 0, actor: systemActor('test') });
  }

  /** Makes an account with these roles and opens a session; returns its `Cookie` header. */
  async cookieOf(name: string, roles: Record<string, Role[]>): Promise<string> {
    await this.accounts.save({ name, passwordHash: 'none', roles });
    const { token } = await new Sessions(this.accounts, this.#clock).open(name);
    return `${SESSION_COOKIE}=${token}`;
  }

  /** Sends JSON as somebody and reads the JSON that comes back. */
  async call(
    cookie: string,
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(this.url + path, {
      method,
      headers: { cookie, 'content-type': 'application/json', ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : parse(text) };
  }
}

/** Starts a gateway that knows the two assets above and ends with the test. */
export async function startGateway(options: GatewayRunOptions = {}): Promise<GatewayRun> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  const run = new GatewayRun(folder.path, options);
  await run.store('asset', asset(J4, 'traffic', { timePlan: {}, functionalPosition: {} }));
  await run.store('asset', asset(LAMP, 'lighting', { level: {} }));
  onTestFinished(() => run.gateway.stop());
  await run.gateway.start();
  // The gateway has told the engine about the two assets.
  run.log.clear();
  return run;
}

/** Answers are looked at with matchers, which take anything. */
const parse = (text: string): unknown => JSON.parse(text);
