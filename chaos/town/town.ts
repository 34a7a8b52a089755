// A whole box in parts, as a city would run it on several machines, with a field of devices: everything that can be broken.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';

import { createDocumentStore, openDatabase, type Database } from '../../engine/index.ts';
import { systemActor } from '../../engine/model/actor.ts';
import { systemClock } from '../../engine/model/clock.ts';
import type { CommandRecord } from '../../engine/model/command.ts';
import { freePort } from '../../server/launcher/ports.ts';
import type { Manners } from '../device/manners.ts';
import { readEffects } from '../device/effects-file.ts';
import type { Effect, RecordedCommand } from '../judge.ts';
import { PASSWORD, signIn } from './api.ts';
import { actuators, DEPARTMENT, pointOfDevice, SPARE_DEVICE } from './assets.ts';
import { TownBroker, type BrokerKind } from './broker.ts';
import { LinkClient } from './link-client.ts';
import { Program } from './programs.ts';
import { Proxy } from './proxy.ts';
import { TownRedis } from './redis.ts';
import { readCommands } from './records.ts';
import { until } from './until.ts';

/** How a town is built. */
export interface TownOptions {
  /** Holds everything of the run. */
  folder: string;
  /** Default: mosquitto if this machine has it. */
  broker?: BrokerKind;
  engines: number;
  workers: number;
  manners: Manners;
  /** The time from `sent` to the proof, in milliseconds. */
  provenWithinMs: number;
  /** Redis under strace. */
  isTraced: boolean;
  /** Lines before every server, so that replies can be lost. */
  hasProxies: boolean;
  /** How far ahead the first worker's clock is, in milliseconds. */
  workerClockAheadMs: number;
}

const ROOT = join(import.meta.dirname, '../..');
const CORE = join(ROOT, 'server/main.ts');
const CLOCK = join(import.meta.dirname, 'clock-ahead.mjs');
const READY_WITHIN_MS = 60_000;

/** A running town. */
export class Town {
  readonly options: TownOptions;
  readonly redis: TownRedis;
  readonly broker: TownBroker;
  readonly engines: readonly Program[];
  readonly workers: readonly Program[];
  readonly gateway: Program;
  readonly link: LinkClient;
  /** Before Redis, the field bus and the gateway; empty without proxies. */
  readonly proxies: readonly Proxy[];
  readonly url: string;
  /** The point for what flows try out. */
  readonly sparePoint = pointOfDevice(SPARE_DEVICE);
  /** Of a signed-in person, once the box has started. */
  cookie = '';
  readonly #devices: Program;
  readonly #database: Program;
  readonly #records: Database;

  private constructor(
    parts: Pick<
      Town,
      'options' | 'redis' | 'broker' | 'engines' | 'workers' | 'gateway' | 'link' | 'proxies' | 'url'
    > & {
      devices: Program;
      database: Program;
      records: Database;
    },
  ) {
    this.options = parts.options;
    this.redis = parts.redis;
    this.broker = parts.broker;
    this.engines = parts.engines;
    this.workers = parts.workers;
    this.gateway = parts.gateway;
    this.link = parts.link;
    this.proxies = parts.proxies;
    this.url = parts.url;
    this.#devices = parts.devices;
    this.#database = parts.database;
    this.#records = parts.records;
  }

