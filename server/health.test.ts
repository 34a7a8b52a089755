import { expect, it } from 'vitest';
import { HealthRegistry } from './health.ts';

it('asks all parts at once, and whoever asks meanwhile gets the same answer', async () => {
  const health = new HealthRegistry();
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  health.register('slow', async () => {
    asked += 1;
    await promise;
    return { ok: true };
  });
  const reports = [health.report(), health.report()];
  resolve();
  const ready = { ready: true, missing: [], parts: { slow: { ok: true } } };
  expect(await Promise.all(reports)).toEqual([ready, ready]);
  expect(asked).toBe(1);
  await health.report();
  expect(asked).toBe(2);
});

it('does not wait for a part that never answers', async () => {
  const health = new HealthRegistry(20);
  health.register('stuck', () => new Promise(() => undefined));
  health.register('well', () => ({ ok: true }));
  expect(await health.report()).toEqual({
    ready: false,
    missing: ['stuck'],
    parts: { stuck: { ok: false, detail: 'no answer within 20 ms' }, well: { ok: true } },
  });
});

it('forgets a part that has ended, but not its successor of the same name', async () => {
  const health = new HealthRegistry();
  const end = health.register('engine', () => ({ ok: false }));
  health.register('engine', () => ({ ok: true }));
  end();
  expect((await health.report()).ready).toBe(true);
});
