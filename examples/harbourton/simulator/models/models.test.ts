// The small models: lamps, daylight, people, containers, the truck, chance.
import { describe, expect, test } from 'vitest';
import { stepWander, tideAt, WANDERS } from './ambient.ts';
import { binWith, fillOf, PRESS_CYCLE_MS, pressBin, stepBin } from './bin.ts';
import { hourAt, illuminanceAt } from './daylight.ts';
import { aimLamp, hasArrived, lampAt, powerOf, stepLamp } from './lamp.ts';
import { poisson, rngFor } from './random.ts';
import { truckAt } from './truck.ts';
import { isSeen, stepWalkers, walkerAt } from './walkers.ts';

const luxAt = (elapsedMs: number) => illuminanceAt(hourAt(elapsedMs));
const nobodyComes = () => 0;
const draw = (seed: number, name: string) => Array.from({ length: 5 }, rngFor(seed, name));

describe('lamp', () => {
  test('reaches its level when the ramp is over, not before', () => {
    let lamp = aimLamp(lampAt(0.4), 0.8, 2_000);
    lamp = stepLamp(lamp, 1_000);
    expect(lamp.level).toBeCloseTo(0.6);
    expect(hasArrived(lamp)).toBe(false);
    lamp = stepLamp(lamp, 1_000);
    expect(lamp.level).toBe(0.8);
    expect(hasArrived(lamp)).toBe(true);
  });

  test('without a ramp it is there at once, even in a step of no time', () => {
    expect(stepLamp(aimLamp(lampAt(1), 0, 0), 0).level).toBe(0);
  });

  test('draws its share of the nominal power within 2 %', () => {
    const rng = rngFor(1, 'meter');
    for (let count = 0; count < 100; count += 1) expect(Math.abs(powerOf(0.5, 80, rng) - 40)).toBeLessThanOrEqual(0.85);
    expect(powerOf(0, 80, rng)).toBe(0);
  });
});

describe('daylight', () => {
  test('it is light at the start, dark within 20 s, and stays dark for 6 minutes', () => {
    expect(luxAt(0)).toBeGreaterThan(10);
    for (let elapsedMs = 20_000; elapsedMs <= 380_000; elapsedMs += 1_000) expect(luxAt(elapsedMs)).toBeLessThan(10);
  });

  test('a day of 24 minutes has a bright noon and no jumps', () => {
    expect(illuminanceAt(12.5)).toBeGreaterThan(50_000);
    for (let hour = 0; hour < 24; hour += 0.01) {
      const ratio = illuminanceAt(hour + 0.01) / illuminanceAt(hour);
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.5);
    }
  });
});

describe('walkers', () => {
  test('move along the path, are seen on the way, and are gone at its end', () => {
    const [walker] = stepWalkers([walkerAt(100)], 2_000, 1_000, nobodyComes);
    expect(walker?.alongM).toBeCloseTo(106);
    expect(isSeen([walkerAt(100)], 110)).toBe(true);
    expect(isSeen([walkerAt(100)], 130)).toBe(false);
    expect(stepWalkers([walkerAt(999)], 1_000, 1_000, nobodyComes)).toEqual([]);
  });
});

describe('container', () => {
  test('a pressing cycle takes 8 s, lowers the fill all the way, and ends by itself', () => {
    let bin = pressBin(binWith(0.75));
    const fills = [fillOf(bin)];
    for (let atMs = 0; atMs < PRESS_CYCLE_MS; atMs += 500) {
      expect(bin.pressingMs).toBeGreaterThan(0);
      bin = stepBin(bin, 500, 0, nobodyComes);
      fills.push(fillOf(bin));
    }
    expect(bin.pressingMs).toBe(0);
    expect(fills.at(-1)).toBeCloseTo(0.3);
    expect(fills).toEqual(fills.toSorted((left, right) => right - left));
  });

  test('what has been pressed cannot be pressed again', () => {
    let bin = pressBin(binWith(0.8));
    bin = stepBin(bin, PRESS_CYCLE_MS, 0, nobodyComes);
    const once = fillOf(bin);
    bin = stepBin(pressBin(bin), PRESS_CYCLE_MS, 0, nobodyComes);
    expect(fillOf(bin)).toBeCloseTo(once);
  });

  test('fills with the rate it is given, and never over the brim', () => {
    const rng = rngFor(5, 'bin');
    let bin = binWith(0);
    for (let second = 0; second < 600; second += 1) bin = stepBin(bin, 1_000, 0.05, rng);
    expect(fillOf(bin)).toBeGreaterThan(0.35);
    expect(fillOf(bin)).toBeLessThan(0.65);
    for (let second = 0; second < 3_600; second += 1) bin = stepBin(bin, 1_000, 0.05, rng);
    expect(fillOf(bin)).toBeCloseTo(1);
  });
});

test('the truck comes to every container within one round', () => {
  const containers = ['a', 'b', 'c', 'd'];
  const visited = new Set<string>();
  for (let atMs = 0; atMs < 60_000; atMs += 1_000) visited.add(truckAt(atMs, containers) ?? 'driving');
  expect(visited).toEqual(new Set([...containers, 'driving']));
  expect(truckAt(0, [])).toBeUndefined();
});

test('stations wander around their mean within their limits, and the tide turns', () => {
  const rng = rngFor(2, 'air');
  const wander = WANDERS['no2']!;
  let value = wander.mean;
  const seen = Array.from({ length: 5_000 }, () => (value = stepWander(value, 1_000, wander, rng)));
  const mean = seen.reduce((sum, each) => sum + each, 0) / seen.length;
  expect(Math.abs(mean - wander.mean)).toBeLessThan(wander.spread);
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(wander.min);
  expect(tideAt(186_000)).toBeGreaterThan(2.2);
  expect(tideAt(558_000)).toBeLessThan(0.6);
});

test('the same seed and name give the same chance, another name another', () => {
  expect(draw(1, 'J4')).toEqual(draw(1, 'J4'));
  expect(draw(1, 'J4')).not.toEqual(draw(1, 'J5'));
  expect(draw(1, 'J4')).not.toEqual(draw(2, 'J4'));
});

test('Poisson numbers have the mean they were asked for', () => {
  const rng = rngFor(9, 'poisson');
  const total = Array.from({ length: 10_000 }, () => poisson(0.3, rng)).reduce((sum, each) => sum + each, 0);
  expect(total / 10_000).toBeGreaterThan(0.27);
  expect(total / 10_000).toBeLessThan(0.33);
});
