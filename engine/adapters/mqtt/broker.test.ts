import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';

import type { MqttClient } from 'mqtt';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

import { EmbeddedBroker, type EmbeddedBrokerOptions } from './broker.ts';
import { closing, connectTo, nextMessage } from './test-support/devices.ts';

const PASSWORDS = { core: 'core-secret', field: 'field-secret', waste: 'waste-secret' };
const TELEMETRY = 'signalbox/v1/waste/bin-7/telemetry';
const COMMAND = 'signalbox/v1/waste/bin-7/command';
const STATUS = 'signalbox/v1/waste/bin-7/status';

async function setUp(options: Partial<EmbeddedBrokerOptions> = {}) {
  const verifyDevice = vi.fn<EmbeddedBrokerOptions['verifyDevice']>(
    async (department, device, secret) => `${department}.${device}` === 'waste.bin-7' && secret === 'bin-secret',
  );
  const broker = new EmbeddedBroker({
    port: 0,
    passwords: PASSWORDS,
    verifyDevice,
    logger: pino({ enabled: false }),
    ...options,
  });
  await broker.start();
  await broker.start();
  onTestFinished(() => broker.stop());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const as = async (username: string, password: string, more = {}): Promise<MqttClient> => {
    const client = await connectTo(url, { username, password, ...more });
    client.on('error', () => undefined);
    onTestFinished(() => void client.end(true));
    return client;
  };
  const asCore = (more = {}) => as('core', 'core-secret', more);
  const asBin = (more = {}) => as('waste.bin-7', 'bin-secret', more);
  return { broker, url, as, asCore, asBin, verifyDevice };
}

/** What the broker grants: 0 to 2, or 128 for a refusal. */
async function granted(client: MqttClient, filter: string): Promise<number | undefined> {
  try {
    return (await client.subscribeAsync(filter, { qos: 1 }))[0]?.qos;
  } catch {
    return 128;
  }
}

/** True when the broker ends the connection for it. */
async function isCutOffFor(client: MqttClient, topic: string, retain = false): Promise<boolean> {
  const closed = closing(client).then(() => true);
  const taken = client.publishAsync(topic, 'x', { qos: 1, retain }).then(() => false);
  return Promise.race([closed, taken.catch(() => closed)]);
}

it('keeps devices waiting until somebody listens, and the core not', async () => {
  const { promise: opensWhen, resolve: open } = Promise.withResolvers<void>();
  const { asCore, asBin } = await setUp({ opensWhen });
  const device = asBin();
  const core = await asCore();
  await core.subscribeAsync(STATUS, { qos: 1 });
  let isIn = false;
  const entered = device.then(() => (isIn = true));
  await core.publishAsync(COMMAND, '{}', { qos: 1 });
  expect(isIn).toBe(false);
  open();
  await entered;
  const heard = nextMessage(core);
  await (await device).publishAsync(STATUS, 'online', { qos: 1 });
  expect(await heard).toMatchObject({ topic: STATUS });
});

it('lets nobody in without a name and a right password', async () => {
  const { url, as } = await setUp();
  await expect(connectTo(url)).rejects.toThrow(/Not authorized/);
  await expect(as('core', 'guess')).rejects.toThrow(/Not authorized/);
  await expect(as('lighting', 'waste-secret')).rejects.toThrow(/Not authorized/);
  await expect(as('waste.bin-7', 'guess')).rejects.toThrow(/Not authorized/);
  await expect(as('__proto__', 'x')).rejects.toThrow(/Not authorized/);
  await expect(as('constructor', 'x')).rejects.toThrow(/Not authorized/);
});

it('carries what a device says to its department, and a command to the device', async () => {
  const { as, asCore, asBin } = await setUp();
  const [flows, core, bin] = await Promise.all([as('waste', 'waste-secret'), asCore(), asBin()]);
  expect(await granted(flows, 'signalbox/v1/waste/+/telemetry')).toBe(1);
  expect(await granted(bin, COMMAND)).toBe(1);
  const heard = nextMessage(flows);
  await bin.publishAsync(TELEMETRY, 'full', { qos: 1 });
  expect(await heard).toMatchObject({ topic: TELEMETRY, text: 'full' });
  const told = nextMessage(bin);
  await core.publishAsync(COMMAND, 'compact', { qos: 1 });
  expect(await told).toMatchObject({ text: 'compact', retain: false });
});

