// The launcher's settings: read once from the environment, checked as a whole, then frozen.
import { resolve } from 'node:path';
import { z } from 'zod';
import { SignalboxError } from '../../engine/model/errors.ts';
import { departmentSchema } from '../../engine/model/names.ts';
import { describeFound } from '../../engine/model/result.ts';

/** Everything the launcher is told from outside. */
export interface LauncherSettings {
  /** Absolute path of the data folder; default `.signalbox` in the working folder. */
  readonly dataFolder: string;
  /** Where the gateway will listen; default 127.0.0.1. */
  readonly host: string;
  /** 1 to 65535, default 1880. */
  readonly port: number;
  /** A private server is started when absent. */
  readonly redisUrl?: string | undefined;
  /** Program of the private server; default `redis-server` on the PATH. */
  readonly redisServer: string;
  /** The most memory of the private server, in Redis notation; default `512mb`. */
  readonly redisMaxMemory: string;
  /** Accepts a given Redis whose settings may lose commands; default false. */
  readonly allowUnsafeRedis: boolean;
  /** Passed to the core as it is; the embedded database when absent. */
  readonly databaseUrl?: string | undefined;
  readonly mqtt: {
    /** The field bus for the core; the embedded broker when absent. */
    readonly url?: string | undefined;
    /** The same for flows runtimes, with `{department}` where the name belongs; default: `url`. */
    readonly flowsUrl?: string | undefined;
    /** The same for the simulated devices; default: `url`. */
    readonly fieldUrl?: string | undefined;
    /** Loopback port of the embedded broker; a free one when absent. */
    readonly port?: number | undefined;
  };
  /** One flows runtime each; default traffic, lighting, waste. */
  readonly departments: readonly string[];
  /** The most memory of a flows runtime's objects, in MiB; default 512. One that needs more ends and starts again. */
  readonly flowsMemory: number;
  /** The first of 1,000 user ids that departments' flows run as where the launcher is root; default 60800. */
  readonly flowsFirstUid: number;
  /** Runs the demo city; default true, except under NODE_ENV=production. */
  readonly demo: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** What every child gets: PATH, HOME and the like, as far as they are set. */
  readonly commonEnvironment: Readonly<Record<string, string>>;
  /** What the core gets besides, unchanged. */
  readonly coreEnvironment: Readonly<Record<string, string>>;
  /** What the simulator gets besides, unchanged. */
  readonly simulatorEnvironment: Readonly<Record<string, string>>;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const COMMON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'NODE_ENV', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'LOG_LEVEL'];
const CORE_ONLY = [
  'SIGNALBOX_ADMIN_PASSWORD',
  'SIGNALBOX_NAMESPACE',
  'SIGNALBOX_TRUSTED_PROXIES',
  'SIGNALBOX_CITY',
  'SIGNALBOX_TIME_ZONE',
  'SIGNALBOX_HOLIDAYS',
  'SIGNALBOX_LATENESS',
  'SIGNALBOX_WEBHOOKS',
  'SIGNALBOX_PRIVATE_WEBHOOKS',
  'SIGNALBOX_WEBHOOK_SECRET',
  'SIGNALBOX_SMTP_URL',
  'SIGNALBOX_MAIL_FROM',
  'MQTT_HOST',
];
const SIMULATOR_ONLY = ['SIGNALBOX_SIMULATOR_SEED'];
/** Names of MQTT users that no department may have. */
const RESERVED = ['core', 'field'];
/** Never repeated in messages. */
const SECRETS = new Set(['REDIS_URL', 'DATABASE_URL', 'MQTT_URL', 'FLOWS_MQTT_URL', 'FIELD_MQTT_URL']);

const portSchema = z.coerce.number('allowed is 1 to 65535').int().min(1).max(65_535);
const yesSchema = z
  .enum(['1', 'true', 'yes', '0', 'false', 'no'], 'allowed is 1, true, yes, 0, false or no')
  .transform((word) => ['1', 'true', 'yes'].includes(word));
