// Where the field bus is and how it is spoken to, read from its URL.
import { SignalboxError } from '../../model/errors.ts';

/** 5, or 4 for MQTT 3.1.1. */
export type MqttProtocol = 4 | 5;

/** A broker, and how to speak to it. */
export interface MqttTarget {
  host: string;
  port: number;
  tls: boolean;
  username?: string;
  password?: string;
  /** Tried in this order. */
  protocols: MqttProtocol[];
}

const SCHEMES: Readonly<Record<string, { tls: boolean; port: number }>> = {
  'mqtt:': { tls: false, port: 1_883 },
  'mqtts:': { tls: true, port: 8_883 },
};

/**
 * Reads `mqtt://user:password@host:port` or `mqtts://…`. `?protocol=5` or `?protocol=4` (MQTT 3.1.1) asks for one version
 * of the protocol; without it 5 is tried first.
 *
 * Throws `settings` with all that is wrong; the text never repeats the password.
 */
export function readMqttUrl(text: string): MqttTarget {
  if (!URL.canParse(text)) throw new SignalboxError('settings', { problems: 'the MQTT URL is not a URL' });
  const url = new URL(text);
  const scheme = SCHEMES[url.protocol];
  const protocols = protocolsOf(url.searchParams.get('protocol'));
  const problems = [
    scheme ? '' : `MQTT URL: found scheme ${url.protocol}, allowed are mqtt: and mqtts:`,
    url.hostname ? '' : 'MQTT URL: the host is missing',
    protocols ? '' : 'MQTT URL: protocol is 4 (for MQTT 3.1.1) or 5',
  ].filter((problem) => problem !== '');
  if (!scheme || !protocols || problems.length > 0)
    throw new SignalboxError('settings', { problems: problems.join('\n') });
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? scheme.port : Number(url.port),
    tls: scheme.tls,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    protocols,
  };
}

function protocolsOf(wanted: string | null): MqttProtocol[] | undefined {
  switch (wanted) {
    case null:
      return [5, 4];
    case '4':
      return [4];
    case '5':
      return [5];
    default:
      return undefined;
  }
}

/** CONNACK codes that say "not this version": 1 in MQTT 3.1.1, 132 in MQTT 5. */
const REFUSED_VERSION: readonly unknown[] = [1, 132];

/** Does this code of a refused connection ask for another version of the protocol? */
export const isRefusedVersion = (code: unknown): boolean => REFUSED_VERSION.includes(code);