  /** Starts Redis, the field bus, the record plane with its documents and the devices. `startRoles` starts the box itself. */
  static async build(options: TownOptions): Promise<Town> {
    const { folder, isTraced, manners } = options;
    const [redis, broker] = await Promise.all([
      TownRedis.prepare({ folder, isTraced }),
      TownBroker.prepare(folder, options.broker),
    ]);
    const database = await startDatabase(folder);
    const [records] = await Promise.all([storeDocuments(database.url, options), redis.start(), broker.start()]);
    const devices = await startDevices({ folder, url: broker.fieldUrl, manners });
    const lines = options.hasProxies ? [new Proxy(redis.port), new Proxy(broker.port)] : [];
    await Promise.all(lines.map((line) => line.start()));
    const port = await freePort();
    const token = randomBytes(16).toString('hex');
    const env = {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      REDIS_URL: redis.urlThrough(lines[0]?.port ?? redis.port),
      DATABASE_URL: database.url,
      MQTT_URL: broker.coreUrl(lines[1]?.port ?? broker.port),
      SIGNALBOX_DATA: join(folder, 'data'),
      SIGNALBOX_LINK_TOKENS: JSON.stringify({ [DEPARTMENT]: token }),
      SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
      LOG_LEVEL: 'info',
    };
    const role = (name: string, kind: string, more: Record<string, string> = {}): Program =>
      new Program({
        name,
        command: process.execPath,
        args: [CORE, '--role', kind],
        env: { ...env, ...more },
        logFile: join(folder, `${name}.log`),
      });
    const ahead = {
      NODE_OPTIONS: `--import ${CLOCK}`,
      CHAOS_CLOCK_AHEAD_MS: String(options.workerClockAheadMs),
    };
    const door = options.hasProxies ? [new Proxy(port)] : [];
    await Promise.all(door.map((line) => line.start()));
    return new Town({
      options,
      redis,
      broker,
      engines: names('engine', options.engines).map((name) => role(name, 'engine')),
      workers: names('worker', options.workers).map((name, index) =>
        role(name, 'worker', index === 0 && options.workerClockAheadMs !== 0 ? ahead : {}),
      ),
      gateway: role('gateway', 'gateway'),
      link: new LinkClient(door[0]?.port ?? port, token),
      proxies: [...lines, ...door],
      url: `http://127.0.0.1:${port}`,
      devices,
      database: database.program,
      records,
    });
  }

  /** Every process of the box itself. */
  get roles(): readonly Program[] {
    return [...this.engines, ...this.workers, this.gateway];
  }

  /** Starts what does not run of the box, and resolves when it is ready and the link is up. */
  async startRoles(): Promise<void> {
    for (const role of this.roles) if (!role.isRunning) role.start();
    await this.untilReady();
    this.cookie = await signIn(this.url);
    this.link.start();
    await until('the link', () => this.link.isUp);
  }

  /** Resolves when the gateway says that nothing is missing. */
  async untilReady(): Promise<void> {
    await until('the box to be ready', async () => (await fetch(`${this.url}/healthz`)).ok, READY_WITHIN_MS);
  }

  /** What the devices did. */
  effects(): { effects: Effect[]; heldOff: Record<string, number> } {
    return readEffects(effectsFile(this.options.folder));
  }

  /** What the box has recorded of its commands. */
  commands(): Promise<(RecordedCommand & { steps: CommandRecord['steps'] })[]> {
    return readCommands(this.#records);
  }

  /** Ends everything; the folder stays. */
  async stop(): Promise<void> {
    this.link.stop();
    await Promise.all(this.roles.map((role) => role.kill()));
    await Promise.all(this.proxies.map((line) => line.stop()));
    await this.#records.close();
    await Promise.all([this.#devices.kill(), this.#database.kill(), this.broker.kill(), this.redis.kill()]);
  }
}

const names = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (count === 1 ? kind : `${kind}-${index + 1}`));

const effectsFile = (folder: string): string => join(folder, 'effects.jsonl');

async function startDatabase(folder: string): Promise<{ url: string; program: Program }> {
  const port = await freePort();
  const program = new Program({
    name: 'database',
    command: process.execPath,
    args: [join(import.meta.dirname, 'database-process.ts'), String(port)],
    env: {},
    logFile: join(folder, 'database.log'),
  });
  await startAndHear(program);
  return { url: `postgres://chaos@127.0.0.1:${port}/chaos`, program };
}

async function storeDocuments(url: string, { folder, provenWithinMs }: TownOptions): Promise<Database> {
  const database = await openDatabase({ url, folder, log: pino({ level: 'silent' }) });
  const documents = createDocumentStore(database, systemClock);
  for (const asset of actuators(provenWithinMs)) {
    const { id, department } = asset;
    await documents.put({ kind: 'asset', id, department, body: asset, expected: 0, actor: systemActor('chaos') });
  }
  return database;
}

/** Starts the devices' process. @param parts.isPlain devices without any contract */
export async function startDevices(parts: {
  folder: string;
  url: string;
  manners: Manners;
  isPlain?: boolean;
}): Promise<Program> {
  const { folder, url, manners, isPlain = false } = parts;
  const settings = { url, file: effectsFile(folder), isPlain, manners };
  const program = new Program({
    name: 'devices',
    command: process.execPath,
    args: [join(import.meta.dirname, '../device/main.ts'), JSON.stringify(settings)],
    env: {},
    logFile: join(folder, 'devices.log'),
  });
  await startAndHear(program);
  return program;
}

async function startAndHear(program: Program): Promise<void> {
  const ready = program.says('ready');
  program.start();
  await ready;
}
