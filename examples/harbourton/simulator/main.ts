// Runs Harbourton, the demo city, as a process of its own: `node examples/harbourton/simulator/main.ts`.
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../../../engine/model/clock.ts';
import { openEffectsLog } from './effects-log.ts';
import { loadAssets } from './load-assets.ts';
import { loadSettings } from './settings.ts';
import { Simulator } from './simulator.ts';

const settings = loadSettings();
const log = pino({ name: 'harbourton', level: settings.logLevel });
const effects = openEffectsLog(settings.folder);
const simulator = new Simulator({
  url: settings.url,
  assets: loadAssets(join(import.meta.dirname, '../assets')),
  seed: settings.seed,
  clock: systemClock,
  effects,
  log,
});

simulator.start();
log.info(
  { devices: simulator.devices.length, seed: settings.seed, folder: settings.folder },
  'Harbourton looks for its field bus',
);

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));

async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info({ signal }, 'Harbourton goes to sleep');
  await simulator.stop();
  await effects.close();
  process.exit(0);
}
