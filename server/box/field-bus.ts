// The field bus of a box: the given broker, or one of its own with a password for everybody.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';

import { EmbeddedBroker, type AccountStore } from '../../engine/index.ts';
import { verifyPassword } from '../accounts/passwords.ts';
import type { Settings } from '../settings.ts';
import type { Part } from './part.ts';

/** The embedded broker's user for the core itself. */
const CORE_USER = 'core';

/** Where the core reaches the field bus, and what must run for it. */
export interface FieldBus {
  /** With the core's own credential. */
  url: string;
  /** The embedded broker; absent when one is given. */
  broker?: Part;
  /** Lets devices in: what they say is heard from now on. Safe to call twice. */
  open(): void;
}

/** Chooses by the settings. */
export function fieldBus(settings: Settings, accounts: AccountStore, logger: Logger): FieldBus {
  const { url, host, port, credentials } = settings.mqtt;
  if (url !== undefined) return { url, open: () => undefined };
  const { promise: opensWhen, resolve: open } = Promise.withResolvers<void>();
  const password = credentials[CORE_USER] ?? randomBytes(24).toString('hex');
  const broker = new EmbeddedBroker({
    host,
    port,
    passwords: { ...credentials, [CORE_USER]: password },
    verifyDevice: async (department, device, secret) => {
      const credential = await accounts.findDevice(department, device);
      return credential !== undefined && (await verifyPassword(secret, credential.secretHash));
    },
    opensWhen,
    logger,
  });
  return {
    // The embedded broker speaks MQTT 3.1.1 only: a first try with MQTT 5 would be cut off.
    url: `mqtt://${CORE_USER}:${encodeURIComponent(password)}@${host}:${port}?protocol=4`,
    broker: { name: 'field bus', start: () => broker.start(), stop: () => broker.stop() },
    open,
  };
}
