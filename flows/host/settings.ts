// The host's settings: read once from the environment, checked as a whole; secrets leave the environment.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { SignalboxError } from '../../engine/model/errors.ts';
import { departmentSchema } from '../../engine/model/names.ts';
import { describeFound } from '../../engine/model/result.ts';

/** Everything the host is told from outside. */
export interface HostSettings {
  readonly department: string;
  /** The core's address, `http://` or `https://`. */
  readonly coreUrl: string;
  readonly linkToken: string;
  /** Where Node-RED listens; default 127.0.0.1. */
  readonly host: string;
  /** 0 to 65535, 0 is any free port; default 0. */
  readonly port: number;
  /** Node-RED's user folder: flows, credentials, its own settings. */
  readonly userFolder: string;
  /** The field bus, without user and password. */
  readonly mqttUrl: string;
  readonly mqttUser?: string | undefined;
  readonly mqttPassword?: string | undefined;
  /** Flows are loaded but not started until somebody deploys; default false. */
  readonly isSafeMode: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Never repeated in messages, and taken out of the environment: functions in flows can read it. */
const SECRETS = ['SIGNALBOX_LINK_TOKEN', 'FLOWS_MQTT_URL'] as const;

const urlSchema = (...schemes: string[]) =>
  z
    .string('needed is a URL')
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
      message: `allowed is a URL with ${schemes.join(' or ')}`,
    });

const environmentSchema = z.object({
  SIGNALBOX_DEPARTMENT: z.string('needed is the department’s name').pipe(departmentSchema),
  SIGNALBOX_CORE_URL: urlSchema('http', 'https'),
  SIGNALBOX_LINK_TOKEN: z.string('needed is the department’s token').min(16, 'a token has at least 16 characters'),
  SIGNALBOX_FLOWS_DIR: z.string('needed is a folder').min(1),
  FLOWS_HOST: z.string().default('127.0.0.1'),
  FLOWS_PORT: z.coerce.number('allowed is 0 to 65535').int().min(0).max(65_535).default(0),
  FLOWS_MQTT_URL: urlSchema('mqtt', 'mqtts', 'ws', 'wss'),
  FLOWS_SAFE_MODE: z.enum(['0', '1'], 'allowed is 0 or 1').default('0'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `allowed is ${LOG_LEVELS.join(', ')}`).default('info'),
});

/**
 * Reads and checks the settings, and takes the secrets out of the environment. What stays is `FLOWS_MQTT_URL` without
 * user and password: the flows' broker node is addressed by it.
 *
 * @param environment default: the process's own; changed as said. An empty value counts as absent.
 * @throws SignalboxError `settings` with all problems at once; secrets are never repeated
 */
export function takeSettings(environment: NodeJS.ProcessEnv = process.env): HostSettings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  for (const name of SECRETS) delete environment[name];
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success)
    throw new SignalboxError('settings', {
      problems: parsed.error.issues.map((issue) => inWords(issue, present)).join('\n'),
    });
  const { data } = parsed;
  const bus = withoutCredentials(data.FLOWS_MQTT_URL);
  environment['FLOWS_MQTT_URL'] = bus.url;
  return Object.freeze({
    department: data.SIGNALBOX_DEPARTMENT,
    coreUrl: data.SIGNALBOX_CORE_URL,
    linkToken: data.SIGNALBOX_LINK_TOKEN,
    host: data.FLOWS_HOST,
    port: data.FLOWS_PORT,
    userFolder: data.SIGNALBOX_FLOWS_DIR,
    mqttUrl: bus.url,
    mqttUser: bus.user,
    mqttPassword: bus.password,
    isSafeMode: data.FLOWS_SAFE_MODE === '1',
    logLevel: data.LOG_LEVEL,
  });
}

function inWords(issue: z.core.$ZodIssue, present: NodeJS.ProcessEnv): string {
  const name = String(issue.path[0]);
  const isSecret = SECRETS.some((secret) => secret === name);
  return isSecret ? `${name}: ${issue.message}` : `${name}: found ${describeFound(present[name])}; ${issue.message}`;
}

function withoutCredentials(text: string): { url: string; user?: string | undefined; password?: string | undefined } {
  const url = new URL(text);
  const user = url.username === '' ? undefined : decodeURIComponent(url.username);
  const password = url.password === '' ? undefined : decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return { url: url.href, user, password };
}

/** The folder of this program's own parts: the palette, and each department's flows. */
export const PROGRAM_FOLDER = join(import.meta.dirname, '..', '..');

/** The flows that a department begins with, or undefined when it begins empty. */
export function firstFlowsOf(department: string): string | undefined {
  const file = join(PROGRAM_FOLDER, 'flows', department, 'flows.json');
  return existsSync(file) ? file : undefined;
}
