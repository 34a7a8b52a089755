// Runs a launcher as a process's whole purpose: settings, signals, exit code.
import { SignalboxError } from '../../engine/model/errors.ts';
import { openConsole } from './console.ts';
import { Launcher } from './launcher.ts';
import type { Programs } from './services.ts';
import { loadLauncherSettings } from './settings.ts';

/** One Ctrl-C may arrive twice, from the terminal and through npm: only a later one counts as the second. */
const SAME_KEYSTROKE_MS = 500;

/**
 * Starts a box and resolves when all its services have been ready once. The first SIGINT, SIGTERM or SIGHUP stops it in
 * order, a second one at once; so does the end of the process that started us with an IPC channel. Ends the process.
 */
export async function runBox(programs: Programs): Promise<void> {
  let launcher: Launcher | undefined;
  try {
    const settings = loadLauncherSettings();
    const console = await openConsole(settings.logLevel);
    launcher = new Launcher({ settings, programs, console });
    stopOnSignals(launcher, console.say);
    await launcher.start();
  } catch (error) {
    explain(error);
    await launcher?.stop();
    process.exit(1);
  }
}

function stopOnSignals(launcher: Launcher, say: (line: string) => void): void {
  let askedAt: number | undefined;
  const onSignal = () => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > SAME_KEYSTROKE_MS) launcher.kill();
      return;
    }
    askedAt = performance.now();
    say('stopping …');
    launcher.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        explain(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Whoever started us holds the other end: when they were killed, nobody could stop us any more.
  process.once('disconnect', onSignal);
}

function explain(error: unknown): void {
  const isExpected = error instanceof SignalboxError && error.code === 'settings';
  const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`signalbox: ${text}\n`);
}
