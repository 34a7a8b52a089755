// One connection of the listener: subscribes at QoS 1 with a session that the broker keeps, and acknowledges when told.
// mqtt.js hands over one message at a time and waits for each; here many are under way, which is what a log that syncs
// to disk in groups needs.
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { generate, parser as createParser, type IPublishPacket, type Packet, type Parser } from 'mqtt-packet';

import type { Clock } from '../../model/clock.ts';
import { SignalboxError } from '../../model/errors.ts';
import { isRefusedVersion, type MqttProtocol, type MqttTarget } from './mqtt-target.ts';

/** A message as it came. Those with a `messageId` must be acknowledged, in the order in which they came. */
export interface IncomingMessage {
  topic: string;
  payload: Buffer;
  messageId?: number;
}

/** What a session needs. */
export interface SessionOptions {
  target: MqttTarget;
  protocol: MqttProtocol;
  /** The broker keeps the session under this name; whoever comes with the same name takes it over. */
  clientId: string;
  topics: readonly string[];
  clock: Clock;
  onMessage(message: IncomingMessage): void;
}

/** The broker speaks another version of the protocol. */
export class RefusedVersion extends Error {}

const CONNECT_LIMIT_MS = 4_000;
const KEEPALIVE_S = 10;
/** Without a sign of life for this long the connection is dead; milliseconds. */
const SILENCE_LIMIT_MS = KEEPALIVE_S * 1_500;
/** How long an MQTT 5 broker keeps the session without us, in seconds. */
const SESSION_KEPT_S = 3_600;
/** How many messages the broker may send ahead of our acknowledgements. */
const MOST_UNDER_WAY = 1_000;
/** The one subscription's packet id; incoming messages have ids of their own. */
const SUBSCRIBE_ID = 1;

/** An open connection. */
export class MqttSession {
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #parser: Parser;
  readonly #cancels: (() => void)[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #heardAt: number;
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<string>;

  private constructor(options: SessionOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#parser = createParser({ protocolVersion: options.protocol });
    this.#heardAt = options.clock.now();
    let why = 'the broker closed the connection';
    const fail = (error: Error) => {
      why = error.message;
      this.#opened.reject(error);
    };
    socket.on('error', fail);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const cancel of this.#cancels.splice(0)) cancel();
        this.#opened.reject(new SignalboxError('device-unreachable', { why }));
        resolve(why);
      });
    });
    this.#parser.on('packet', (packet) => this.#take(packet));
    this.#parser.on('error', (error: Error) => socket.destroy(error));
    socket.on('data', (chunk: Buffer) => {
      this.#heardAt = options.clock.now();
      this.#parser.parse(chunk);
    });
  }

  /** Connects and subscribes. Rejects with `RefusedVersion`, or with what went wrong, within 4 s. */
  static async open(options: SessionOptions): Promise<MqttSession> {
    const { host, port, tls } = options.target;
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    socket.setNoDelay(true);
    const session = new MqttSession(options, socket);
    const cancel = options.clock.after(CONNECT_LIMIT_MS, () =>
      socket.destroy(new Error(`no answer within ${CONNECT_LIMIT_MS} ms`)),
    );
    try {
      socket.once(tls ? 'secureConnect' : 'connect', () => session.#sendConnect());
      await session.#opened.promise;
      return session;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      cancel();
    }
  }

  /** Tells the broker that these were taken. */
  acknowledge(messageIds: readonly number[]): void {
    if (messageIds.length === 0 || this.#socket.destroyed) return;
    this.#socket.write(Buffer.concat(messageIds.map((messageId) => this.#bytes({ cmd: 'puback', messageId }))));
  }

  /** Reads no more until `resume`, so that a sender without QoS cannot fill our memory. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye; the broker keeps the session for the next. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const gone = once(this.#socket, 'close');
    this.#socket.end(this.#bytes({ cmd: 'disconnect' }));
    // A broker that does not answer our goodbye does not hold us up.
    const cancel = this.#options.clock.after(500, () => this.#socket.destroy());
    this.#socket.resume();
    await gone;
    cancel();
  }

  #sendConnect(): void {
    const { target, protocol, clientId } = this.#options;
    this.#send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: protocol,
      clientId,
      clean: false,
      keepalive: KEEPALIVE_S,
      ...(target.username === undefined ? {} : { username: target.username }),
      ...(target.password === undefined ? {} : { password: Buffer.from(target.password) }),
      ...(protocol === 5
        ? { properties: { sessionExpiryInterval: SESSION_KEPT_S, receiveMaximum: MOST_UNDER_WAY } }
        : {}),
    });
  }

  /** Answers to pings and the like need nothing but having been heard. */
  #take(packet: Packet): void {
    if (packet.cmd === 'connack') this.#onConnack(packet.reasonCode ?? packet.returnCode ?? 0);
    else if (packet.cmd === 'suback') this.#onSuback(packet.granted);
    else if (packet.cmd === 'publish') this.#onPublish(packet);
    else if (packet.cmd === 'disconnect')
      this.#socket.destroy(new Error(`the broker disconnected us, reason ${packet.reasonCode ?? 0}`));
  }

  #onPublish({ topic, payload, qos, messageId }: IPublishPacket): void {
    const message = { topic, payload: Buffer.from(payload) };
    this.#options.onMessage(qos > 0 && messageId !== undefined ? { ...message, messageId } : message);
  }

  #onConnack(code: number): void {
    if (code === 0) {
      const subscriptions = this.#options.topics.map((topic) => ({ topic, qos: 1 as const }));
      this.#send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions });
      return;
    }
    const why = `the broker refused the connection, code ${code}`;
    this.#opened.reject(
      isRefusedVersion(code) ? new RefusedVersion(why) : new SignalboxError('device-unreachable', { why }),
    );
    this.#socket.destroy();
  }

  #onSuback(granted: readonly unknown[]): void {
    // 0x80 and above: refused (MQTT 5, 3.9.3; MQTT 3.1.1, 3.9.3).
    if (granted.some((code) => typeof code === 'number' && code >= 0x80)) {
      this.#socket.destroy(new Error('the broker refused the subscription'));
      return;
    }
    this.#keepAlive();
    this.#opened.resolve();
  }

  #keepAlive(): void {
    const { clock } = this.#options;
    const beat = () => {
      if (clock.now() - this.#heardAt > SILENCE_LIMIT_MS) {
        this.#socket.destroy(new Error('the broker fell silent'));
        return;
      }
      this.#send({ cmd: 'pingreq' });
      this.#cancels.splice(0, this.#cancels.length, clock.after((KEEPALIVE_S * 1_000) / 2, beat));
    };
    beat();
  }

  #send(packet: Packet): void {
    this.#socket.write(this.#bytes(packet));
  }

  #bytes(packet: Packet): Buffer {
    return generate(packet, { protocolVersion: this.#options.protocol });
  }
}
