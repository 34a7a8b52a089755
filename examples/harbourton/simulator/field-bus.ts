// One device's connection to the field bus: comes back by itself, says offline when it ends.
import { connect, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { pause, toIso, type Clock } from '../../../engine/model/clock.ts';
import { topicOf, type Channel, type FieldAddress, type Status } from '../../../engine/model/field.ts';

/** How long a broker that is down is left alone. */
const RECONNECT_MS = 1_000;
/** How long a farewell may take. */
const FAREWELL_MS = 1_500;

/** What a connection needs to know. */
export interface FieldBusOptions {
  /** `mqtt://user:password@host:port` */
  url: string;
  address: FieldAddress;
  log: Logger;
  clock: Clock;
  /** Connected, now or again. */
  onUp: () => void;
  onCommand: (payload: Buffer) => void;
}

/** A device's line to the box. */
export class FieldBus {
  readonly #options: FieldBusOptions;
  #client: MqttClient | undefined;
  #downSince: number | undefined;

  constructor(options: FieldBusOptions) {
    this.#options = options;
  }

  /** Begins to connect; goes on trying until it is stopped. Safe to call twice. */
  start(): void {
    if (this.#client) return;
    const { url, address, clock, log } = this.#options;
    const client = connect(url, {
      // MQTT 3.1.1: what every broker speaks, the embedded one included.
      protocolVersion: 4,
      clientId: `harbourton-${address.department}-${address.device}`,
      clean: true,
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      // What could not be said in time is not said later: the next report says it better.
      queueQoSZero: false,
      will: { topic: topicOf(address, 'status'), payload: statusText('offline', clock), qos: 1, retain: true },
    });
    this.#client = client;
    this.#downSince = clock.now();
    client.on('close', () => {
      this.#downSince ??= clock.now();
    });
    client.on('connect', () => this.#up(client));
    client.on('message', (_topic, payload) => this.#options.onCommand(payload));
    // The town says once that the bus is not reached; without a listener an error would end the process.
    client.on('error', (error) => log.debug({ device: address.device, err: error.message }, 'field bus'));
  }

  /** Since when there is no line to the box, milliseconds since the epoch; undefined while there is one. */
  get downSince(): number | undefined {
    return this.#downSince;
  }

  /** Sends on one of the device's own channels; dropped while there is no connection. */
  send(channel: Exclude<Channel, 'command' | 'status'>, message: unknown): void {
    const client = this.#client;
    if (!client?.connected) return;
    client.publish(topicOf(this.#options.address, channel), JSON.stringify(message), { qos: 1 }, (error) => {
      if (error) this.#options.log.debug({ device: this.#options.address.device, channel }, 'message not delivered');
    });
  }

  /** Says offline and ends. Safe to call twice. */
  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    const { address, clock } = this.#options;
    if (client.connected) {
      const farewell = client.publishAsync(topicOf(address, 'status'), statusText('offline', clock), {
        qos: 1,
        retain: true,
      });
      await Promise.race([farewell.catch(() => undefined), pause(clock, FAREWELL_MS)]);
    }
    await Promise.race([client.endAsync().catch(() => undefined), pause(clock, FAREWELL_MS)]);
    client.end(true);
  }

  #up(client: MqttClient): void {
    this.#downSince = undefined;
    const { address, clock, log, onUp } = this.#options;
    client.subscribe(topicOf(address, 'command'), { qos: 1 }, (error) => {
      if (error) log.warn({ device: address.device, err: error.message }, 'cannot listen for commands');
      if (error || !client.connected) return;
      // Online only once it listens: a command sent before would be lost.
      client.publish(topicOf(address, 'status'), statusText('online', clock), { qos: 1, retain: true });
      onUp();
    });
  }
}

const statusText = (state: Status['state'], clock: Clock): string => JSON.stringify({ state, at: toIso(clock.now()) });
