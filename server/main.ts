// The core's program: `node server/main.ts [--role gateway|engine|worker …]`, until SIGTERM or SIGINT.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';

import { SignalboxError } from '../engine/model/errors.ts';
import { Box } from './box/box.ts';
import { describeSettings, loadSettings } from './settings.ts';

/** A stop that takes longer is cut short, in milliseconds. */
const LONGEST_STOP_MS = 7_000;

try {
  const settings = loadSettings();
  const output = pino.destination({ fd: 1, sync: true });
  // Whoever read our output is gone; a flush into a broken pipe would be tried again for ever.
  output.on('error', () => process.exit(1));
  const logger = pino({ name: 'core', level: settings.logLevel }, output);
  logger.info(describeSettings(settings), 'settings');
  await mkdir(settings.dataFolder, { recursive: true, mode: 0o700 });
  const box = new Box({ settings, logger, root: join(import.meta.dirname, '..') });
  const stop = (): void => {
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    void box.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await box.start();
} catch (error) {
  const isExpected = error instanceof SignalboxError && error.code === 'settings';
  process.stderr.write(
    `signalbox: ${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
