import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

import { generate, parser } from 'mqtt-packet';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { MqttAdapter } from './mqtt-adapter.ts';
import { hasMosquitto, startEmbedded, startMosquitto, type TestBroker } from './test-support/brokers.ts';
import { aCommand, connectTo, nextMessage } from './test-support/devices.ts';

const TOPIC = 'signalbox/v1/lighting/cabinet-3/command';
const SOON = { timeout: 5_000, interval: 10 };

function started(url: string): MqttAdapter {
  const adapter = new MqttAdapter({ url, logger: pino({ enabled: false }) });
  onTestFinished(() => adapter.stop());
  adapter.start();
  adapter.start();
  return adapter;
}

async function connected(url: string): Promise<MqttAdapter> {
  const adapter = started(url);
  await vi.waitFor(() => expect(adapter.healthy()).toBe(true), SOON);
  return adapter;
}

async function withDevice(broker: TestBroker, query: string) {
  onTestFinished(() => broker.stop());
  const device = await connectTo(broker.url);
  device.on('error', () => undefined);
  onTestFinished(() => void device.end(true));
  await device.subscribeAsync(TOPIC, { qos: 1 });
  return { broker, device, url: `${broker.url}${query}` };
}

function describeAdapter(name: string, startBroker: () => Promise<TestBroker>, query = ''): void {
  const setUp = () => startBroker().then((broker) => withDevice(broker, query));

  describe(name, () => {
    it('brings a command to the device', async () => {
      const { url, device } = await setUp();
      const adapter = await connected(url);
      const heard = nextMessage(device);
      await adapter.send(aCommand());
      const { text, retain } = await heard;
      expect(JSON.parse(text)).toMatchObject({ commandId: aCommand().commandId, want: { value: 0.8, rampSeconds: 2 } });
      expect(retain).toBe(false);
    });

    it('leaves nothing behind for who subscribes later', async () => {
      const { url, device, broker } = await setUp();
      const adapter = await connected(url);
      const first = nextMessage(device);
      await adapter.send(aCommand());
      await first;
      const late = await connectTo(broker.url);
      onTestFinished(() => void late.end(true));
      const heard = nextMessage(late);
      await late.subscribeAsync(TOPIC, { qos: 1 });
      await adapter.send(aCommand({ sequence: 2 }));
      expect(JSON.parse((await heard).text)).toMatchObject({ sequence: 2 });
    });

    it('fails at once while the broker is away, sends nothing of it later, and works again', async () => {
      const { url, broker } = await setUp();
      const adapter = await connected(url);
      await broker.stop();
      await vi.waitFor(() => expect(adapter.healthy()).toBe(false), SOON);
      const from = performance.now();
      await expect(adapter.send(aCommand())).rejects.toMatchObject({ code: 'device-unreachable' });
      expect(performance.now() - from).toBeLessThan(100);
      await broker.restart();
      const device = await connectTo(broker.url);
      onTestFinished(() => void device.end(true));
      await device.subscribeAsync(TOPIC, { qos: 1 });
      const heard = nextMessage(device);
      await vi.waitFor(() => expect(adapter.healthy()).toBe(true), SOON);
      await adapter.send(aCommand({ sequence: 2 }));
      expect(JSON.parse((await heard).text)).toMatchObject({ sequence: 2 });
    });
  });
}

describeAdapter('on the embedded broker, which speaks MQTT 3.1.1 only', startEmbedded);
describe.skipIf(!hasMosquitto)('on mosquitto', () => {
  describeAdapter('with MQTT 5', startMosquitto, '?protocol=5');
  describeAdapter('with MQTT 3.1.1', startMosquitto, '?protocol=4');
  describeAdapter('with the version it finds', startMosquitto);

  it('gives a command to MQTT 5 brokers with the time after which it may be thrown away', async () => {
    const broker = await startMosquitto();
    onTestFinished(() => broker.stop());
    const device = await connectTo(broker.url, { protocolVersion: 5 });
    onTestFinished(() => void device.end(true));
    await device.subscribeAsync(TOPIC, { qos: 1 });
    const expiry = new Promise((resolve) => {
      device.once('message', (_topic, _payload, packet) => resolve(packet.properties?.messageExpiryInterval));
    });
    const adapter = await connected(broker.url);
    await adapter.send(aCommand({ notAfter: Date.now() + 10_000 }));
    expect([9, 10]).toContain(await expiry);
  });
});

/** A broker that takes connections and messages but confirms none, and remembers every publication. */
async function startSilentBroker() {
  const published: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const reader = parser({ protocolVersion: 4 });
    socket.on('data', (chunk: Buffer) => reader.parse(chunk));
    reader.on('packet', (packet) => {
      if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
      if (packet.cmd === 'publish') published.push(packet.payload.toString());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  return { url: `mqtt://127.0.0.1:${typeof address === 'object' ? address?.port : 0}?protocol=4`, published, cut };
}

it('does not send again after a reconnect what the broker never confirmed', async () => {
  const broker = await startSilentBroker();
  const adapter = await connected(broker.url);
  const sending = adapter.send(aCommand());
  await vi.waitFor(() => expect(broker.published).toHaveLength(1), SOON);
  broker.cut();
  await expect(sending).rejects.toMatchObject({ code: 'device-unreachable' });
  await vi.waitFor(() => expect(adapter.healthy()).toBe(true), SOON);
  const next = adapter.send(aCommand({ sequence: 2 }), AbortSignal.timeout(2_000));
  next.catch(() => undefined);
  await vi.waitFor(() => expect(broker.published).toHaveLength(2), SOON);
  expect(broker.published.map((text): unknown => Reflect.get(JSON.parse(text), 'sequence'))).toEqual([1, 2]);
});

it('gives up when it is told to', async () => {
  const broker = await startSilentBroker();
  const adapter = await connected(broker.url);
  const enough = new AbortController();
  const sending = adapter.send(aCommand(), enough.signal);
  enough.abort(new Error('enough'));
  await expect(sending).rejects.toThrow('enough');
});

it('says at once that there is no broker, and that it was stopped', async () => {
  const adapter = started('mqtt://127.0.0.1:1');
  await expect(adapter.send(aCommand())).rejects.toMatchObject({ code: 'device-unreachable' });
  await adapter.stop();
  await adapter.stop();
  expect(adapter.healthy()).toBe(false);
});
