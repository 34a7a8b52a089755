// The junction's traffic: queues grow and shrink as the plan lets them.
import { expect, test } from 'vitest';
import { demandAt, stepWaves } from './demand.ts';
import { bySide, emptyJunction, readDetectors, stepJunction, type JunctionState } from './junction.ts';
import { rngFor } from './random.ts';
import { CYCLE_MS, hasGreen, SIGNAL_PLANS } from './signal-plans.ts';

const STEP_MS = 250;
const never = () => 0.999_999;
const WAVE = { junction: 'J4', side: 'east', startMs: 6_000 } as const;

/** Runs J4 through the wave; from `reliefAtMs` on the controller has been asked for plan 3. */
function runWave(seed: number, untilMs: number, reliefAtMs = Infinity): JunctionState {
  const rng = rngFor(seed, 'J4');
  let state = emptyJunction(bySide(() => [25]));
  for (let elapsedMs = 0; elapsedMs < untilMs; elapsedMs += STEP_MS) {
    if (elapsedMs >= reliefAtMs) state = { ...state, nextPlan: 3 };
    state = stepJunction(state, STEP_MS, demandAt('J4', { elapsedMs, dtMs: STEP_MS }, [WAVE]), rng);
  }
  return state;
}

test.each([1, 2, 3, 4, 5, 6])('a plan change shortens the queue (seed %i, same arrivals)', (seed) => {
  const without = runWave(seed, 96_000).lanes.east.queue;
  const relieved = runWave(seed, 96_000, 30_000).lanes.east.queue;
  expect(relieved).toBeLessThan(without);
});

test.each([1, 2, 3, 4, 5, 6])('the wave makes a queue that stands on the detector for long (seed %i)', (seed) => {
  expect(runWave(seed, 25_000).lanes.east.queue).toBeGreaterThanOrEqual(5);
  expect(runWave(seed, 50_000).lanes.east.queue).toBeGreaterThanOrEqual(5);
});

test('a new plan begins with the next cycle, not before', () => {
  let state = { ...emptyJunction(bySide(() => [25])), nextPlan: 3 };
  const calm = bySide(() => ({ perHour: 0, certain: 0 }));
  for (let atMs = STEP_MS; atMs < CYCLE_MS; atMs += STEP_MS) state = stepJunction(state, STEP_MS, calm, () => 0.5);
  expect(state.plan).toBe(1);
  expect(stepJunction(state, STEP_MS, calm, () => 0.5).plan).toBe(3);
});

test('everyday traffic leaves the detector mostly free', () => {
  const rng = rngFor(7, 'J5');
  let state = emptyJunction(bySide(() => [25]));
  for (let elapsedMs = 0; elapsedMs < 120_000; elapsedMs += STEP_MS)
    state = stepJunction(state, STEP_MS, demandAt('J5', { elapsedMs, dtMs: STEP_MS }, []), rng);
  const [emptied, measurements] = readDetectors(state, 120_000);
  for (const { occupancy } of measurements) expect(occupancy).toBeLessThan(0.15);
  const [, again] = readDetectors(emptied, 1_000);
  expect(again.every(({ occupancy, vehicles }) => occupancy === 0 && vehicles === 0)).toBe(true);
});

test('vehicles are neither made nor lost: what arrives leaves or waits', () => {
  const rng = rngFor(3, 'count');
  let state = emptyJunction(bySide(() => [0]));
  let arrived = 0;
  let left = 0;
  for (let elapsedMs = 0; elapsedMs < 60_000; elapsedMs += STEP_MS) {
    const certain = elapsedMs % 2_000 === 0 ? 1 : 0;
    const before = state.lanes.west.queue;
    state = stepJunction(
      state,
      STEP_MS,
      bySide(() => ({ perHour: 0, certain })),
      rng,
    );
    arrived += certain;
    left += before + certain - state.lanes.west.queue;
  }
  expect(arrived).toBe(30);
  expect(left + state.lanes.west.queue).toBe(30);
});

test.each(Object.keys(SIGNAL_PLANS))('plan %s never shows green to crossing streets', (plan) => {
  for (let atMs = 0; atMs < CYCLE_MS; atMs += 100) {
    const main = hasGreen(Number(plan), 'east', atMs) || hasGreen(Number(plan), 'west', atMs);
    const side = hasGreen(Number(plan), 'north', atMs) || hasGreen(Number(plan), 'south', atMs);
    expect(main && side).toBe(false);
  }
});

test('the staged wave comes at 6 s and again every 4 minutes', () => {
  const starts: number[] = [];
  for (let elapsedMs = STEP_MS; elapsedMs <= 500_000; elapsedMs += STEP_MS) {
    const waves = stepWaves([], { elapsedMs, dtMs: STEP_MS, junctions: ['J1'] }, never);
    starts.push(...waves.map(({ startMs }) => startMs));
  }
  expect(starts).toEqual([6_000, 246_000, 486_000]);
});
