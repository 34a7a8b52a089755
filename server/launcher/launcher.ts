// The composition: prepares the data folder, starts the stores and the box's processes, and ends them together.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { SignalboxError } from '../../engine/model/errors.ts';
import { acquireFileLock, FileLockedError, type FileLock } from '../../engine/store/file-lock.ts';
import type { Console } from './console.ts';
import { isolateFlows, type Isolation } from './isolation.ts';
import { endLeftoverRedis } from './leftover-redis.ts';
import { freePort, isPortFree } from './ports.ts';
import { preparePrivateRedis, type PrivateRedis } from './private-redis.ts';
import { checkRedisDurability, refusals, versionProblem } from './redis-check.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { coreUrl, fieldUrl, mqttWarnings, planServices, type Programs } from './services.ts';
import type { LauncherSettings } from './settings.ts';
import { Supervisor } from './supervisor.ts';

/** What a launcher is made of. */
export interface LauncherOptions {
  readonly settings: LauncherSettings;
  readonly programs: Programs;
  readonly console: Console;
}

/** Where MQTT is expected, as IANA assigned it. */
const MQTT_PORT = 1883;

/** Milliseconds that the children of a launcher that was killed may take to end, and a little more. */
const LEFTOVERS_MS = 6000;

/** Runs one box. start() and stop() are safe to call twice. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #runningFile: string;
  readonly #fieldBusFile: string;
  #lock: FileLock | undefined;
  #wasKilled = false;
  #supervisor: Supervisor | undefined;
  #welcomed: Promise<void> | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#runningFile = join(options.settings.dataFolder, 'launcher.running');
    this.#fieldBusFile = join(options.settings.dataFolder, 'field-bus.json');
  }

  /**
   * Resolves when every service has been ready once, or the launcher is stopped.
   *
   * @throws SignalboxError `settings` when the data folder, the port or the given Redis cannot be used
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Ends every process it started, in order, and frees the data folder. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends every process it started at once, by SIGKILL. */
  kill(): void {
    this.#supervisor?.kill();
  }

  /** The process id of a service that runs now: `redis`, `core`, `flows:<department>`, `simulator`. */
  pidOf(service: string): number | undefined {
    return this.#supervisor?.pidOf(service);
  }

  async #start(): Promise<void> {
    const { settings, programs, console } = this.#options;
    const { log, print } = console;
    const startedAt = performance.now();
    await prepareFolder(settings.dataFolder);
    this.#lock = lockFolder(settings.dataFolder);
    // Removed by stop(): whoever finds it follows a launcher that was killed.
    this.#wasKilled = existsSync(this.#runningFile);
    await writeFile(this.#runningFile, '');
    const { users } = await this.#isolate();
    const secrets = await loadSecrets(join(settings.dataFolder, 'secrets.json'), settings.departments);
    const redis = settings.redisUrl === undefined ? await this.#prepareRedis(secrets) : undefined;
    if (settings.redisUrl !== undefined) await this.#checkRedis(settings.redisUrl);
    await this.#awaitPort();
    for (const warning of mqttWarnings(settings)) console.say(`warning: ${warning}`);
    const flowsPorts = new Map<string, number>();
    for (const department of settings.departments) flowsPorts.set(department, await freePort());
    const mqttPort = settings.mqtt.port ?? (await usualOr(MQTT_PORT));
    if (this.#stopping !== undefined) return;
    const plan = { settings, secrets, programs, redis, mqttPort, flowsPorts, users };
    if (settings.demo) await noteFieldBus(this.#fieldBusFile, fieldUrl(plan));
    const specs = planServices(plan);
    this.#supervisor = new Supervisor(specs, {
      log,
      print,
      onStarting: (name) => console.say(`starting ${name} …`),
      onReady: (name, readyMs) => {
        if (name === 'redis') console.say(`redis ready in ${seconds(readyMs)}`);
        if (name === 'core') this.#welcomed = this.#welcome(performance.now() - startedAt, mqttPort);
      },
    });
    await this.#supervisor.start();
    await this.#welcomed;
  }

  async #stop(): Promise<void> {
    // What start() still prepares must not begin to run afterwards.
    if (this.#supervisor === undefined) await this.#starting?.catch(() => undefined);
    await this.#supervisor?.stop();
    if (this.#lock === undefined) return;
    await rm(this.#fieldBusFile, { force: true });
    await rm(this.#runningFile, { force: true });
    this.#lock.release();
  }

  async #isolate(): Promise<Isolation> {
    const { settings, programs, console } = this.#options;
    const isolation = await isolateFlows({
      dataFolder: settings.dataFolder,
      departments: settings.departments,
      firstUid: settings.flowsFirstUid,
      reads: [process.execPath, ...programs.flowsReads, programs.flows],
    });
    if (isolation.missing !== undefined)
      console.say(`warning: flows are not isolated: ${isolation.missing} (docs/isolation.md)`);
    return isolation;
  }

  async #prepareRedis(secrets: Secrets): Promise<PrivateRedis> {
    const { settings, console } = this.#options;
    const folder = join(settings.dataFolder, 'redis');
    const asked = spawnSync(settings.redisServer, ['--version'], { encoding: 'utf8' });
    if (asked.status !== 0) {
      const problems = `SIGNALBOX_REDIS_SERVER: ${settings.redisServer} cannot be run; start with \`npm start\`, which provides it, install Redis 6.2 or newer, or set REDIS_URL`;
      throw new SignalboxError('settings', { problems });
    }
    const tooOld = versionProblem(asked.stdout);
    if (tooOld !== undefined) {
      const problems = `SIGNALBOX_REDIS_SERVER: ${settings.redisServer}: ${tooOld.message}`;
      throw new SignalboxError('settings', { problems });
    }
    if (await endLeftoverRedis(folder, AbortSignal.timeout(LEFTOVERS_MS)))
      console.say('ended the Redis of an earlier run');
    return preparePrivateRedis({
      command: settings.redisServer,
      folder,
      port: await freePort(),
      password: secrets.redisPassword,
      maxMemory: settings.redisMaxMemory,
    });
  }

  /** A Redis that is too old or would lose commands is refused before anything is started. */
  async #checkRedis(url: string): Promise<void> {
    const { settings, console } = this.#options;
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    let lastError = 'the connection was closed';
    redis.on('error', ({ message }: Error) => {
      lastError = message;
    });
    try {
      await redis.connect();
      const problems = await checkRedisDurability(redis);
      const refused = refusals(problems, settings.allowUnsafeRedis);
      if (refused.length > 0) {
        throw new SignalboxError('settings', {
          problems: refused.map(({ message }) => `REDIS_URL: ${message}`).join('\n'),
        });
      }
      for (const { message } of problems) console.say(`warning: ${message}`);
    } catch (error) {
      if (error instanceof SignalboxError) throw error;
      throw new SignalboxError(
        'settings',
        { problems: `REDIS_URL: nobody answers there as Redis (${lastError})` },
        { cause: error },
      );
    } finally {
      redis.disconnect();
    }
  }

  /** A core whose launcher was killed has a few seconds to end; anybody else keeps the port. */
  async #awaitPort(): Promise<void> {
    const { host, port } = this.#options.settings;
    const deadline = performance.now() + (this.#wasKilled ? LEFTOVERS_MS : 0);
    while (this.#stopping === undefined && !(await isPortFree(port, host))) {
      if (performance.now() > deadline) {
        const problems = `PORT: ${port} on ${host} is in use; stop what listens there, or set PORT to another`;
        throw new SignalboxError('settings', { problems });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #welcome(elapsedMs: number, mqttPort: number): Promise<void> {
    const { settings, console } = this.#options;
    const url = coreUrl(settings);
    const flows = settings.departments.map((department) => `    ${department.padEnd(12)} ${url}/flows/${department}/`);
    console.say(
      [
        '',
        `  Signalbox is ready (${seconds(elapsedMs)}).`,
        '',
        `  Look at      ${url}/`,
        ...(await signInLines(settings)),
        '  Node-RED, one per department:',
        ...flows,
        `  Field bus    ${settings.mqtt.url === undefined ? `mqtt://127.0.0.1:${mqttPort}` : 'as MQTT_URL says'} (docs/field-contract.md)`,
        '',
        `  Data in      ${settings.dataFolder}`,
        '  Ctrl-C ends everything.',
        '',
      ].join('\n'),
    );
  }
}

/** The port that people expect if nobody else has it, else any. */
async function usualOr(port: number): Promise<number> {
  return (await isPortFree(port, '127.0.0.1')) ? port : freePort();
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SignalboxError(
      'settings',
      { problems: `SIGNALBOX_DATA: ${folder} cannot be used (${why})` },
      { cause: error },
    );
  }
}

