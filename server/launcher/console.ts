// What the launcher and its services print: JSON lines for machines, readable lines for a person at a terminal.
import pino, { type Logger } from 'pino';

/** Where output goes. */
export interface Console {
  readonly log: Logger;
  /** Writes to standard error, so that standard output carries log lines only. */
  readonly say: (line: string) => void;
  /** Prints a line of a service readably. Absent: services write to our own output directly. */
  readonly print?: ((line: string) => void) | undefined;
}

/** Chooses by whether standard output is a terminal. A production install has JSON lines only. */
export async function openConsole(level: string): Promise<Console> {
  const pretty = process.stdout.isTTY ? await openPretty() : undefined;
  if (pretty === undefined) return { log: pino({ level, base: null }), say };
  return { log: pino({ level, base: null }, pretty), say, print: (line) => void pretty.write(`${line}\n`) };
}

async function openPretty() {
  try {
    const { default: build } = await import('pino-pretty');
    return build({ ignore: 'pid,hostname', singleLine: true, sync: true });
  } catch {
    // A development dependency: absent in production.
    return undefined;
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
