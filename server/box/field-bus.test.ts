import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';

import { MqttAdapter } from '../../engine/index.ts';
import { eventually } from '../../test/eventually.ts';
import { MemoryAccounts } from '../../test/memory-store.ts';
import { freePort } from '../launcher/ports.ts';
import { loadSettings } from '../settings.ts';
import { fieldBus } from './field-bus.ts';

it('reaches its own broker at the first try, so that a start logs nobody who was cut off', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const settings = loadSettings({ REDIS_URL: 'redis://unused', MQTT_PORT: String(await freePort()) }, []);
  const bus = fieldBus(settings, new MemoryAccounts(), logger);
  await bus.broker?.start();
  const adapter = new MqttAdapter({ url: bus.url, logger });
  onTestFinished(async () => {
    await adapter.stop();
    await bus.broker?.stop();
  });
  adapter.start();
  await eventually(() => expect(adapter.healthy()).toBe(true));
  expect(lines.map((line): unknown => JSON.parse(line).msg)).toEqual(['connected to the field bus']);
});

it('leaves the version to a given broker', () => {
  const settings = loadSettings({ REDIS_URL: 'redis://unused', MQTT_URL: 'mqtt://core:a@bus' }, []);
  const { url, broker } = fieldBus(settings, new MemoryAccounts(), pino({ level: 'silent' }));
  expect({ url, broker }).toEqual({ url: 'mqtt://core:a@bus', broker: undefined });
});