const urlSchema = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `allowed is a URL with ${schemes.join(' or ')}`,
  });
const mqttSchema = urlSchema('mqtt', 'mqtts', 'ws', 'wss');
const departmentsSchema = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(departmentSchema).min(1))
  .refine((names) => new Set(names).size === names.length, 'each department may stand there once')
  .refine(
    (names) => !names.some((name) => RESERVED.includes(name)),
    `no department can be called ${RESERVED.join(' or ')}`,
  );

const environmentSchema = z.object({
  SIGNALBOX_DATA: z.string().default('.signalbox'),
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(1880),
  REDIS_URL: urlSchema('redis', 'rediss').optional(),
  SIGNALBOX_REDIS_SERVER: z.string().default('redis-server'),
  SIGNALBOX_REDIS_MAXMEMORY: z
    .string()
    .regex(/^[1-9][0-9]*(kb|mb|gb)$/i, 'allowed is a whole number with kb, mb or gb')
    .default('512mb'),
  SIGNALBOX_ALLOW_UNSAFE_REDIS: yesSchema.default(false),
  DATABASE_URL: urlSchema('postgres', 'postgresql').optional(),
  MQTT_URL: mqttSchema.optional(),
  FLOWS_MQTT_URL: mqttSchema.optional(),
  FIELD_MQTT_URL: mqttSchema.optional(),
  MQTT_PORT: portSchema.optional(),
  SIGNALBOX_DEPARTMENTS: departmentsSchema.default(['traffic', 'lighting', 'waste']),
  SIGNALBOX_FLOWS_MEMORY: z.coerce.number('allowed is 128 to 16384').int().min(128).max(16_384).default(512),
  SIGNALBOX_FLOWS_FIRST_UID: z.coerce.number('allowed is 1000 to 4000000000').int().min(1000).max(4e9).default(60_800),
  SIGNALBOX_DEMO: yesSchema.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `allowed is ${LOG_LEVELS.join(', ')}`).default('info'),
  NODE_ENV: z.string().optional(),
});

/**
 * Reads and checks the settings.
 *
 * @param environment default: the process's own. An empty value counts as absent.
 * @throws SignalboxError `settings` with all problems at once; addresses with passwords are never repeated
 */
export function loadLauncherSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LauncherSettings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => inWords(issue, present));
    throw new SignalboxError('settings', { problems: problems.join('\n') });
  }
  const { data } = parsed;
  return Object.freeze({
    dataFolder: resolve(data.SIGNALBOX_DATA),
    host: data.HOST,
    port: data.PORT,
    redisUrl: data.REDIS_URL,
    redisServer: data.SIGNALBOX_REDIS_SERVER,
    redisMaxMemory: data.SIGNALBOX_REDIS_MAXMEMORY,
    allowUnsafeRedis: data.SIGNALBOX_ALLOW_UNSAFE_REDIS,
    databaseUrl: data.DATABASE_URL,
    mqtt: Object.freeze({
      url: data.MQTT_URL,
      flowsUrl: data.FLOWS_MQTT_URL,
      fieldUrl: data.FIELD_MQTT_URL,
      port: data.MQTT_PORT,
    }),
    departments: Object.freeze(data.SIGNALBOX_DEPARTMENTS),
    flowsMemory: data.SIGNALBOX_FLOWS_MEMORY,
    flowsFirstUid: data.SIGNALBOX_FLOWS_FIRST_UID,
    demo: data.SIGNALBOX_DEMO ?? data.NODE_ENV !== 'production',
    logLevel: data.LOG_LEVEL,
    commonEnvironment: Object.freeze(pick(present, COMMON)),
    coreEnvironment: Object.freeze(pick(present, CORE_ONLY)),
    simulatorEnvironment: Object.freeze(pick(present, SIMULATOR_ONLY)),
  });
}

function pick(from: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

function inWords(issue: z.core.$ZodIssue, present: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  return SECRETS.has(name)
    ? `${name}: ${issue.message}`
    : `${name}: found ${describeFound(present[name])}; ${issue.message}`;
}
