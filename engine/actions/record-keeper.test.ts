import { expect, it, vi } from 'vitest';

import { systemClock, type Clock } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';
import { RecordKeeper, type RecordTaker } from './record-keeper.ts';

const reading = (id: string): Reading => ({
  id,
  asset: 'urn:ngsi-ld:Streetlight:a',
  property: 'activePower',
  value: 1,
  observedAt: 1,
  receivedAt: 1,
  quality: 'good',
  source: 'adapter:mqtt',
});
const batchOf = (...ids: string[]) => ({ decisions: [], commands: [], readings: ids.map(reading) });

/** A recorder that is away until told otherwise, and a clock whose waits are over at once. */
function setUp() {
  const written: string[] = [];
  const state = { isAway: false };
  const recorder: RecordTaker = {
    async record({ readings }) {
      if (state.isAway) throw new Error('away');
      written.push(...readings.map(({ id }) => id));
    },
  };
  const clock: Clock = { now: () => 0, after: (_delayMs, wake) => systemClock.after(1, wake) };
  return { keeper: new RecordKeeper(recorder, clock), written, state };
}

it('settles when everything taken is written, in order', async () => {
  const { keeper, written } = setUp();
  keeper.take(batchOf('a', 'b'));
  keeper.take(batchOf('c'));
  await keeper.settled();
  expect(written).toEqual(['a', 'b', 'c']);
});

it('holds records while the record plane is away, and writes them when it is back', async () => {
  const { keeper, written, state } = setUp();
  state.isAway = true;
  keeper.take(batchOf('a'));
  const settled = vi.fn<() => void>();
  const wait = keeper.settled().then(settled);
  keeper.take(batchOf('b'));
  expect(settled).not.toHaveBeenCalled();
  state.isAway = false;
  await wait;
  expect(written).toEqual(['a', 'b']);
});

it('says once that records were dropped because too many were held', async () => {
  const { keeper, written, state } = setUp();
  state.isAway = true;
  const most = Array.from({ length: 50_000 }, (_, index) => String(index));
  keeper.take(batchOf(...most));
  keeper.take(batchOf('too-many'));
  state.isAway = false;
  await expect(keeper.settled()).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(written).toHaveLength(50_000);
  await keeper.settled();
});

it('does not claim that anything is durable once it was stopped', async () => {
  const { keeper, state } = setUp();
  state.isAway = true;
  keeper.take(batchOf('a'));
  keeper.stop();
  keeper.stop();
  await expect(keeper.settled()).rejects.toMatchObject({ code: 'database-unavailable' });
});

it('settles what was taken before, even while more keeps coming', async () => {
  const { keeper, written } = setUp();
  keeper.take(batchOf('a'));
  const settled = keeper.settled();
  const flood = { isOver: false };
  const keepTaking = async () => {
    for (let next = 0; !flood.isOver; next += 1) {
      keeper.take(batchOf(`more-${next}`));
      await Promise.resolve();
    }
  };
  const taking = keepTaking();
  await settled;
  flood.isOver = true;
  await taking;
  expect(written[0]).toBe('a');
});
