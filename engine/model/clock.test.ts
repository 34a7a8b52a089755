// The one real clock.
import { expect, test } from 'vitest';

import { pause, systemClock, toIso } from './clock.ts';

test('tells the machine’s time', () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('wakes when the time has come, at once for less than nothing', async () => {
  const begun = performance.now();
  await pause(systemClock, 10);
  expect(performance.now() - begun).toBeGreaterThan(8);
  await expect(pause(systemClock, -5)).resolves.toBeUndefined();
});

test('does not wake who has cancelled, and does not mind being cancelled twice', async () => {
  let woken = false;
  const cancel = systemClock.after(0, () => {
    woken = true;
  });
  cancel();
  cancel();
  await pause(systemClock, 5);
  expect(woken).toBe(false);
});

test('a delay longer than Node’s timers hold does not fire at once', async () => {
  let woken = false;
  const cancel = systemClock.after(2 ** 40, () => {
    woken = true;
  });
  await pause(systemClock, 5);
  cancel();
  expect(woken).toBe(false);
});

test('writes instants in UTC with milliseconds', () => {
  expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z');
});
