// Structured log lines on standard output, for this program and for Node-RED alike.
// CommonJS: only the whole can be imported.
import nodeRedUtil from '@node-red/util';
import { pino, type Level, type Logger } from 'pino';

const { log: nodeRedLog } = nodeRedUtil;

/** Node-RED's levels in pino's words. */
const LEVELS: Readonly<Record<number, Level>> = {
  [nodeRedLog.FATAL]: 'fatal',
  [nodeRedLog.ERROR]: 'error',
  [nodeRedLog.WARN]: 'warn',
  [nodeRedLog.INFO]: 'info',
  [nodeRedLog.DEBUG]: 'debug',
  [nodeRedLog.TRACE]: 'trace',
};

/** A message as Node-RED's log hands it on. */
export interface NodeRedLogMessage {
  level: number;
  msg?: unknown;
  type?: string;
  id?: string;
  name?: string;
}

/**
 * The program's log.
 *
 * @param onBroken called when nobody reads the output any more: whoever started this program is gone. Going on would
 * hang: a last flush into a broken pipe is tried again for ever.
 */
export function createLog(department: string, level: string, onBroken: () => void): Logger {
  const output = pino.destination({ fd: 1, sync: true });
  output.on('error', onBroken);
  return pino({ level, base: { service: `flows:${department}` } }, output);
}

/** Writes one of Node-RED's messages to our log, with the node it comes from. */
export function logNodeRed(log: Logger, message: NodeRedLogMessage): void {
  const { msg, type, id, name } = message;
  const from = { ...(type && { type }), ...(id && { node: id }), ...(name && { name }) };
  const level = LEVELS[message.level] ?? 'info';
  if (msg instanceof Error) log[level]({ ...from, err: msg }, msg.message);
  else log[level](from, (typeof msg === 'string' ? msg : (JSON.stringify(msg) ?? '')).trim());
}
