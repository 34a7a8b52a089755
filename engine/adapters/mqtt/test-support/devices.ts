// Builders for tests of the field bus: commands, devices' messages, a directory, clients.
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

import type { Command } from '../../../model/command.ts';
import type { DeviceDirectory } from '../../adapter.ts';

export const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';

/** A lamp's command that is good for a minute. */
export function aCommand(fields: Partial<Command> = {}): Command {
  const now = Date.now();
  return {
    commandId: `${LAMP}#level:${fields.sequence ?? 1}`,
    point: `${LAMP}#level`,
    department: 'lighting',
    device: 'cabinet-3',
    sequence: 1,
    fence: 1,
    issuedAt: now,
    notAfter: now + 60_000,
    slot: 12,
    want: { value: 0.8, rampSeconds: 2 },
    leaseUntil: now + 600_000,
    cause: { arbitration: { want: { value: 0.8, rampSeconds: 2 }, bounds: [], losers: [] } },
    ...fields,
  };
}

/** A lamp's report. */
export const aReport = (id: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  asset: LAMP,
  observedAt: '2026-11-22T10:00:00.000Z',
  points: { level: { value: 0.8, cause: 'command' } },
  readings: { activePower: 52 },
  ...fields,
});

/** Knows one device of the lighting department, with one lamp. */
export const directory: DeviceDirectory = {
  isDevice: (department, device) => department === 'lighting' && device === 'cabinet-3',
  isBound: (asset, department, device) => asset === LAMP && directory.isDevice(department, device),
};

/** A client that gives up at once when it is refused. */
export const connectTo = (url: string, options: IClientOptions = {}): Promise<MqttClient> =>
  connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 4_000, ...options }, false);

/** The next message that a client gets. */
export const nextMessage = (client: MqttClient): Promise<{ topic: string; text: string; retain: boolean }> =>
  new Promise((resolve) => {
    client.once('message', (topic, payload, { retain }) => resolve({ topic, text: payload.toString(), retain }));
  });

/** The end of a client's connection. */
export const closing = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.once('close', resolve);
  });
