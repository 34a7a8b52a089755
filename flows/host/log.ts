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

/** What a broker node says at each try that fails (Node-RED's catalogue en-US, `mqtt.state.connect-failed`). */
const EARLY = /^Connection failed to broker/;

/** What Node-RED says of each file it writes: Node's permission model takes `fsync` away. The file is written all the same. */
const UNFLUSHED = /^Flushing file .* fsync API is disabled/;

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

/**
 * Writes one of Node-RED's messages to our log, with the node it comes from.
 *
 * @param isCoreKnown false until the core has been reached for the first time: till then nobody can expect its field bus
 * to be there either, and a broker node that tries again every second says so at the level `debug`
 */
export function logNodeRed(log: Logger, message: NodeRedLogMessage, isCoreKnown: boolean): void {
  const { msg, type, id, name } = message;
  const from = { ...(type && { type }), ...(id && { node: id }), ...(name && { name }) };
  const isEarly = !isCoreKnown && type === 'mqtt-broker' && typeof msg === 'string' && EARLY.test(msg);
  const isExpected = isEarly || (typeof msg === 'string' && UNFLUSHED.test(msg));
  const level = isExpected ? 'debug' : (LEVELS[message.level] ?? 'info');
  if (msg instanceof Error) log[level]({ ...from, err: msg }, msg.message);
  else log[level](from, (typeof msg === 'string' ? msg : (JSON.stringify(msg) ?? '')).trim());
}
