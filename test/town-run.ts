// The simulated town on a broker of its own, for tests: real MQTT, time in the test's hand.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import type { Asset } from '../engine/model/asset.ts';
import { toIso } from '../engine/model/clock.ts';
import {
  ackSchema,
  parseTopic,
  reportSchema,
  topicOf,
  type Ack,
  type FieldCommand,
  type Report,
} from '../engine/model/field.ts';
import type { Effect } from '../examples/harbourton/simulator/effects-log.ts';
import { loadAssets } from '../examples/harbourton/simulator/load-assets.ts';
import { Simulator } from '../examples/harbourton/simulator/simulator.ts';
import { freePort } from '../server/launcher/ports.ts';
import { ManualClock } from './manual-clock.ts';

/** Harbourton's asset files. */
export const HARBOURTON_ASSETS = join(import.meta.dirname, '../examples/harbourton/assets');

/** How long a message may take. */
const PATIENCE_MS = 5_000;

/** An MQTT 3.1.1 broker on a free loopback port. */
export class TestBroker {
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();

  /** `mqtt://127.0.0.1:<port>`; the same after a restart. */
  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    if (this.#port === 0) this.#port = await freePort();
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#aedes = aedes;
    this.#server = server;
  }

  /** Ends as a broker does that crashes: connections break, retained messages are lost. */
  async stop(): Promise<void> {
    const server = this.#server;
    const aedes = this.#aedes;
    this.#server = undefined;
    this.#aedes = undefined;
    if (!server || !aedes) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => {
      aedes.close(resolve);
    });
  }
}

/** One message as it came. */
export interface Heard {
  topic: string;
  device: string;
  channel: string;
  body: unknown;
}

/** A client that hears everything, and speaks as the box does. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly #waiting = new Set<() => void>();
  #client: MqttClient | undefined;

  async start(url: string): Promise<void> {
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 100 });
    client.on('message', (topic, payload) => {
      const address = parseTopic(topic);
      this.heard.push({
        topic,
        device: address?.device ?? '',
        channel: address?.channel ?? '',
        body: JSON.parse(payload.toString()),
      });
      for (const look of this.#waiting) look();
    });
    await client.subscribeAsync('signalbox/v1/#', { qos: 1 });
    this.#client = client;
  }

  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = undefined;
  }

  /** Sends a command as the adapter does. */
  async command(department: string, device: string, command: FieldCommand): Promise<void> {
    await this.publish(topicOf({ department, device }, 'command'), command);
  }

  async publish(topic: string, body: unknown): Promise<void> {
    await this.#client?.publishAsync(topic, JSON.stringify(body), { qos: 1 });
  }

  /** The first thing that `find` sees in what was and will be heard; rejects after five seconds. */
  until<Found>(find: (heard: readonly Heard[]) => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find(this.heard);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`not heard in ${PATIENCE_MS} ms; the last was ${JSON.stringify(this.heard.at(-1))}`));
      }, PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }

  /** The first acknowledgement of a command that fits. */
  ack(commandId: string, fits: (ack: Ack) => boolean = () => true): Promise<Ack> {
    return this.until((heard) =>
      heard
        .filter(({ channel }) => channel === 'ack')
        .map(({ body }) => ackSchema.parse(body))
        .find((ack) => ack.commandId === commandId && fits(ack)),
    );
  }

  /** The first report of an asset that fits. */
  report(asset: string, fits: (report: Report) => boolean): Promise<Report> {
    return this.until((heard) =>
      heard
        .filter(({ channel, body }) => channel === 'report' && JSON.stringify(body).includes(asset))
        .map(({ body }) => reportSchema.parse(body))
        .find((report) => report.asset === asset && fits(report)),
    );
  }
}

/** A town with its broker. */
export class TownRun {
  readonly clock = new ManualClock();
  readonly broker = new TestBroker();
  readonly listener = new Listener();
  readonly effects: Effect[] = [];
  readonly assets: Asset[] = loadAssets(HARBOURTON_ASSETS);
  #simulator: Simulator | undefined;
  #sequence = 0;

  get simulator(): Simulator {
    if (!this.#simulator) throw new Error('the town has not been started');
    return this.#simulator;
  }

  /** Starts all, and resolves when every device is online and listens. `departments` limits the town. */
  async start(departments?: readonly string[]): Promise<void> {
    await this.broker.start();
    await this.listener.start(this.broker.url);
    this.#simulator = new Simulator({
      url: this.broker.url,
      assets: this.assets.filter(({ department }) => departments?.includes(department) ?? true),
      seed: 1,
      clock: this.clock,
      effects: { write: (effect) => this.effects.push(effect), close: async () => undefined },
      log: pino({ level: 'silent' }),
    });
    this.simulator.start();
    await this.simulator.awake;
    await this.allOnline();
  }

  /** Resolves when every device has said online since `from` messages were heard. */
  async allOnline(from = 0): Promise<void> {
    await this.listener.until((heard) => {
      const online = heard
        .slice(from)
        .filter(({ channel, body }) => channel === 'status' && JSON.stringify(body).includes('"online"'));
      return new Set(online.map(({ device }) => device)).size === this.simulator.devices.length || undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#simulator?.stop();
    await this.listener.stop();
    await this.broker.stop();
  }

  /** A command that is new and valid for ten seconds, with what the test changes. */
  newCommand(asset: string, point: string, want: FieldCommand['want'], changes: Partial<FieldCommand> = {}) {
    this.#sequence += 1;
    const now = this.clock.now();
    return {
      commandId: `${asset}#${point}:${this.#sequence}`,
      asset,
      point,
      sequence: this.#sequence,
      fence: 1,
      issuedAt: toIso(now),
      notAfter: toIso(now + 10_000),
      want,
      ...changes,
    } satisfies FieldCommand;
  }
}
