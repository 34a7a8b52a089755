import { expect, it, vi } from 'vitest';

import { systemClock, type Clock } from '../model/clock.ts';
import type { Decision } from '../model/decision.ts';
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
const decision = (decisionId: string): Decision => ({
  decisionId,
  kind: 'started',
  rule: 'lighting/x',
  ruleVersion: 1,
  title: 'X',
  department: 'lighting',
  asset: 'urn:ngsi-ld:Streetlight:a',
  at: 1,
  causedBy: '1-0',
  reason: 'the conditions hold',
  trace: [],
  claims: [],
});
const batchOf = (...ids: string[]) => ({ decisions: [], commands: [], readings: ids.map(reading) });

/** A recorder that is away until told otherwise, and a clock whose waits are over at once. */
function setUp() {
  const written: string[] = [];
  const decided: string[] = [];
  const state = { isAway: false };
  const recorder: RecordTaker = {
    async record({ readings, decisions }) {
      if (state.isAway) throw new Error('away');
      for (const { id } of readings) written.push(id);
      for (const { decisionId } of decisions) decided.push(decisionId);
    },
  };
  const clock: Clock = { now: () => 0, after: (_delayMs, wake) => systemClock.after(1, wake) };
  return { keeper: new RecordKeeper(recorder, clock), written, decided, state };
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

it('leaves out readings, and counts them, when the record plane is slower than the city; decisions are never left out', async () => {
  const { keeper, written, decided, state } = setUp();
  state.isAway = true;
  keeper.take(batchOf(...Array.from({ length: 50_001 }, (_, index) => String(index))));
  keeper.take({ ...batchOf('too-many'), decisions: [decision('d')] });
  expect(keeper.leftOutReadings).toBe(1);
  state.isAway = false;
  await keeper.settled();
  expect(written).toHaveLength(50_001);
  expect(decided).toEqual(['d']);
});

it('says once that decisions were dropped because far too many were held', async () => {
  const { keeper, decided, state } = setUp();
  state.isAway = true;
  keeper.take({ ...batchOf(), decisions: Array.from({ length: 500_000 }, (_, index) => decision(String(index))) });
  keeper.take({ ...batchOf(), decisions: [decision('too-many')] });
  state.isAway = false;
  await expect(keeper.settled()).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(decided).toHaveLength(500_000);
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
