// Which processes a box consists of, and what each of them is told: no more than it needs.
import { join } from 'node:path';
import { flowsFolder, type RunAs } from './isolation.ts';
import type { PrivateRedis } from './private-redis.ts';
import type { Secrets } from './secrets.ts';
import type { ServiceSpec } from './service.ts';
import { untilSilent } from './silence.ts';
import type { LauncherSettings } from './settings.ts';

/** The programs of a box, as paths that Node can run. */
export interface Programs {
  readonly core: string;
  readonly flows: string;
  readonly simulator: string;
  /** Files and folders of which the flows program consists: what it may read besides its own folder. */
  readonly flowsReads: readonly string[];
}

/** What the services are made of. Ports stay the same for the launcher's life, so that clients find restarted services. */
export interface ServicePlan {
  readonly settings: LauncherSettings;
  readonly secrets: Secrets;
  readonly programs: Programs;
  /** Absent when REDIS_URL is given. */
  readonly redis?: PrivateRedis | undefined;
  /** Loopback port of the embedded broker. */
  readonly mqttPort: number;
  /** Department to the loopback port of its flows runtime. */
  readonly flowsPorts: ReadonlyMap<string, number>;
  /** Department to the user that its flows run as; a department that is missing runs as the launcher. */
  readonly users: ReadonlyMap<string, RunAs>;
}

/** Milliseconds that Redis may take to write its file to the end. */
const REDIS_STOP_GRACE_MS = 10_000;
const HEALTH_EVERY_MS = 100;

/** All services in the order of their start. */
export function planServices(plan: ServicePlan): ServiceSpec[] {
  const { redis, settings } = plan;
  const redisServices: ServiceSpec[] =
    redis === undefined
      ? []
      : [
          {
            name: 'redis',
            command: redis.command,
            args: redis.args,
            env: settings.commonEnvironment,
            ready: (signal) => redis.ready(signal),
            stopGraceMs: REDIS_STOP_GRACE_MS,
          },
        ];
  return [
    ...redisServices,
    coreService(plan),
    ...settings.departments.map((department) => flowsService(plan, department)),
    ...(settings.demo ? [simulatorService(plan)] : []),
  ];
}

/** Where this machine reaches the core. */
export function coreUrl(settings: LauncherSettings): string {
  const anywhere = ['0.0.0.0', '::', '::1', 'localhost'];
  const host = anywhere.includes(settings.host) ? '127.0.0.1' : settings.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`;
}

/** The warnings that the choice of brokers deserves; empty for most boxes. */
export function mqttWarnings({ mqtt, demo }: LauncherSettings): string[] {
  if (mqtt.url === undefined) return [];
  const missing = [
    ...(mqtt.flowsUrl === undefined ? ['FLOWS_MQTT_URL'] : []),
    ...(mqtt.fieldUrl === undefined && demo ? ['FIELD_MQTT_URL'] : []),
  ];
  if (missing.length === 0) return [];
  return [`${missing.join(' and ')} not set: flows and devices use the core's own MQTT_URL, with its rights`];
}

function coreService({ settings, secrets, programs, redis, mqttPort, flowsPorts }: ServicePlan): ServiceSpec {
  const { mqtt, databaseUrl } = settings;
  const flows = [...flowsPorts].map(([department, port]) => [department, `http://127.0.0.1:${port}`]);
  return {
    name: 'core',
    command: process.execPath,
    args: ['--disable-sigusr1', '--enable-source-maps', programs.core],
    env: {
      ...settings.commonEnvironment,
      ...settings.coreEnvironment,
      HOST: settings.host,
      PORT: String(settings.port),
      SIGNALBOX_DATA: settings.dataFolder,
      SIGNALBOX_DEMO: settings.demo ? '1' : '0',
      SIGNALBOX_ALLOW_UNSAFE_REDIS: settings.allowUnsafeRedis ? '1' : '0',
      SIGNALBOX_LINK_TOKENS: JSON.stringify(secrets.linkTokens),
      SIGNALBOX_FLOWS: JSON.stringify(Object.fromEntries(flows)),
      REDIS_URL: redis?.url ?? settings.redisUrl ?? '',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...(mqtt.url === undefined
        ? { MQTT_PORT: String(mqttPort), MQTT_CREDENTIALS: JSON.stringify(secrets.mqttPasswords) }
        : { MQTT_URL: mqtt.url }),
    },
    needs: redis === undefined ? [] : ['redis'],
    ready: (signal) => untilHealthy(`${coreUrl(settings)}/healthz`, signal),
    stopGraceMs: 8000,
  };
}

