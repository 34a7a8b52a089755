// Live pages: one subscription to the city's events, fanned out as server-sent events to everybody who looks.
import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';

import type { Clock } from '../engine/model/clock.ts';
import type { CitySnapshot, LiveEvent } from '../engine/model/live.ts';
import type { Metrics } from './metrics.ts';

/** Where the city's present state and its changes come from. */
export interface LiveSource {
  /** The whole city as it is now. */
  snapshot(): Promise<CitySnapshot>;
  /** Calls the listener with changes, in order. Returns a function that ends it; safe to call twice. */
  subscribe(listener: (events: LiveEvent[]) => void): () => void;
}

/** What one viewer may see. */
export interface LiveView {
  sees(event: LiveEvent): boolean;
  narrow(snapshot: CitySnapshot): CitySnapshot;
}

/** One page that listens. */
export interface LiveClient {
  response: ServerResponse;
  view: LiveView;
  /** Asked with every heartbeat; false ends the stream. */
  isWelcome: () => Promise<boolean>;
}

/** A word now and then keeps proxies from closing a quiet stream, and tells a page that it still hears us. In milliseconds. */
const HEARTBEAT_MS = 5_000;
/** What may wait for a slow page, in bytes; then it is dropped, comes again and gets a snapshot. */
const MOST_WAITING_BYTES = 4_194_304;

/** Sends events to pages. */
export class LiveHub {
  readonly #source: LiveSource;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: Pick<Metrics, 'livePages'>;
  readonly #pages = new Set<Page>();
  #unsubscribe: (() => void) | undefined;
  #snapshot: { now?: Promise<CitySnapshot>; next?: Promise<CitySnapshot> } = {};

  constructor(parts: { source: LiveSource; clock: Clock; log: Logger; metrics: Pick<Metrics, 'livePages'> }) {
    this.#source = parts.source;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#metrics = parts.metrics;
  }

  /** Listens to the city. Safe to call twice. */
  start(): void {
    this.#unsubscribe ??= this.#source.subscribe((events) => this.#send(events));
  }

  /** Ends all streams. Safe to call twice. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    for (const page of this.#pages) page.end();
  }

  /**
   * The city as it is now. Many who ask at once share one reading of it, but only one that began after they asked:
   * an older one could miss what was sent before they listened.
   */
  snapshot(): Promise<CitySnapshot> {
    const { now } = this.#snapshot;
    if (!now) return this.#begin();
    this.#snapshot.next ??= now
      .catch(() => undefined)
      .then(() => {
        delete this.#snapshot.next;
        return this.#begin();
      });
    return this.#snapshot.next;
  }

  /** Serves one page until it leaves: a `snapshot` event, then every change. Rejects when there is no snapshot. */
  async serve(client: LiveClient): Promise<void> {
    const page = new Page(client, this.#clock);
    this.#pages.add(page);
    this.#metrics.livePages.set(this.#pages.size);
    client.response.once('close', () => {
      page.end();
      this.#pages.delete(page);
      this.#metrics.livePages.set(this.#pages.size);
    });
    try {
      page.begin(await this.snapshot());
    } catch (error) {
      this.#pages.delete(page);
      this.#metrics.livePages.set(this.#pages.size);
      throw error;
    }
  }

  #begin(): Promise<CitySnapshot> {
    const snapshot = this.#source.snapshot().finally(() => {
      if (this.#snapshot.now === snapshot) delete this.#snapshot.now;
    });
    this.#snapshot.now = snapshot;
    return snapshot;
  }

  #send(events: readonly LiveEvent[]): void {
    const texts = events.map((event) => ({ event, text: message(event.event, event.data) }));
    for (const page of this.#pages) {
      if (page.send(texts)) continue;
      this.#log.warn('a page was too slow for live events and was dropped');
      page.drop();
    }
  }
}

interface Message {
  event: LiveEvent;
  text: string;
}

/** One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
const message = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** One stream. */
class Page {
  readonly #client: LiveClient;
  readonly #clock: Clock;
  /** Changes that came before the snapshot was there; undefined once it was sent. */
  #early: string[] | undefined = [];
  #earlyBytes = 0;
  /** The snapshot itself may be large: it does not count as slowness until it has gone out. */
  #allowance = MOST_WAITING_BYTES;
  #endHeartbeat: () => void = () => undefined;

  constructor(client: LiveClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  begin(snapshot: CitySnapshot): void {
    const { response, view } = this.#client;
    if (response.destroyed || response.writableEnded) return;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Tells nginx not to collect the stream before passing it on.
      'x-accel-buffering': 'no',
    });
    const text = message('snapshot', view.narrow(snapshot)) + (this.#early ?? []).join('');
    this.#early = undefined;
    this.#allowance = MOST_WAITING_BYTES + Buffer.byteLength(text);
    if (response.write(text)) this.#allowance = MOST_WAITING_BYTES;
    else
      response.once('drain', () => {
        this.#allowance = MOST_WAITING_BYTES;
      });
    this.#beatLater();
  }

  /** False when the page is too slow. */
  send(messages: readonly Message[]): boolean {
    const { response, view } = this.#client;
    const text = messages.map((each) => (view.sees(each.event) ? each.text : '')).join('');
    if (text === '') return true;
    if (this.#early) {
      this.#early.push(text);
      this.#earlyBytes += text.length;
      return this.#earlyBytes <= MOST_WAITING_BYTES;
    }
    response.write(text);
    return response.writableLength <= this.#allowance;
  }

  end(): void {
    this.#endHeartbeat();
    this.#client.response.end();
  }

  drop(): void {
    this.#endHeartbeat();
    this.#client.response.destroy();
  }

  #beatLater(): void {
    this.#endHeartbeat = this.#clock.after(HEARTBEAT_MS, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    // A store that cannot answer does not end a stream; a session that is over does.
    const welcome = await this.#client.isWelcome().catch(() => true);
    const { response } = this.#client;
    if (response.destroyed || response.writableEnded) return;
    if (!welcome) return this.end();
    response.write(message('alive', {}));
    this.#beatLater();
  }
}
