// Listens to what devices say over MQTT: one process of the box at a time, with a session that the broker keeps.
import type { Logger } from 'pino';

import type { InputLog } from '../../fold/ports.ts';
import { systemClock, type Clock } from '../../model/clock.ts';
import { topicOf, type Channel } from '../../model/field.ts';
import type { AdapterListener, DeviceDirectory } from '../adapter.ts';
import { LISTENER_LEASE_MS, type ListenerLease } from '../listener-lease.ts';
import { Intake } from './intake.ts';
import { MqttSession, RefusedVersion } from './mqtt-session.ts';
import { Outage } from './outage.ts';
import { readMqttUrl, type MqttProtocol, type MqttTarget } from './mqtt-target.ts';
import { Refusals } from './refusals.ts';

/** What the listener needs. */
export interface MqttListenerOptions {
  /** As `readMqttUrl` reads it. */
  url: string;
  log: Pick<InputLog, 'append'>;
  directory: DeviceDirectory;
  lease: ListenerLease;
  logger: Logger;
  clock?: Clock;
  /** The session's name at the broker, the same for all processes of a box; default `signalbox-listener`. */
  clientId?: string;
  /** Called each time it has begun to listen. */
  onListening?: () => void;
}

const CHANNELS: readonly Channel[] = ['report', 'ack', 'status'];
/** How often the lease is renewed, and how often a standby asks for it; milliseconds. */
const RENEW_EVERY_MS = 1_000;
const ASK_EVERY_MS = 500;

/** The listener's half of the MQTT adapter. */
export class MqttListener implements AdapterListener {
  readonly #options: MqttListenerOptions;
  readonly #target: MqttTarget;
  readonly #clock: Clock;
  readonly #refusals: Refusals;
  readonly #leaseOutage: Outage;
  readonly #busOutage: Outage;
  #protocolIndex = 0;
  #running: { stop: () => void; done: Promise<void> } | undefined;
  #state: 'stopped' | 'standby' | 'connecting' | 'listening' = 'stopped';

  /** Throws `settings` for a URL that cannot be used. */
  constructor(options: MqttListenerOptions) {
    this.#options = options;
    this.#target = readMqttUrl(options.url);
    this.#clock = options.clock ?? systemClock;
    this.#refusals = new Refusals(options.logger, this.#clock);
    this.#leaseOutage = new Outage(options.logger, this.#clock, 'the listener’s lease cannot be asked for');
    this.#busOutage = new Outage(options.logger, this.#clock, 'the listener has no connection to the field bus');
  }

  start(): void {
    if (this.#running) return;
    const stopping = new AbortController();
    this.#running = { stop: () => stopping.abort(), done: this.#run(stopping.signal) };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.stop();
    await running?.done;
  }

  healthy(): boolean {
    return this.#state === 'standby' || this.#state === 'listening';
  }

  /** True while this process is the one that listens. */
  listening(): boolean {
    return this.#state === 'listening';
  }

  refused(): Readonly<Record<string, number>> {
    return this.#refusals.counts();
  }

  async #run(stopping: AbortSignal): Promise<void> {
    const { lease } = this.#options;
    while (!stopping.aborted) {
      this.#state = 'standby';
      try {
        const isOurs = await this.#inTime(lease.acquire(), stopping);
        this.#leaseOutage.over();
        if (isOurs) await this.#hold(stopping);
      } catch (error) {
        this.#leaseOutage.note({ err: error });
      }
      await this.#wait(ASK_EVERY_MS, stopping);
    }
    this.#state = 'stopped';
  }

  /** While the lease is ours: listen, and connect again whenever the connection is lost. */
  async #hold(stopping: AbortSignal): Promise<void> {
    const { lease } = this.#options;
    const lost = new AbortController();
    const over = AbortSignal.any([stopping, lost.signal]);
    const renewing = this.#renew(over).then(() => lost.abort());
    while (!over.aborted) {
      this.#state = 'connecting';
      try {
        await this.#listen(over);
      } catch (error) {
        if (error instanceof RefusedVersion && this.#target.protocols.length > 1) {
          this.#protocolIndex += 1;
          continue;
        }
        this.#busOutage.note({ err: error, host: this.#target.host });
      }
      await this.#wait(ASK_EVERY_MS, over);
    }
    await renewing;
    await this.#inTime(lease.release(), new AbortController().signal).catch(() => undefined);
  }

  async #listen(over: AbortSignal): Promise<void> {
    const { log, directory, logger, clientId } = this.#options;
    const intake = new Intake({ log, directory, refusals: this.#refusals, clock: this.#clock, logger });
    const session = await MqttSession.open({
      target: this.#target,
      protocol: this.#protocol,
      clientId: clientId ?? 'signalbox-listener',
      topics: CHANNELS.map((channel) => topicOf({ department: '+', device: '+' }, channel)),
      clock: this.#clock,
      onMessage: (message) => intake.take(message),
    });
    intake.attach(session);
    this.#state = 'listening';
    this.#options.onListening?.();
    this.#busOutage.over();
    logger.info({ host: this.#target.host, protocol: this.#protocol }, 'listening to the field bus');
    const leave = () => void session.close();
    over.addEventListener('abort', leave, { once: true });
    if (over.aborted) leave();
    const why = await session.closed;
    over.removeEventListener('abort', leave);
    intake.end();
    this.#state = 'connecting';
    if (!over.aborted) logger.warn({ why }, 'the listener lost the field bus');
  }

  /** Returns when the lease is lost, or could not be renewed for as long as it holds, or `over`. */
  async #renew(over: AbortSignal): Promise<void> {
    let heldUntil = this.#clock.now() + LISTENER_LEASE_MS;
    while (!over.aborted && this.#clock.now() < heldUntil) {
      await this.#wait(RENEW_EVERY_MS, over);
      if (over.aborted) return;
      const askedAt = this.#clock.now();
      const isOurs = await this.#inTime(this.#options.lease.renew(), over).catch(() => undefined);
      if (isOurs === false) return;
      if (isOurs) heldUntil = askedAt + LISTENER_LEASE_MS;
    }
  }

  /** What `asked` answers; undefined when a Redis that hangs does not answer in time, or it is over. */
  #inTime<T>(asked: Promise<T>, over: AbortSignal): Promise<T | undefined> {
    return Promise.race([asked, this.#wait(RENEW_EVERY_MS, over).then(() => undefined)]);
  }

  get #protocol(): MqttProtocol {
    const { protocols } = this.#target;
    return protocols[this.#protocolIndex % protocols.length] ?? 5;
  }

  #wait(delayMs: number, over: AbortSignal): Promise<void> {
    if (over.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        over.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, wake);
      over.addEventListener('abort', wake, { once: true });
    });
  }
}