it('refuses subscriptions beyond a client’s own', async () => {
  const { as, asBin } = await setUp();
  const [flows, bin, field] = await Promise.all([as('waste', 'waste-secret'), asBin(), as('field', 'field-secret')]);
  expect(await granted(flows, 'signalbox/v1/+/+/telemetry')).toBe(128);
  expect(await granted(flows, COMMAND)).toBe(128);
  expect(await granted(bin, 'signalbox/v1/waste/+/command')).toBe(128);
  expect(await granted(bin, '#')).toBe(128);
  expect(await granted(field, 'signalbox/v1/+/+/command')).toBe(1);
  expect(await granted(field, 'signalbox-simulator/#')).toBe(1);
});

it('cuts off who says what they may not', async () => {
  const { as, asBin, asCore } = await setUp();
  expect(await isCutOffFor(await as('waste', 'waste-secret'), COMMAND)).toBe(true);
  expect(await isCutOffFor(await as('waste', 'waste-secret'), 'waste/own')).toBe(true);
  expect(await isCutOffFor(await asBin(), COMMAND)).toBe(true);
  expect(await isCutOffFor(await asBin(), 'signalbox/v1/waste/bin-8/telemetry')).toBe(true);
  expect(await isCutOffFor(await asBin(), TELEMETRY)).toBe(false);
  expect(await isCutOffFor(await asCore(), COMMAND)).toBe(false);
});

it('retains a device’s status, its last will included, and nothing else', async () => {
  const { asBin, asCore } = await setUp();
  expect(await isCutOffFor(await asCore(), COMMAND, true)).toBe(true);
  expect(await isCutOffFor(await asBin(), TELEMETRY, true)).toBe(true);
  const bin = await asBin({ will: { topic: STATUS, payload: 'offline', qos: 1, retain: true } });
  await bin.publishAsync(STATUS, 'online', { qos: 1, retain: true });
  const early = await asCore();
  const first = nextMessage(early);
  await granted(early, STATUS);
  expect(await first).toEqual({ topic: STATUS, text: 'online', retain: true });
  const second = nextMessage(early);
  bin.stream.destroy();
  expect(await second).toMatchObject({ text: 'offline' });
});

it('keeps no commands for a device that is away, whatever session it asked for', async () => {
  const { asBin, asCore } = await setUp();
  const session = { clean: false, clientId: 'bin-7' };
  const before = await asBin(session);
  await granted(before, COMMAND);
  await before.endAsync(true);
  const core = await asCore();
  await core.publishAsync(COMMAND, 'too late', { qos: 1 });
  const after = await asBin(session);
  const heard = nextMessage(after);
  await granted(after, COMMAND);
  await core.publishAsync(COMMAND, 'in time', { qos: 1 });
  expect((await heard).text).toBe('in time');
});

it('does not let one client take another’s connection over by its id', async () => {
  const { asBin, asCore } = await setUp();
  const core = await asCore({ clientId: 'signalbox-listener', clean: false });
  await asBin({ clientId: 'signalbox-listener' });
  const heard = nextMessage(core);
  await granted(core, TELEMETRY);
  await core.publishAsync(TELEMETRY, 'still here', { qos: 1 });
  expect((await heard).text).toBe('still here');
});

it('asks once for a secret that comes again, and refuses when it cannot be checked', async () => {
  const { asBin, as, verifyDevice } = await setUp();
  await Promise.all([asBin(), asBin(), asBin()]);
  expect(verifyDevice).toHaveBeenCalledTimes(1);
  verifyDevice.mockRejectedValueOnce(new Error('no database'));
  await expect(as('waste.bin-8', 'x')).rejects.toThrow(/Not authorized/);
});

it('cuts off a client whose packet is too large, before it has come whole', async () => {
  const { asBin, broker } = await setUp({ largestPacket: 1_000 });
  const bin = await asBin();
  await bin.publishAsync(TELEMETRY, Buffer.alloc(900), { qos: 1 });
  const closed = closing(bin);
  bin.publish(TELEMETRY, Buffer.alloc(2_000), { qos: 1 }, () => undefined);
  await closed;
  const stranger = connectTcp(broker.port, '127.0.0.1');
  stranger.on('error', () => undefined);
  // A CONNECT that announces 128 MB.
  stranger.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x3f]));
  await once(stranger, 'close');
  expect(stranger.bytesRead).toBe(0);
});

it('ends all connections when it stops, and can start again', async () => {
  const { broker, asCore } = await setUp();
  const core = await asCore();
  const closed = closing(core);
  await broker.stop();
  await broker.stop();
  await closed;
  expect(broker.port).toBe(0);
  await broker.start();
  expect(broker.port).toBeGreaterThan(0);
});
