import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

import { Redis } from 'ioredis';
import type { MqttClient } from 'mqtt';
import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';

import type { Input } from '../../model/input.ts';
import { RedisListenerLease, type ListenerLease } from '../listener-lease.ts';
import { MqttListener } from './mqtt-listener.ts';
import { hasMosquitto, startEmbedded, startMosquitto, type TestBroker } from './test-support/brokers.ts';
import { aReport, connectTo, directory } from './test-support/devices.ts';

const REPORT = 'signalbox/v1/lighting/cabinet-3/report';
const SOON = { timeout: 8_000, interval: 10 };
const logger = pino({ enabled: false });

/** A log that takes a moment per append, as a disk does. */
class SlowLog {
  readonly inputs: Input[] = [];
  appends = 0;
  delayMs = 1;
  failure: Error | undefined;

  async append(inputs: readonly Input[]): Promise<string[]> {
    this.appends += 1;
    await wait(this.delayMs);
    if (this.failure) throw this.failure;
    this.inputs.push(...inputs);
    return inputs.map(String);
  }

  ids(): string[] {
    return this.inputs.flatMap((input) => (input.kind === 'report' ? [input.report.id] : []));
  }
}

/** A lease that is always free. */
const free: ListenerLease = { acquire: async () => true, renew: async () => true, release: async () => undefined };

function redisLease(key = `test-${randomUUID()}`): ListenerLease {
  const redis = new Redis(inject('redisUrl'));
  onTestFinished(() => redis.disconnect());
  return new RedisListenerLease(redis, key);
}

function startListener(url: string, { log = new SlowLog(), lease = free } = {}) {
  const listener = new MqttListener({ url, log, directory, lease, logger });
  onTestFinished(() => listener.stop());
  listener.start();
  listener.start();
  return { listener, log };
}

const eventuallyListening = (listener: MqttListener) => vi.waitFor(() => expect(listener.listening()).toBe(true), SOON);

async function connectDevice(broker: TestBroker): Promise<MqttClient> {
  const device = await connectTo(broker.url);
  device.on('error', () => undefined);
  onTestFinished(() => void device.end(true));
  return device;
}

const say = (device: MqttClient, id: string, qos: 0 | 1 = 1) =>
  device.publishAsync(REPORT, JSON.stringify(aReport(id)), { qos });
const many = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

function withUrl(broker: TestBroker, query: string) {
  onTestFinished(() => broker.stop());
  return { broker, url: `${broker.url}${query}` };
}

function describeListener(name: string, startBroker: () => Promise<TestBroker>, query = ''): void {
  const setUp = () => startBroker().then((broker) => withUrl(broker, query));

  describe(name, () => {
    it('brings what devices say into the log, in order and in groups', async () => {
      const { broker, url } = await setUp();
      const { listener, log } = startListener(url);
      await eventuallyListening(listener);
      const device = await connectDevice(broker);
      await Promise.all(many(500).map((id) => say(device, id)));
      await vi.waitFor(() => expect(log.ids()).toEqual(many(500)), SOON);
      expect(log.appends).toBeLessThan(250);
    });

    it('leaves with the broker what the log did not take, and gets it in the next session', async () => {
      const { broker, url } = await setUp();
      const { listener, log } = startListener(url);
      await eventuallyListening(listener);
      log.failure = new Error('the log is away');
      const device = await connectDevice(broker);
      await Promise.all(many(10).map((id) => say(device, id)));
      await vi.waitFor(() => expect(log.appends).toBeGreaterThan(0), SOON);
      await listener.stop();
      expect(log.ids()).toEqual([]);
      const next = startListener(url);
      await vi.waitFor(() => expect(next.log.ids()).toEqual(many(10)), SOON);
    });

    it('goes on when the log is back, without losing anything', async () => {
      const { broker, url } = await setUp();
      const { listener, log } = startListener(url);
      await eventuallyListening(listener);
      log.failure = new Error('the log is away');
      const device = await connectDevice(broker);
      await say(device, 'r0');
      await vi.waitFor(() => expect(log.appends).toBeGreaterThan(1), SOON);
      log.failure = undefined;
      await vi.waitFor(() => expect(log.ids()).toEqual(['r0']), SOON);
    });

    it('counts what it does not take, and is not held up by it', async () => {
      const { broker, url } = await setUp();
      const { listener, log } = startListener(url);
      await eventuallyListening(listener);
      const device = await connectDevice(broker);
      await device.publishAsync(REPORT, 'nonsense', { qos: 1 });
      await device.publishAsync('signalbox/v1/lighting/unknown/report', '{}', { qos: 1 });
      await say(device, 'good');
      await vi.waitFor(() => expect(log.ids()).toEqual(['good']), SOON);
      expect(listener.refused()).toMatchObject({ json: 1, device: 1, schema: 0 });
    });

    it('listens again when the broker comes back', async () => {
      const { broker, url } = await setUp();
      const { listener, log } = startListener(url);
      await eventuallyListening(listener);
      await broker.restart();
      await vi.waitFor(() => expect(listener.listening()).toBe(false), SOON);
      await eventuallyListening(listener);
      await say(await connectDevice(broker), 'after');
      await vi.waitFor(() => expect(log.ids()).toEqual(['after']), SOON);
    });
  });
}

describeListener('on the embedded broker', startEmbedded);
describe.skipIf(!hasMosquitto)('on mosquitto', () => {
  describeListener('with MQTT 5', startMosquitto, '?protocol=5');
  describeListener('with MQTT 3.1.1', startMosquitto, '?protocol=4');
});

describe('of two listeners', () => {
  it('only one listens, and the other takes over within 5 s when it dies', async () => {
    const broker = await startEmbedded();
    onTestFinished(() => broker.stop());
    const key = `test-${randomUUID()}`;
    const dying = redisLease(key);
    const first = startListener(broker.url, { lease: dying });
    await eventuallyListening(first.listener);
    const second = startListener(broker.url, { lease: redisLease(key) });
    await vi.waitFor(() => expect(second.listener.healthy()).toBe(true), SOON);
    await say(await connectDevice(broker), 'to-the-first');
    await vi.waitFor(() => expect(first.log.ids()).toEqual(['to-the-first']), SOON);
    expect(second.listener.listening()).toBe(false);
    // As a killed process: no renewal, no farewell.
    dying.renew = () => new Promise(() => undefined);
    dying.acquire = async () => false;
    dying.release = async () => undefined;
    const from = performance.now();
    await eventuallyListening(second.listener);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('the other takes over at once when the first is stopped', async () => {
    const broker = await startEmbedded();
    onTestFinished(() => broker.stop());
    const key = `test-${randomUUID()}`;
    const first = startListener(broker.url, { lease: redisLease(key) });
    await eventuallyListening(first.listener);
    const second = startListener(broker.url, { lease: redisLease(key) });
    await first.listener.stop();
    await first.listener.stop();
    const from = performance.now();
    await eventuallyListening(second.listener);
    expect(performance.now() - from).toBeLessThan(1_500);
    expect(first.listener.healthy()).toBe(false);
  });
});