/** So that whoever may read the data folder can speak as the simulated field: `npm run misbehave`. */
async function noteFieldBus(file: string, url: string): Promise<void> {
  // A new file: an old one might let others read.
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify({ url })}\n`, { mode: 0o600, flag: 'wx' });
}

function lockFolder(folder: string): FileLock {
  try {
    return acquireFileLock(join(folder, 'launcher.lock.db'));
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw error;
    const problems = `SIGNALBOX_DATA: ${folder} belongs to a Signalbox that runs now; stop it, or set SIGNALBOX_DATA to another folder`;
    throw new SignalboxError('settings', { problems }, { cause: error });
  }
}

/** The core leaves the first password in a file until it has been used. */
async function signInLines({ dataFolder, coreEnvironment }: LauncherSettings): Promise<string[]> {
  if ('SIGNALBOX_ADMIN_PASSWORD' in coreEnvironment)
    return ['  Sign in as   admin, with the password of SIGNALBOX_ADMIN_PASSWORD'];
  try {
    const note = await readFile(join(dataFolder, 'first-sign-in.txt'), 'utf8');
    const [, password = ''] = /^password: (.+)$/m.exec(note) ?? [];
    return [`  Sign in as   admin, password ${password}`];
  } catch {
    return [
      '  Sign in with your account, or as admin.',
      '               Lost its password? Start once with SIGNALBOX_ADMIN_PASSWORD=…',
    ];
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
