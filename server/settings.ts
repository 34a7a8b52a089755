// The core's settings: read once from the environment and the command line, checked as a whole, then frozen.
import { z } from 'zod';

import { isHolidayRegion } from '../engine/index.ts';
import { durationMs, durationSchema } from '../engine/model/duration.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import { departmentSchema } from '../engine/model/names.ts';
import { describeFound } from '../engine/model/result.ts';
import { trustedProxies } from './http/trusted-proxies.ts';

/** What a core process can be. One process is all three by default. */
export const CORE_ROLES = ['gateway', 'engine', 'worker'] as const;
export type CoreRole = (typeof CORE_ROLES)[number];

/** Everything the core is told from outside. */
export interface Settings {
  /** The roles of this process, in the order of `CORE_ROLES`. */
  readonly roles: readonly CoreRole[];
  /** Where the gateway listens; default 127.0.0.1. */
  readonly host: string;
  /** 0 to 65535, 0 is any free port; default 1880. */
  readonly port: number;
  /** The data folder; default `.signalbox`. */
  readonly dataFolder: string;
  /** Distinguishes boxes that share a Redis; default `signalbox`. */
  readonly namespace: string;
  readonly redisUrl: string;
  /** PGlite under the data folder when absent. */
  readonly databaseUrl?: string | undefined;
  readonly mqtt: {
    /** The embedded broker when absent. */
    readonly url?: string | undefined;
    /** Where the embedded broker listens; default 127.0.0.1:1883. */
    readonly host: string;
    readonly port: number;
    /** Users of the embedded broker, name to password, besides devices with a credential of their own. */
    readonly credentials: Readonly<Record<string, string>>;
  };
  /** Department to the token of its flows runtime. */
  readonly linkTokens: Readonly<Record<string, string>>;
  /** Department to the URL of its flows runtime. */
  readonly flows: Readonly<Record<string, string>>;
  /** Becomes the password of `admin` at every start; when absent, a first one is generated. */
  readonly adminPassword?: string | undefined;
  /** Loads the demo city at the first start; default false. */
  readonly demo: boolean;
  /** The city's name on screens; default `Harbourton` with the demo, else `Signalbox`. */
  readonly city: string;
  /** The IANA time zone in which screens show times; default this machine's. */
  readonly timeZone: string;
  /** The region whose public holidays the city keeps, `FI` or `DE-BY`; default none. */
  readonly holidays?: string | undefined;
  /** How much older than the newest of its property a reading may be, milliseconds; default 5 min. */
  readonly latenessMs: number;
  /** Accepts a Redis whose settings may lose commands; default false. */
  readonly allowUnsafeRedis: boolean;
  /** Addresses of reverse proxies whose `X-Forwarded-*` headers are believed, separated by commas; default none. */
  readonly trustedProxies?: string | undefined;
  readonly webhooks: {
    /** Origins that may be called, such as `https://crews.example`; default none. */
    readonly allowed: readonly string[];
    /** Origins that may be called though they lead to addresses that are not public; default none. */
    readonly private: readonly string[];
    /** Signs every call; default unsigned. */
    readonly secret?: string | undefined;
  };
  /** The mail server, and from whom mail comes; default none: notifications are in the record only. */
  readonly mail?: { readonly url: string; readonly from: string } | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Never repeated in messages. */
const SECRETS = new Set([
  'REDIS_URL',
  'DATABASE_URL',
  'MQTT_URL',
  'MQTT_CREDENTIALS',
  'SIGNALBOX_LINK_TOKENS',
  'SIGNALBOX_ADMIN_PASSWORD',
  'SIGNALBOX_WEBHOOK_SECRET',
  'SIGNALBOX_SMTP_URL',
]);

/** What roles that run apart share; each of them must be a server that all can reach. */
const SHARED = ['REDIS_URL', 'DATABASE_URL', 'MQTT_URL'] as const;

const portSchema = z.coerce.number('allowed is 0 to 65535').int().min(0).max(65_535);
const yesSchema = z
  .enum(['1', 'true', 'yes', '0', 'false', 'no'], 'allowed is 1, true, yes, 0, false or no')
  .transform((word) => ['1', 'true', 'yes'].includes(word));
const urlSchema = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `allowed is a URL with ${schemes.join(' or ')}`,
  });
const jsonSchema = <Shape extends z.ZodType>(shape: Shape, example: string) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: `allowed is JSON such as ${example}` });
        return z.NEVER;
      }
    })
    .pipe(shape);

const originsSchema = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(z.array(z.string().refine(isOrigin, 'allowed are origins such as https://crews.example, separated by commas')));

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Scheme, host and port, and nothing else: a path would promise more than is checked. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

