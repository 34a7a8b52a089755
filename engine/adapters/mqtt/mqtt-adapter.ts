// Sends commands over MQTT: QoS 1, never retained, never kept while offline, never sent again by a reconnect.
import { randomUUID } from 'node:crypto';

import { connect, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';

import { systemClock, type Clock } from '../../model/clock.ts';
import type { Command } from '../../model/command.ts';
import { SignalboxError } from '../../model/errors.ts';
import type { Adapter } from '../adapter.ts';
import { encodeCommand, type FieldMessage } from './encode-command.ts';
import { Outage } from './outage.ts';
import { isRefusedVersion, readMqttUrl, type MqttProtocol, type MqttTarget } from './mqtt-target.ts';

/** What the adapter needs. */
export interface MqttAdapterOptions {
  /** As `readMqttUrl` reads it. */
  url: string;
  logger: Logger;
  clock?: Clock;
}

const CONNECT_LIMIT_MS = 4_000;
const KEEPALIVE_S = 10;
/** The wait before connecting again, doubled up to the longest; milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The sender's half of the MQTT adapter. */
export class MqttAdapter implements Adapter {
  readonly #target: MqttTarget;
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Sends that the broker has not confirmed: told when the connection is lost. */
  readonly #underWay = new Set<(lost: Error) => void>();
  readonly #outage: Outage;
  #client: MqttClient | undefined;
  #protocolIndex = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #cancelReconnect: (() => void) | undefined;
  #isStarted = false;

  /** Throws `settings` for a URL that cannot be used. */
  constructor(options: MqttAdapterOptions) {
    this.#target = readMqttUrl(options.url);
    this.#logger = options.logger;
    this.#clock = options.clock ?? systemClock;
    this.#outage = new Outage(options.logger, this.#clock, 'the sender has no connection to the field bus');
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#cancelReconnect?.();
    const client = this.#client;
    this.#client = undefined;
    if (client) await client.endAsync(true);
    this.#loseUnderWay('the adapter was stopped');
  }

  healthy(): boolean {
    return this.#client?.connected ?? false;
  }

  async send(command: Command, signal?: AbortSignal): Promise<void> {
    const message = encodeCommand(command);
    signal?.throwIfAborted();
    const client = this.#client;
    if (!client?.connected) throw new SignalboxError('device-unreachable', { why: 'there is no connection' });
    await this.#publish(client, message, { options: this.#publishOptions(command), ...(signal ? { signal } : {}) });
  }

  #publish(
    client: MqttClient,
    { topic, payload }: FieldMessage,
    { options, signal }: { options: IClientPublishOptions; signal?: AbortSignal },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        this.#underWay.delete(lost);
        signal?.removeEventListener('abort', aborted);
        settle();
      };
      const lost = (error: Error) => done(() => reject(error));
      const aborted = () => done(() => reject(signal?.reason));
      this.#underWay.add(lost);
      signal?.addEventListener('abort', aborted, { once: true });
      client.publish(topic, payload, options, (error) =>
        done(() => {
          if (error) reject(new SignalboxError('device-unreachable', { why: error.message }, { cause: error }));
          else resolve();
        }),
      );
    });
  }

  #publishOptions(command: Command): IClientPublishOptions {
    const options = { qos: 1, retain: false } as const;
    if (this.#protocol !== 5) return options;
    // MQTT 5 lets the broker throw it away, should it hold it for a device that is not there.
    const lifeSeconds = Math.ceil((command.notAfter - this.#clock.now()) / 1_000);
    return { ...options, properties: { messageExpiryInterval: Math.max(lifeSeconds, 1) } };
  }

  get #protocol(): MqttProtocol {
    const { protocols } = this.#target;
    return protocols[this.#protocolIndex % protocols.length] ?? 5;
  }

  /**
   * A client per connection: mqtt.js sends what was not confirmed again when it reconnects by itself, and by then it may
   * be too late for the command.
   */
  #connect(): void {
    const client = connect(this.#clientOptions());
    this.#client = client;
    let hasBeenOpen = false;
    client.on('connect', () => {
      hasBeenOpen = true;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#outage.over();
      this.#logger.info({ host: this.#target.host, protocol: this.#protocol }, 'connected to the field bus');
    });
    client.on('error', (error) => {
      if ('code' in error && isRefusedVersion(error.code) && this.#target.protocols.length > 1)
        this.#protocolIndex += 1;
      else this.#outage.note({ host: this.#target.host, why: error.message });
    });
    client.once('close', () => {
      client.end(true);
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#loseUnderWay(
        hasBeenOpen ? 'the connection was lost before the broker confirmed' : 'there is no connection',
      );
      this.#connectLater();
    });
  }

  #connectLater(): void {
    if (!this.#isStarted) return;
    this.#cancelReconnect = this.#clock.after(this.#pauseMs, () => this.#connect());
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #loseUnderWay(why: string): void {
    const error = new SignalboxError('device-unreachable', { why });
    for (const lost of this.#underWay) lost(error);
  }

  #clientOptions(): IClientOptions {
    const { host, port, tls, username, password } = this.#target;
    return {
      host,
      port,
      protocol: tls ? 'mqtts' : 'mqtt',
      protocolVersion: this.#protocol,
      clientId: `signalbox-sender-${randomUUID()}`,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      clean: true,
      reconnectPeriod: 0,
      queueQoSZero: false,
      resubscribe: false,
      connectTimeout: CONNECT_LIMIT_MS,
      keepalive: KEEPALIVE_S,
    };
  }
}
