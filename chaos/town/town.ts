// A whole box in parts, as a city would run it on several machines: real roles, driven through the real doors.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';

import { createDocumentStore, openDatabase, type Database } from '../../engine/index.ts';
import { systemActor } from '../../engine/model/actor.ts';
import { systemClock } from '../../engine/model/clock.ts';
import { freePort } from '../../server/launcher/ports.ts';
import type { Wish } from '../judge.ts';
import { askApi, PASSWORD, signIn } from './api.ts';
import { actuators, DEPARTMENT, pointOfDevice, SPARE_DEVICE } from './assets.ts';
import { plantBacklog } from './backlog.ts';
import { clockOf, namesOf, startField, type Field } from './field.ts';
import { LinkClient, type Answer } from './link-client.ts';
import { fillMemory } from './memory.ts';
import { Program } from './programs.ts';
import { Proxy } from './proxy.ts';
import { readCommands } from './records.ts';
import type { CommandWithSteps, Subject, TownOptions } from './subject.ts';
import { pauseMs, until } from './until.ts';

const CORE = join(import.meta.dirname, '../../server/main.ts');
const READY_WITHIN_MS = 60_000;
/** An API must have said by then that Redis is away. */
const API_LIMIT_MS = 2_000;
const TRY_EVERY_MS = 300;

interface Parts {
  options: TownOptions;
  field: Field;
  engines: Program[];
  workers: Program[];
  gateway: Program;
  door: Proxy | undefined;
  port: number;
  token: string;
  records: Records;
}

/** A running town. */
export class Town implements Subject {
  readonly options: TownOptions;
  readonly engines: readonly Program[];
  readonly workers: readonly Program[];
  readonly roles: readonly Program[];
  readonly proxies: readonly Proxy[];
  /** The link of the department's flows. */
  readonly asker: LinkClient;
  /** Where the gateway is. */
  readonly url: string;
  readonly #spare = pointOfDevice(SPARE_DEVICE);
  #trials = 0;
  readonly #field: Field;
  readonly #records: Records;
  #cookie = '';

  private constructor({ options, field, engines, workers, gateway, door, port, token, records }: Parts) {
    this.options = options;
    this.engines = engines;
    this.workers = workers;
    this.roles = [...engines, ...workers, gateway];
    this.proxies = door ? [...field.proxies, door] : field.proxies;
    this.asker = new LinkClient(door?.port ?? port, token);
    this.url = `http://127.0.0.1:${port}`;
    this.#field = field;
    this.#records = records;
  }

  /** Starts the field and the record plane with its documents; `startRoles` starts the box itself. */
  static async build(options: TownOptions): Promise<Town> {
    const [field, records] = await Promise.all([startField(options), startRecords(options)]);
    const [port, token] = [await freePort(), randomBytes(16).toString('hex')];
    const door = options.hasProxies ? new Proxy(port) : undefined;
    await door?.start();
    const env = {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      REDIS_URL: field.redisUrl,
      DATABASE_URL: records.url,
      MQTT_URL: field.brokerUrl,
      SIGNALBOX_DATA: join(options.folder, 'data'),
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
        logFile: join(options.folder, `${name}.log`),
      });
    const engines = namesOf('engine', options.engines).map((name) => role(name, 'engine'));
    const workers = namesOf('worker', options.workers).map((name, index) =>
      role(name, 'worker', clockOf(index, options)),
    );
    const gateway = role('gateway', 'gateway');
    return new Town({ options, field, engines, workers, gateway, door, port, token, records });
  }

  get redis(): Field['redis'] {
    return this.#field.redis;
  }

  get broker(): Field['broker'] {
    return this.#field.broker;
  }

  get repeats(): number {
    return this.asker.repeats;
  }

  async startRoles(): Promise<void> {
    for (const role of this.roles) if (!role.isRunning) role.start();
    await this.untilReady();
    this.#cookie = await signIn(this.url);
    this.asker.start();
    await until('a wish to move a device', async () => {
      if (this.asker.isUp) await this.askSpare();
      await pauseMs(TRY_EVERY_MS);
      return this.effects().effects.some(({ point }) => point === this.#spare);
    });
  }

  /** A flow's wish for a device that the load leaves alone. */
  askSpare(): Promise<Answer> {
    this.#trials += 1;
    return this.asker.ask(this.#spare, this.#trials);
  }

  async untilReady(): Promise<void> {
    await until('the box to be ready', async () => (await fetch(`${this.url}/healthz`)).ok, READY_WITHIN_MS);
  }

  effects(): ReturnType<Field['effects']> {
    return this.#field.effects();
  }

  commands(): Promise<CommandWithSteps[]> {
    return readCommands(this.#records.database);
  }

  /** What a person is answered who takes a point by hand. */
  askByHand(): Promise<{ status: number; ms: number }> {
    return askApi({ url: this.url, cookie: this.#cookie });
  }

  async askWithoutRedis(): Promise<string[]> {
    const { status, ms } = await this.askByHand();
    if (status === 503 && ms <= API_LIMIT_MS) return [];
    return [
      `without Redis the API answered ${status} after ${Math.round(ms)} ms, and must answer 503 within ${API_LIMIT_MS} ms`,
    ];
  }

  fillMemory(): Promise<string[]> {
    return fillMemory(this);
  }

  plantBacklog(wishes: number, ageMs: number): Promise<Wish[]> {
    return plantBacklog(this, { wishes, ageMs });
  }

  async stop(): Promise<void> {
    this.asker.stop();
    await Promise.all(this.roles.map((role) => role.kill()));
    await Promise.all(this.proxies.map((line) => line.stop()));
    await Promise.all([this.#records.stop(), this.#field.stop()]);
  }
}

/** The record plane, which nobody breaks. */
interface Records {
  url: string;
  database: Database;
  stop(): Promise<void>;
}

async function startRecords({ folder, provenWithinMs }: TownOptions): Promise<Records> {
  const port = await freePort();
  const program = new Program({
    name: 'database',
    command: process.execPath,
    args: [join(import.meta.dirname, 'database-process.ts'), String(port)],
    env: {},
    logFile: join(folder, 'database.log'),
  });
  await program.startAndSay('ready');
  const url = `postgres://chaos@127.0.0.1:${port}/chaos`;
  const database = await openDatabase({ url, folder, log: pino({ level: 'silent' }) });
  const documents = createDocumentStore(database, systemClock);
  for (const asset of actuators(provenWithinMs)) {
    const { id, department } = asset;
    await documents.put({ kind: 'asset', id, department, body: asset, expected: 0, actor: systemActor('chaos') });
  }
  return {
    url,
    database,
    async stop() {
      await database.close();
      await program.kill();
    },
  };
}
