import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../engine/model/live.ts';
import { J4, LAMP, MemoryLive, startGateway, type GatewayRun } from '../test/gateway-run.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { LiveHub } from './live.ts';
import { createMetrics } from './metrics.ts';

const viewer = { '*': ['viewer' as const] };

describe('a live page', () => {
  it('begins with the city as it is, then hears every change in order', async () => {
    const run = await startGateway();
    run.live.city = { ...run.live.city, at: 17, facts: [fact(J4, 1)] };
    const stream = await listen(run, await run.cookieOf('ann', viewer));
    expect(await stream.next()).toEqual({ event: 'snapshot', data: { ...run.live.city } });
    run.live.emit(factEvent(J4, 2), factEvent(J4, 3));
    expect(await stream.next()).toEqual({ event: 'fact', data: fact(J4, 2) });
    expect(await stream.next()).toEqual({ event: 'fact', data: fact(J4, 3) });
  });

  it('misses nothing that happens while its snapshot is read', async () => {
    const run = await startGateway();
    const { promise, resolve } = Promise.withResolvers<void>();
    const read = run.live.snapshot.bind(run.live);
    run.live.snapshot = async () => {
      await promise;
      return read();
    };
    const cookie = await run.cookieOf('ann', viewer);
    const opening = listen(run, cookie);
    await expect.poll(async () => (await run.metrics.livePages.get()).values[0]?.value).toBe(1);
    run.live.emit(factEvent(J4, 5));
    resolve();
    const stream = await opening;
    expect((await stream.next()).event).toBe('snapshot');
    expect(await stream.next()).toEqual({ event: 'fact', data: fact(J4, 5) });
  });

  it('sees the departments where its reader may read', async () => {
    const run = await startGateway();
    run.live.city = { ...run.live.city, facts: [fact(LAMP, 1), fact(J4, 1)] };
    const stream = await listen(run, await run.cookieOf('ann', { traffic: ['viewer'] }));
    expect((await stream.next()).data).toMatchObject({ facts: [{ asset: J4 }] });
    run.live.emit(factEvent(LAMP, 2), factEvent('urn:ngsi-ld:Detector:unknown', 2), factEvent(J4, 2));
    expect((await stream.next()).data).toMatchObject({ asset: J4 });
    const city = await run.call(await run.cookieOf('bob', { lighting: ['viewer'] }), 'GET', '/api/city');
    expect(city.body).toMatchObject({ facts: [{ asset: LAMP }] });
  });

  it('hears every 5 s that it is still connected, until its session is over', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    const cookie = await run.cookieOf('ann', viewer);
    const stream = await listen(run, cookie);
    await stream.next();
    clock.advance(5_000);
    expect(await stream.text()).toBe('event: alive\ndata: {}');
    await run.call(cookie, 'DELETE', '/api/session');
    await expect.poll(() => clock.waiting).toBeGreaterThan(0);
    clock.advance(5_000);
    expect(await stream.ended()).toBe(true);
  });

  it('is dropped when it is too slow, and the others go on', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', viewer);
    const slow = connect(run.gateway.port, '127.0.0.1');
    slow.write(`GET /api/live HTTP/1.1\r\nhost: x\r\ncookie: ${cookie}\r\n\r\n`);
    await once(slow, 'readable');
    const stream = await listen(run, cookie);
    await stream.next();
    const closed = once(slow, 'close');
    const large = { event: 'fact' as const, data: { ...fact(J4, 1), source: 'x'.repeat(100_000) } };
    for (let sent = 0; sent < 400 && (await pages(run)) === 2; sent += 1) {
      run.live.emit(large);
      await stream.next();
    }
    expect(await pages(run)).toBe(1);
    slow.resume();
    await closed;
    run.live.emit(factEvent(J4, 9));
    expect(await stream.next()).toEqual({ event: 'fact', data: fact(J4, 9) });
  });

  it('is told when there is no snapshot to begin with', async () => {
    const run = await startGateway();
    run.live.snapshot = () => Promise.reject(new Error('redis is away'));
    expect((await run.call(await run.cookieOf('ann', viewer), 'GET', '/api/live')).status).toBe(500);
    expect(await pages(run)).toBe(0);
  });

  it('shares the reading of a snapshot, but only one that began after it asked', async () => {
    const began: (() => void)[] = [];
    const source = new MemoryLive();
    const read = source.snapshot.bind(source);
    source.snapshot = async () => {
      await new Promise<void>((resolve) => began.push(resolve));
      return read();
    };
    const log = pino({ level: 'silent' });
    const hub = new LiveHub({ source, clock: new ManualClock(), log, metrics: createMetrics() });
    const first = hub.snapshot();
    const others = Promise.all([hub.snapshot(), hub.snapshot(), hub.snapshot()]);
    expect(began).toHaveLength(1);
    began[0]?.();
    await first;
    await expect.poll(() => began.length).toBe(2);
    began[1]?.();
    await others;
    expect(source.reads).toBe(2);
  });
});

const pages = async (run: GatewayRun): Promise<number> => (await run.metrics.livePages.get()).values[0]?.value ?? 0;
const fact = (asset: string, value: number) => ({
  asset,
  property: 'occupancy',
  value,
  observedAt: value,
  state: 'known' as const,
  source: 'flow:traffic',
});
const factEvent = (asset: string, value: number): LiveEvent => ({ event: 'fact', data: fact(asset, value) });

/** Reads a page's stream. */
async function listen(run: GatewayRun, cookie: string) {
  const response = await fetch(`${run.url}/api/live`, { headers: { cookie } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  const block = async (): Promise<string> => {
    for (;;) {
      const end = waiting.indexOf('\n\n');
      if (end >= 0) {
        const text = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        return text;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream has ended');
      waiting += value;
    }
  };
  return {
    next: async (): Promise<{ event: string; data: unknown }> => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(await block()) ?? [];
      return { event, data: JSON.parse(data) };
    },
    text: block,
    ended: async () => (await reader.read()).done,
  };
}
