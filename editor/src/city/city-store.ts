// Keeps one page's picture of the city true: the stream of live events, its loss and its return.
import type { Clock, Instant } from '../../../engine/model/clock.ts';
import type { CitySnapshot, LiveEvent } from '../../../engine/model/live.ts';
import { applyEvents, EMPTY_CITY, fromSnapshot, type CityState } from './city-state.ts';

/** Events that follow one another this closely are drawn together, in milliseconds. */
const DRAW_TOGETHER_MS = 60;
/** Pause before a stream that the server closed is opened again, in milliseconds. */
const REOPEN_AFTER_MS = 2_000;

/** The server says something at least every 5 s; a stream that is silent for this long is dead, in milliseconds. */
const DEAD_AFTER_MS = 12_000;

/** Names of the stream's events besides `snapshot` and `alive`. */
const EVENT_NAMES = [
  'asset',
  'fact',
  'point',
  'activation',
  'decision',
  'command',
  'alarm',
  'confirmation',
  'restraint',
  'gone',
] as const;

/** The part of EventSource that the store uses. */
export interface EventStream {
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
  /** 2 is closed for good (https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource-closed). */
  readonly readyState: number;
}

/** What pages draw. */
export interface LivePicture {
  city: CityState;
  connection: 'connecting' | 'live' | 'lost';
  /** When it was lost, by the log's clock. */
  lostAt?: Instant;
  /** The browser's clock minus the log's clock, in milliseconds. */
  skewMs: number;
}

/** One page's picture. `start` and `stop` are safe to call twice. */
export interface CityStore {
  start(): void;
  stop(): void;
  subscribe(listener: () => void): () => void;
  picture(): LivePicture;
}

const CLOSED = 2;

/**
 * A store that follows the city.
 *
 * @param parts `open` opens the stream; `onRefused` is called when the server closed it instead of losing it (the
 *   session may be over)
 */
export function createCityStore(parts: { open: () => EventStream; clock: Clock; onRefused: () => void }): CityStore {
  return new FollowingStore(parts);
}

class FollowingStore implements CityStore {
  readonly #open: () => EventStream;
  readonly #clock: Clock;
  readonly #onRefused: () => void;
  readonly #listeners = new Set<() => void>();
  #picture: LivePicture = { city: EMPTY_CITY, connection: 'connecting', skewMs: 0 };
  #stream: EventStream | undefined;
  #waiting: LiveEvent[] = [];
  #cancelDraw: (() => void) | undefined;
  #cancelReopen: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(parts: { open: () => EventStream; clock: Clock; onRefused: () => void }) {
    this.#open = parts.open;
    this.#clock = parts.clock;
    this.#onRefused = parts.onRefused;
  }

  picture(): LivePicture {
    return this.#picture;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#stream) return;
    const stream = this.#open();
    this.#stream = stream;
    this.#heard();
    stream.addEventListener('alive', () => {
      if (this.#stream === stream) this.#heard();
    });
    stream.addEventListener('snapshot', ({ data }) => {
      if (this.#stream !== stream) return;
      this.#heard();
      this.#begin(JSON.parse(data));
    });
    for (const name of EVENT_NAMES)
      stream.addEventListener(name, ({ data }) => {
        if (this.#stream !== stream) return;
        this.#heard();
        this.#take({ event: name, data: JSON.parse(data) });
      });
    stream.addEventListener('error', () => {
      if (this.#stream === stream) this.#lose(stream);
    });
  }

  stop(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#cancelDraw?.();
    this.#cancelReopen?.();
    this.#cancelWatch?.();
    this.#cancelDraw = this.#cancelReopen = this.#cancelWatch = undefined;
    this.#waiting = [];
  }

  #begin(snapshot: CitySnapshot): void {
    this.#cancelDraw?.();
    this.#cancelDraw = undefined;
    this.#waiting = [];
    this.#show({ city: fromSnapshot(snapshot), connection: 'live', skewMs: this.#clock.now() - snapshot.at });
  }

  #take(event: LiveEvent): void {
    this.#waiting.push(event);
    this.#cancelDraw ??= this.#clock.after(DRAW_TOGETHER_MS, () => {
      this.#cancelDraw = undefined;
      const events = this.#waiting;
      this.#waiting = [];
      this.#show({ ...this.#picture, city: applyEvents(this.#picture.city, events) });
    });
  }

  /** A connection that broke without a word is noticed by its silence, and opened anew. */
  #heard(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = this.#clock.after(DEAD_AFTER_MS, () => {
      this.#showLost();
      this.#stream?.close();
      this.#stream = undefined;
      this.start();
    });
  }

  #showLost(): void {
    const lostAt = this.#picture.lostAt ?? this.#clock.now() - this.#picture.skewMs;
    this.#show({ ...this.#picture, connection: 'lost', lostAt });
  }

  #lose(stream: EventStream): void {
    this.#showLost();
    // While the browser itself tries again there is nothing to do; the next snapshot tells that it succeeded.
    if (stream.readyState !== CLOSED) return;
    this.#stream = undefined;
    stream.close();
    this.#onRefused();
    this.#cancelReopen ??= this.#clock.after(REOPEN_AFTER_MS, () => {
      this.#cancelReopen = undefined;
      this.start();
    });
  }

  #show(picture: LivePicture): void {
    this.#picture = picture;
    for (const listener of this.#listeners) listener();
  }
}
