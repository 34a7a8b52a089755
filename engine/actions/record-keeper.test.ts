import { expect, it } from 'vitest';

import { RecordKeeper, type RecordBatch } from './record-keeper.ts';

/** A database that is away until the test lets it come back, and a clock that fires at once. */
function aDatabase() {
  const rows: RecordBatch[] = [];
  const state = { isAway: false, attempts: 0 };
  const wakes: (() => void)[] = [];
  const keeper = new RecordKeeper({
    recorder: {
      record: async (batch) => {
        state.attempts += 1;
        if (state.isAway) throw new Error('away');
        rows.push(batch);
      },
    },
    clock: { now: () => 0, after: (_, wake) => (wakes.push(wake), () => undefined) },
    note: () => undefined,
  });
  const again = async (): Promise<void> => {
    for (const wake of wakes.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { rows, state, keeper, again };
}

const readings = (count: number): RecordBatch => ({
  decisions: [],
  commands: [],
  readings: Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    asset: 'urn:ngsi-ld:Detector:x',
    property: 'occupancy',
    value: 0.5,
    observedAt: 0,
    receivedAt: 0,
    quality: 'good',
    source: 'flow:traffic',
  })),
});

it('says "kept" only when the database has everything', async () => {
  const { rows, state, keeper, again } = aDatabase();
  state.isAway = true;
  keeper.keep(readings(1));
  let isKept = false;
  const kept = keeper.kept().then(() => (isKept = true));
  await again();
  expect(isKept).toBe(false);
  state.isAway = false;
  await again();
  await kept;
  expect(rows).toHaveLength(1);
  expect(state.attempts).toBeGreaterThanOrEqual(2);
});

it('leaves out and counts readings that would fill the memory while the database is away', () => {
  const { state, keeper } = aDatabase();
  state.isAway = true;
  keeper.keep(readings(50_001));
  keeper.keep(readings(10));
  expect(keeper.droppedReadings).toBe(10);
});

it('takes nothing for nothing', async () => {
  const { state, keeper } = aDatabase();
  keeper.keep(readings(0));
  await keeper.kept();
  expect(state.attempts).toBe(0);
});
