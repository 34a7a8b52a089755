// The simulator's settings: read once from the environment, checked as a whole, then frozen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SignalboxError } from '../../../engine/model/errors.ts';

/** Everything the simulator is told from outside. */
export interface Settings {
  /** The field bus with its credentials; MQTT_URL. */
  readonly url: string;
  /** Where effects.jsonl is written; SIGNALBOX_SIMULATOR_FOLDER, default `.signalbox/simulator`. */
  readonly folder: string;
  /** The same seed gives the same town, 0 to 2^32-1; SIGNALBOX_SIMULATOR_SEED, default 1. */
  readonly seed: number;
  readonly logLevel: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const busSchema = z
  .string('needed is the field bus’s URL, mqtt://user:password@host:port')
  .refine((text) => URL.canParse(text) && /^(mqtts?|wss?):$/.test(new URL(text).protocol), {
    message: 'allowed is a URL with mqtt, mqtts, ws or wss',
  });

const environmentSchema = z.object({
  // Never repeated in messages: it carries a password.
  MQTT_URL: busSchema,
  SIGNALBOX_SIMULATOR_FOLDER: z.string().default('.signalbox/simulator'),
  SIGNALBOX_SIMULATOR_SEED: z.coerce
    .number('allowed is a whole number from 0 to 4294967295')
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  LOG_LEVEL: z.enum(LOG_LEVELS, `allowed is ${LOG_LEVELS.join(', ')}`).default('info'),
});

/**
 * Reads and checks the settings. An empty value counts as absent.
 *
 * @throws SignalboxError `settings` with all problems at once
 */
export function loadSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SignalboxError('settings', { problems: problems.join('\n') });
  }
  return Object.freeze({
    url: parsed.data.MQTT_URL,
    folder: parsed.data.SIGNALBOX_SIMULATOR_FOLDER,
    seed: parsed.data.SIGNALBOX_SIMULATOR_SEED,
    logLevel: parsed.data.LOG_LEVEL,
  });
}

/** What the launcher leaves in the data folder while a box with the demo city runs; readable by its owner only. */
const FIELD_BUS_FILE = 'field-bus.json';

/**
 * The field bus of the box that runs here, with the simulator's credential: as the launcher noted it in the data folder
 * (SIGNALBOX_DATA, default `.signalbox`), else FIELD_MQTT_URL or MQTT_URL, as a simulator in a container has it.
 *
 * @throws SignalboxError `settings` when there is none; its text never repeats a password
 */
export function findFieldBus(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const file = join(environment['SIGNALBOX_DATA'] || '.signalbox', FIELD_BUS_FILE);
  const noted = readNote(file) ?? (environment['FIELD_MQTT_URL'] || environment['MQTT_URL']);
  const checked = busSchema.safeParse(noted);
  if (checked.success) return checked.data;
  const problems =
    noted === undefined
      ? `${file} is not there: no box with the demo city runs on this data folder. Start one with \`npm start\`, or set SIGNALBOX_DATA, or FIELD_MQTT_URL.`
      : `${file}, FIELD_MQTT_URL, MQTT_URL: allowed is a URL with mqtt, mqtts, ws or wss`;
  throw new SignalboxError('settings', { problems });
}

/** The URL in the note, or undefined when there is no readable note. */
function readNote(file: string): string | undefined {
  try {
    return z.object({ url: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).url;
  } catch {
    // Not there, or not whole: the box that wrote it is gone.
    return undefined;
  }
}
