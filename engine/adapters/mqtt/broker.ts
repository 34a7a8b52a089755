// The embedded field bus: an MQTT 3.1.1 broker in this process, for boxes that bring none of their own.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Logger } from 'pino';

import { systemClock, type Clock } from '../../model/clock.ts';
import { BrokerDoor, type VerifyDevice } from './broker-door.ts';
import { whyNotPublish, whyNotSubscribe, type Principal } from './broker-rights.ts';
import { PacketMeter } from './packet-meter.ts';

/** What the broker needs. */
export interface EmbeddedBrokerOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 takes a free one; see `port`. */
  port: number;
  /** Password per fixed user: `core`, `field`, and each department. */
  passwords: Readonly<Record<string, string>>;
  /** Checks the secret of `<department>.<device>`. */
  verifyDevice: VerifyDevice;
  logger: Logger;
  clock?: Clock;
  /** Everybody but the core waits for this before being let in, so that no first report is lost; default: nobody waits. */
  opensWhen?: Promise<void>;
  /** The largest packet in bytes; default 131,072. */
  largestPacket?: number;
}

const LARGEST_PACKET = 131_072;
/** A client that takes nothing for this long is cut off, so that it holds up no publisher; milliseconds. */
const DRAIN_LIMIT_MS = 5_000;
/** A connection that says nothing for this long is ended; milliseconds. */
const CONNECT_LIMIT_MS = 10_000;
/** CONNACK code of MQTT 3.1.1, 3.2.2.3. */
const NOT_AUTHORISED = 5;

/** The broker. Sessions and retained status live in memory and end with the process. */
export class EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #door: BrokerDoor;
  readonly #principals = new WeakMap<Client, Principal>();
  readonly #sockets = new Set<Socket>();
  #running: { server: Server; aedes: Aedes } | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    const { passwords, verifyDevice, clock } = options;
    this.#door = new BrokerDoor({ passwords, verifyDevice, clock: clock ?? systemClock });
  }

  /** Resolves when it listens; rejects when the port is taken. Safe to call twice. */
  async start(): Promise<void> {
    if (this.#running) return;
    const aedes = await Aedes.createBroker({
      drainTimeout: DRAIN_LIMIT_MS,
      connectTimeout: CONNECT_LIMIT_MS,
      preConnect: (_client, packet, done) => {
        keepApart(packet);
        done(null, true);
      },
      authenticate: (client, username, password, done) => void this.#authenticate(client, { username, password }, done),
      authorizePublish: (client, packet, done) => done(this.#refusal(client, packet.topic, packet.retain)),
      authorizeSubscribe: (client, subscription, done) =>
        // Without the subscription aedes answers 0x80, "failure", and keeps the connection.
        done(null, this.#maySubscribe(client, subscription.topic) ? subscription : null),
    });
    aedes.on('clientError', (client, error) => this.#say(client, error));
    aedes.on('connectionError', (client, error) => this.#say(client, error));
    const server = createServer((socket) => this.#welcome(socket, aedes));
    this.#running = { server, aedes };
    server.listen(this.#options.port, this.#options.host ?? '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends all connections. Safe to call twice. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    const closed = new Promise<void>((resolve) => {
      running.server.close(() => resolve());
    });
    await new Promise<void>((resolve) => running.aedes.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** The port it listens on; 0 while it does not. */
  get port(): number {
    const address = this.#running?.server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  #welcome(socket: Socket, aedes: Aedes): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    this.#limitPackets(socket);
    aedes.handle(socket);
  }

  /** aedes gathers a packet whole, however large; it takes its bytes from `read`, so that is where they are measured. */
  #limitPackets(socket: Socket): void {
    const limit = this.#options.largestPacket ?? LARGEST_PACKET;
    const meter = new PacketMeter(limit);
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      if (!Buffer.isBuffer(chunk) || meter.accepts(chunk)) return chunk;
      socket.destroy(new Error(`a packet of more than ${limit} bytes`));
      return null;
    };
  }

  async #authenticate(
    client: Client,
    { username, password }: { username: string | undefined; password: Buffer | undefined },
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): Promise<void> {
    const who = await this.#door.admit(username, password).catch((error: unknown) => {
      this.#options.logger.warn({ err: error, username }, 'a device’s secret could not be checked');
      return undefined;
    });
    if (who && who.kind !== 'core') await this.#options.opensWhen;
    if (who) {
      this.#principals.set(client, who);
      done(null, true);
      return;
    }
    this.#options.logger.warn({ username, clientId: client.id }, 'a client was not let in to the field bus');
    done(Object.assign(new Error('unknown user or wrong password'), { returnCode: NOT_AUTHORISED }), null);
  }

  /** An error ends the connection: MQTT 3.1.1 has no other way to refuse a message (3.3.5). */
  #refusal(client: Client | null, topic: string, retain: boolean): Error | null {
    // Without a client it is the broker's own.
    if (!client) return null;
    const who = this.#principals.get(client);
    const why = who ? whyNotPublish(who, topic, retain) : 'not signed in';
    return why === undefined ? null : new Error(`may not publish to ${topic}: ${why}`);
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const who = this.#principals.get(client);
    const why = who ? whyNotSubscribe(who, filter) : 'not signed in';
    if (why !== undefined)
      this.#options.logger.warn({ clientId: client.id, filter, why }, 'a subscription was refused');
    return why === undefined;
  }

  #say(client: Client, error: Error): void {
    this.#options.logger.info({ clientId: client.id, why: error.message }, 'a client of the field bus was cut off');
  }
}

/**
 * Client ids belong to the user, so that nobody takes over another's connection or session by its name. Only the core
 * keeps a session: commands must not be left with the broker for a device that comes back later.
 */
function keepApart(packet: { username?: string; clientId: string; clean?: boolean }): void {
  if (packet.username === 'core') return;
  packet.clean = true;
  if (packet.clientId !== '') packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
}
