// Runs Harbourton, the demo city, as a process of its own: `node examples/harbourton/simulator/main.ts`.
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../../../engine/model/clock.ts';
import { openEffectsLog } from './effects-log.ts';
import { loadAssets } from './load-assets.ts';
import { loadSettings } from './settings.ts';
import { Simulator } from './simulator.ts';

const settings = loadSettings();
const output = pino.destination({ fd: 1, sync: true });
// Whoever read our output is gone; a flush into a broken pipe would be tried again for ever.
output.on('error', () => process.exit(1));
const log = pino({ name: 'harbourton', level: settings.logLevel }, output);
const effects = openEffectsLog(settings.folder);
const simulator = new Simulator({
  url: settings.url,
  assets: loadAssets(join(import.meta.dirname, '../assets')),
  seed: settings.seed,
  clock: systemClock,
  effects,
  log,
});

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));

simulator.start();
log.info(
  { devices: simulator.devices.length, seed: settings.seed, folder: settings.folder },
  'Harbourton looks for its field bus',
);

async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info({ signal }, 'Harbourton goes to sleep');
  await simulator.stop();
  await effects.close();
  process.exit(0);
}