const environmentSchema = z.object({
  PORT: portSchema.default(1880),
  HOST: z.string().default('127.0.0.1'),
  SIGNALBOX_DATA: z.string().default('.signalbox'),
  SIGNALBOX_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'allowed is 1 to 32 lower-case letters, digits and hyphens')
    .default('signalbox'),
  REDIS_URL: urlSchema('redis', 'rediss').optional(),
  DATABASE_URL: urlSchema('postgres', 'postgresql').optional(),
  MQTT_URL: urlSchema('mqtt', 'mqtts', 'ws', 'wss').optional(),
  MQTT_HOST: z.string().default('127.0.0.1'),
  MQTT_PORT: portSchema.default(1883),
  MQTT_CREDENTIALS: jsonSchema(
    z.record(z.string().min(1), z.string().min(8, 'a password has at least 8 characters')),
    '{"field-gateway": "<password>"}',
  ).optional(),
  SIGNALBOX_LINK_TOKENS: jsonSchema(
    z.record(departmentSchema, z.string().min(16, 'a token has at least 16 characters')),
    '{"traffic": "<token>"}',
  ).optional(),
  SIGNALBOX_FLOWS: jsonSchema(
    z.record(departmentSchema, urlSchema('http', 'https')),
    '{"traffic": "http://127.0.0.1:1881"}',
  ).optional(),
  SIGNALBOX_ADMIN_PASSWORD: z.string().min(8, 'a password has at least 8 characters').max(1_024).optional(),
  SIGNALBOX_DEMO: yesSchema.default(false),
  SIGNALBOX_CITY: z.string().max(60).optional(),
  SIGNALBOX_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'allowed is an IANA time zone such as Europe/Helsinki')
    .default(Intl.DateTimeFormat().resolvedOptions().timeZone),
  SIGNALBOX_HOLIDAYS: z
    .string()
    .refine(isHolidayRegion, 'allowed is a country, state or region such as FI, DE-BY or GB-ENG')
    .optional(),
  SIGNALBOX_LATENESS: durationSchema.default('5 min'),
  SIGNALBOX_ALLOW_UNSAFE_REDIS: yesSchema.default(false),
  SIGNALBOX_TRUSTED_PROXIES: z
    .string()
    .superRefine((list, context) => {
      try {
        trustedProxies(list);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'not a list' });
      }
    })
    .optional(),
  SIGNALBOX_WEBHOOKS: originsSchema,
  SIGNALBOX_PRIVATE_WEBHOOKS: originsSchema,
  SIGNALBOX_WEBHOOK_SECRET: z.string().min(24, 'a secret has at least 24 characters').max(1_024).optional(),
  SIGNALBOX_SMTP_URL: urlSchema('smtp', 'smtps').optional(),
  SIGNALBOX_MAIL_FROM: z.email('allowed is a mail address such as signalbox@city.example').max(200).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `allowed is ${LOG_LEVELS.join(', ')}`).default('info'),
});
type Environment = z.infer<typeof environmentSchema>;

/**
 * Reads and checks the settings.
 *
 * @param environment default: the process's own. An empty value counts as absent.
 * @param words the command line after the program's name: `--role gateway`, repeatable
 * @returns frozen settings
 * @throws SignalboxError `settings` with all problems at once; secrets are never repeated
 */
export function loadSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  words: readonly string[] = process.argv.slice(2),
): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  const { roles, problems: roleProblems } = readRoles(words);
  const problems = [
    ...(parsed.success
      ? [...tokenProblems(parsed.data), ...mailProblems(parsed.data)]
      : parsed.error.issues.map((issue) => inWords(issue, present))),
    ...roleProblems,
    // Which roles were meant is open while one of them has no meaning.
    ...(roleProblems.length > 0 ? [] : missingStores(roles, present)),
  ];
  if (!parsed.success || problems.length > 0) throw new SignalboxError('settings', { problems: problems.join('\n') });
  return deepFreeze(toSettings(parsed.data, roles));
}

/** The effective settings for the log at start: no passwords, no tokens, URLs without their credentials. */
export function describeSettings(settings: Settings): Record<string, unknown> {
  const { adminPassword, linkTokens, mqtt, redisUrl, databaseUrl, webhooks, mail, ...plain } = settings;
  return {
    ...plain,
    redisUrl: withoutCredentials(redisUrl),
    databaseUrl: databaseUrl === undefined ? 'embedded' : withoutCredentials(databaseUrl),
    mqtt:
      mqtt.url === undefined
        ? { embedded: `${mqtt.host}:${mqtt.port}`, users: Object.keys(mqtt.credentials) }
        : withoutCredentials(mqtt.url),
    webhooks: { ...webhooks, secret: webhooks.secret === undefined ? 'none' : 'given' },
    mail: mail && { ...mail, url: withoutCredentials(mail.url) },
    linkTokens: Object.keys(linkTokens),
    adminPassword: adminPassword === undefined ? 'generated' : 'given',
  };
}

/** What the engine's fold knows of the city: its clocks, its days off, and how late its sensors may be. */
export const citySettings = ({
  timeZone,
  holidays,
  latenessMs,
}: Pick<Settings, 'timeZone' | 'holidays' | 'latenessMs'>) => ({
  timeZone,
  latenessMs,
  ...(holidays === undefined ? {} : { holidays }),
});

