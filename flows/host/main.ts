// The program `flows:<department>`: runs one department's Node-RED until it is told to stop.
import { SignalboxError } from '../../engine/model/errors.ts';
import { FlowsHost } from './host.ts';
import { createLog } from './log.ts';
import { takeSettings, type HostSettings } from './settings.ts';

const settings = settingsOrExit();
const log = createLog(settings.department, settings.logLevel, () => process.exit(1));
const host = new FlowsHost(settings, log);

// A flow can bring its process down; the launcher starts it again, and the log says why it went.
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'the flows ended on an error that nobody caught');
  process.exit(1);
});
// What nodes write to the console goes the same way as the log.
process.stdout.on('error', () => process.exit(1));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));

// The launcher and the containers set it; whoever starts this program by hand should know.
if (!process.permission) log.warn('not isolated: Node’s permission model is off (docs/isolation.md)');

const port = await host.start();
log.info({ port, department: settings.department }, 'the flows can be reached');

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'the flows stop');
  await host.stop();
  process.exit(0);
}

function settingsOrExit(): HostSettings {
  try {
    return takeSettings();
  } catch (error) {
    if (!(error instanceof SignalboxError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
