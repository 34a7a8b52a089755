// Following the city: snapshot, batches, loss, return, refusal.
import { beforeEach, expect, it } from 'vitest';

import type { Clock } from '../../../engine/model/clock.ts';
import { asset, fact, snapshot } from './city-builders.testsuite.ts';
import { createCityStore, type CityStore, type EventStream } from './city-store.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';

/** A stream that the test speaks through. */
class ScriptedStream implements EventStream {
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  readyState = 1;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(name, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  say(name: string, data: unknown): void {
    this.#listeners.get(name)?.(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
  fail(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.#listeners.get('error')?.(new MessageEvent('error'));
  }
}

/** A clock that moves when told. */
class StepClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; wake: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  after(delayMs: number, wake: () => void): () => void {
    const timer = { at: this.#now + delayMs, wake };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  step(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
  }
}

let streams: ScriptedStream[];
let clock: StepClock;
let store: CityStore;
let refused: number;

beforeEach(() => {
  streams = [];
  clock = new StepClock();
  refused = 0;
  store = createCityStore({
    open: () => {
      const stream = new ScriptedStream();
      streams.push(stream);
      return stream;
    },
    clock,
    onRefused: () => (refused += 1),
  });
  store.start();
});

it('is live from the first snapshot on and knows how far the clocks are apart', () => {
  expect(store.picture().connection).toBe('connecting');
  streams[0]?.say('snapshot', snapshot({ at: 999_000, assets: [asset(LAMP)] }));
  expect(store.picture()).toMatchObject({ connection: 'live', skewMs: 1_000 });
  expect(store.picture().city.assets.has(LAMP)).toBe(true);
});

it('draws events that come together once', () => {
  let drawn = 0;
  streams[0]?.say('snapshot', snapshot());
  store.subscribe(() => (drawn += 1));
  streams[0]?.say('asset', asset(LAMP));
  streams[0]?.say('fact', fact(LAMP, 'activePower', 3));
  expect(drawn).toBe(0);
  clock.step(60);
  expect(drawn).toBe(1);
  expect(store.picture().city.facts.get(LAMP)?.get('activePower')?.value).toBe(3);
});

it('shows a loss at once, keeps the values, and catches up with the next snapshot', () => {
  streams[0]?.say('snapshot', snapshot({ at: clock.now(), assets: [asset(LAMP)] }));
  clock.step(5_000);
  streams[0]?.fail(0);
  expect(store.picture()).toMatchObject({ connection: 'lost', lostAt: 1_005_000 });
  expect(store.picture().city.assets.size).toBe(1);
  clock.step(5_000);
  streams[0]?.fail(0);
  expect(store.picture().lostAt).toBe(1_005_000);
  streams[0]?.say('snapshot', snapshot({ at: clock.now() }));
  expect(store.picture().connection).toBe('live');
  expect(store.picture().lostAt).toBeUndefined();
  expect(store.picture().city.assets.size).toBe(0);
});

it('opens a new stream when the server closed the old one, and says so', () => {
  streams[0]?.fail(2);
  expect([streams.length, refused]).toEqual([1, 1]);
  clock.step(2_000);
  expect(streams).toHaveLength(2);
  streams[0]?.say('snapshot', snapshot({ assets: [asset(LAMP)] }));
  expect(store.picture().connection).toBe('lost');
  streams[1]?.say('snapshot', snapshot());
  expect(store.picture().connection).toBe('live');
});

it('starts and stops as often as told, and is silent after the stop', () => {
  store.start();
  expect(streams).toHaveLength(1);
  streams[0]?.say('fact', fact(LAMP, 'activePower', 3));
  store.stop();
  store.stop();
  clock.step(10_000);
  expect(streams).toHaveLength(1);
  expect(store.picture().city.facts.size).toBe(0);
});

it('notices by its silence that a connection broke without a word, and opens it anew', () => {
  store.start();
  streams[0]?.say('snapshot', snapshot({}));
  clock.step(10_000);
  streams[0]?.say('alive', {});
  clock.step(10_000);
  expect(store.picture().connection).toBe('live');
  clock.step(3_000);
  expect(store.picture().connection).toBe('lost');
  expect(streams).toHaveLength(2);
  streams[1]?.say('snapshot', snapshot({}));
  expect(store.picture().connection).toBe('live');
});