function toSettings(environment: Environment, roles: readonly CoreRole[]): Settings {
  return {
    roles,
    host: environment.HOST,
    port: environment.PORT,
    dataFolder: environment.SIGNALBOX_DATA,
    namespace: environment.SIGNALBOX_NAMESPACE,
    // `missingStores` has refused its absence.
    redisUrl: environment.REDIS_URL ?? '',
    databaseUrl: environment.DATABASE_URL,
    mqtt: {
      url: environment.MQTT_URL,
      host: environment.MQTT_HOST,
      port: environment.MQTT_PORT,
      credentials: environment.MQTT_CREDENTIALS ?? {},
    },
    linkTokens: environment.SIGNALBOX_LINK_TOKENS ?? {},
    flows: environment.SIGNALBOX_FLOWS ?? {},
    adminPassword: environment.SIGNALBOX_ADMIN_PASSWORD,
    demo: environment.SIGNALBOX_DEMO,
    city: environment.SIGNALBOX_CITY ?? (environment.SIGNALBOX_DEMO ? 'Harbourton' : 'Signalbox'),
    timeZone: environment.SIGNALBOX_TIME_ZONE,
    holidays: environment.SIGNALBOX_HOLIDAYS,
    latenessMs: durationMs(environment.SIGNALBOX_LATENESS),
    allowUnsafeRedis: environment.SIGNALBOX_ALLOW_UNSAFE_REDIS,
    trustedProxies: environment.SIGNALBOX_TRUSTED_PROXIES,
    webhooks: {
      allowed: environment.SIGNALBOX_WEBHOOKS,
      private: environment.SIGNALBOX_PRIVATE_WEBHOOKS,
      secret: environment.SIGNALBOX_WEBHOOK_SECRET,
    },
    mail:
      environment.SIGNALBOX_SMTP_URL === undefined
        ? undefined
        : // `mailProblems` has refused its absence.
          { url: environment.SIGNALBOX_SMTP_URL, from: environment.SIGNALBOX_MAIL_FROM ?? '' },
    logLevel: environment.LOG_LEVEL,
  };
}

function readRoles(words: readonly string[]): { roles: CoreRole[]; problems: string[] } {
  const named: string[] = [];
  const problems: string[] = [];
  const rest = words.flatMap((word) =>
    word.startsWith('--role=') ? ['--role', word.slice('--role='.length)] : [word],
  );
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--role') named.push(rest.shift() ?? '');
    else problems.push(`command line: found ${describeFound(word)}; allowed is --role ${CORE_ROLES.join('|')}`);
  }
  const isRole = (name: string): name is CoreRole => CORE_ROLES.some((role) => role === name);
  for (const name of named.filter((each) => !isRole(each)))
    problems.push(`--role: found ${describeFound(name)}; allowed is ${CORE_ROLES.join(', ')}`);
  return { roles: CORE_ROLES.filter((role) => named.length === 0 || named.includes(role)), problems };
}

function missingStores(roles: readonly CoreRole[], present: Readonly<Record<string, unknown>>): string[] {
  const alone = roles.length < CORE_ROLES.length;
  const needed = alone ? SHARED : SHARED.slice(0, 1);
  const why = alone
    ? `needed when ${roles.join(' and ')} runs apart from the other roles: they share Redis, database and field bus`
    : 'a running Redis is needed; `npm start` provides one';
  return needed.filter((name) => present[name] === undefined).map((name) => `${name}: found nothing; ${why}`);
}

/** A runtime is proxied to with an assertion that is signed with its token, so each needs one. */
const tokenProblems = (environment: Environment): string[] =>
  Object.keys(environment.SIGNALBOX_FLOWS ?? {})
    .filter((department) => environment.SIGNALBOX_LINK_TOKENS?.[department] === undefined)
    .map((department) => `SIGNALBOX_LINK_TOKENS: has no token for ${department}, which SIGNALBOX_FLOWS names`);

/** A mail without a sender is taken by no server. */
const mailProblems = ({ SIGNALBOX_SMTP_URL: url, SIGNALBOX_MAIL_FROM: from }: Environment): string[] =>
  url !== undefined && from === undefined
    ? ['SIGNALBOX_MAIL_FROM: found nothing; needed with SIGNALBOX_SMTP_URL: the address from which mail comes']
    : [];

function inWords(issue: z.core.$ZodIssue, present: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const place = issue.path.map(String).join('.');
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return SECRETS.has(name) ? `${place}: ${message}` : `${place}: found ${describeFound(present[name])}; ${message}`;
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    url.username = '';
    url.password = '';
  }
  // A query may carry a password too (`?password=`).
  url.search = '';
  return url.href;
}

function deepFreeze<T extends object>(whole: T): T {
  for (const part of Object.values(whole)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(whole);
}