function flowsService(plan: ServicePlan, department: string): ServiceSpec {
  const { settings, secrets, programs, flowsPorts, users } = plan;
  const folder = flowsFolder(settings.dataFolder, department);
  return {
    name: `flows:${department}`,
    command: process.execPath,
    args: [...confinement(programs.flowsReads, folder), memoryLimit(settings), '--enable-source-maps', programs.flows],
    user: users.get(department),
    env: {
      ...settings.commonEnvironment,
      HOME: folder,
      SIGNALBOX_DEPARTMENT: department,
      SIGNALBOX_CORE_URL: coreUrl(settings),
      SIGNALBOX_LINK_TOKEN: secrets.linkTokens[department] ?? '',
      SIGNALBOX_FLOWS_DIR: folder,
      FLOWS_PORT: String(flowsPorts.get(department)),
      FLOWS_MQTT_URL: mqttUrl(plan, department, settings.mqtt.flowsUrl),
    },
    follows: ['core'],
    hangs: (signal) => untilSilent(`http://127.0.0.1:${flowsPorts.get(department)}/healthz`, signal),
    carefulEnv: { FLOWS_SAFE_MODE: '1' },
  };
}

/**
 * Node's permission model: no child processes, no workers, no native add-ons, no inspector; reads the program and its
 * own folder, writes its own folder. And no signal opens a debugger, whoever sends it.
 */
const confinement = (reads: readonly string[], folder: string): string[] => [
  '--disable-sigusr1',
  '--permission',
  ...[...reads, folder].map((path) => `--allow-fs-read=${path}`),
  `--allow-fs-write=${folder}`,
];

const memoryLimit = ({ flowsMemory }: LauncherSettings): string => `--max-old-space-size=${flowsMemory}`;

function simulatorService(plan: ServicePlan): ServiceSpec {
  const { settings, programs } = plan;
  return {
    name: 'simulator',
    command: process.execPath,
    args: ['--disable-sigusr1', '--enable-source-maps', programs.simulator],
    env: {
      ...settings.commonEnvironment,
      MQTT_URL: fieldUrl(plan),
      ...settings.simulatorEnvironment,
      SIGNALBOX_SIMULATOR_FOLDER: join(settings.dataFolder, 'simulator'),
    },
    follows: ['core'],
  };
}

/** The field bus with the credential of the simulated devices. */
export const fieldUrl = (plan: Pick<ServicePlan, 'settings' | 'secrets' | 'mqttPort'>): string =>
  mqttUrl(plan, 'field', plan.settings.mqtt.fieldUrl);

/** The embedded broker with the user's own password, or the given broker. */
function mqttUrl(
  { settings, secrets, mqttPort }: Pick<ServicePlan, 'settings' | 'secrets' | 'mqttPort'>,
  user: string,
  given: string | undefined,
): string {
  if (settings.mqtt.url === undefined) {
    return `mqtt://${user}:${secrets.mqttPasswords[user] ?? ''}@127.0.0.1:${mqttPort}`;
  }
  return (given ?? settings.mqtt.url).replaceAll('{department}', user);
}

/** Resolves when the address answers 200; asks every 100 ms until then, or until it is aborted. */
async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
      await response.body?.cancel();
      if (response.status === 200) return;
    } catch {
      // Nobody listens yet.
    }
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
  }
}
