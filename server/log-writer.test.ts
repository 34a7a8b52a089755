import { expect, it } from 'vitest';
import type { Input } from '../engine/model/input.ts';
import { MemoryLog } from '../test/memory-log.ts';
import { LogWriter } from './log-writer.ts';
import { createMetrics } from './metrics.ts';

const tick: Input = { kind: 'tick' };
const readings: Input = {
  kind: 'readings',
  readings: [
    {
      id: 'r',
      asset: 'urn:ngsi-ld:Detector:a',
      property: 'occupancy',
      value: 0,
      observedAt: 0,
      receivedAt: 0,
      quality: 'good',
      source: 's',
    },
  ],
};

const wish = (kind: 'flow' | 'person'): Input => ({
  kind: 'request',
  id: 'r',
  actor: { kind, id: 'lighting', roles: {} },
  department: 'lighting',
  request: {
    do: 'claim',
    point: 'urn:ngsi-ld:Streetlight:x#level',
    effect: 'set',
    value: 1,
    slot: 13,
    rampSeconds: 0,
    leaseSeconds: 60,
    key: '',
    reason: 'r',
  },
});

it('writes what comes at once in one append, in order', async () => {
  const { log, writer } = start();
  const ids = await Promise.all(Array.from({ length: 100 }, () => writer.append(tick)));
  expect(log.groups).toEqual([100]);
  expect(ids).toEqual(log.entries.map(({ id }) => id));
});

it('splits what is too much for one append', async () => {
  const { log, writer } = start();
  await Promise.all(Array.from({ length: 300 }, () => writer.append(tick)));
  expect(log.groups).toEqual([128, 128, 44]);
});

it('refuses everybody in a group that failed, and goes on with the next', async () => {
  const { log, writer } = start();
  log.mood = 'away';
  const failed = await Promise.allSettled([writer.append(tick), writer.append(tick)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  log.mood = 'well';
  await expect(writer.append(tick)).resolves.toMatch(/^\d+-\d+$/);
});

it('lets everything but readings pass when the log is full', async () => {
  const { log, writer } = start();
  log.mood = 'full';
  const [reading, other] = await Promise.allSettled([writer.append(readings), writer.append(tick)]);
  expect(reading).toMatchObject({ status: 'rejected', reason: { code: 'log-full' } });
  expect(other.status).toBe('fulfilled');
  await expect(writer.append(readings)).rejects.toMatchObject({ code: 'log-full' });
  expect(log.entries).toHaveLength(1);
});

it('refuses readings and flows’ wishes when the log is very full, and still takes the rest of the same group', async () => {
  const { log, writer } = start();
  log.mood = 'very full';
  const outcomes = await Promise.allSettled(
    [readings, wish('flow'), wish('person'), tick].map((input) => writer.append(input)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect(log.entries.map(({ input }) => input.kind)).toEqual(['request', 'tick']);
});

it('refuses what would wait behind too many, and everything once it has stopped', async () => {
  const { log, writer } = start();
  const release = log.hold();
  const waiting = Array.from({ length: 2_048 }, () => writer.append(tick));
  await expect(writer.append(tick)).rejects.toMatchObject({ code: 'log-unavailable' });
  const stopped = writer.stop();
  release();
  await stopped;
  await writer.stop();
  expect(await Promise.all(waiting)).toHaveLength(2_048);
  await expect(writer.append(tick)).rejects.toThrow('this gateway is stopping');
});

function start() {
  const log = new MemoryLog();
  return { log, writer: new LogWriter(log, createMetrics()) };
}
