// Timers against a model so simple that it must be right.
import { array, assert, constant, constantFrom, integer, oneof, property, record, type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';

import { Timers } from './timers.ts';

type Step =
  | { do: 'set'; name: string; at: number | undefined }
  | { do: 'take'; now: number }
  | { do: 'look'; name: string };

/** A map that is searched from end to end. */
class NaiveTimers {
  readonly due = new Map<string, number>();

  first(): { at: number; name: string } | undefined {
    const sorted = [...this.due].toSorted(([name, at], [name2, at2]) => at - at2 || (name < name2 ? -1 : 1));
    const [first] = sorted;
    return first && { name: first[0], at: first[1] };
  }

  take(now: number): { at: number; name: string } | undefined {
    const first = this.first();
    if (!first || first.at > now) return undefined;
    this.due.delete(first.name);
    return first;
  }

  isSet(name: string): boolean {
    return this.due.has(name);
  }

  set(name: string, at: number | undefined): void {
    if (at === undefined || !Number.isFinite(at)) this.due.delete(name);
    else this.due.set(name, at);
  }
}

function answer(timers: Timers | NaiveTimers, step: Step): unknown {
  if (step.do === 'take') return timers.take(step.now);
  return step.do === 'look' ? timers.isSet(step.name) : timers.set(step.name, step.at);
}

function walk(steps: readonly Step[]): void {
  const timers = new Timers();
  const naive = new NaiveTimers();
  for (const step of steps) {
    expect(answer(timers, step)).toEqual(answer(naive, step));
    expect(timers.size).toBe(naive.due.size);
    expect(timers.next()).toBe(naive.first()?.at);
  }
  for (let left = naive.take(Infinity); left; left = naive.take(Infinity)) expect(timers.take(Infinity)).toEqual(left);
  expect(timers.take(Infinity)).toBeUndefined();
}

const names = constantFrom('a', 'b', 'c', 'aa', 'B', 'ü', '1');
const instants = oneof(
  { weight: 9, arbitrary: integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: constantFrom(Infinity, undefined, Number.NaN) },
);
const stepsOf = (many: Arbitrary<string>): Arbitrary<Step> =>
  oneof(
    { weight: 6, arbitrary: record({ do: constant('set' as const), name: many, at: instants }) },
    { weight: 3, arbitrary: record({ do: constant('take' as const), now: integer({ min: 0, max: 12 }) }) },
    { weight: 1, arbitrary: record({ do: constant('look' as const), name: many }) },
  );

test('set, moved, removed and taken at random, they are as the model says after every step', () => {
  assert(
    property(array(stepsOf(names), { maxLength: 60, size: 'max' }), (steps) => {
      walk(steps);
    }),
    { numRuns: 2_000 },
  );
});

test('the same when they are moved so often that the heap is swept', () => {
  const many = integer({ min: 0, max: 150 }).map((index) => `t${index}`);
  const moves = record({ do: constant('set' as const), name: many, at: integer({ min: 0, max: 1_000 }) });
  const late = record({ do: constant('take' as const), now: integer({ min: 0, max: 100 }) });
  const steps = array(oneof({ weight: 50, arbitrary: moves }, { weight: 1, arbitrary: late }), {
    minLength: 2_500,
    maxLength: 3_000,
    size: 'max',
  });
  assert(
    property(steps, (list) => {
      walk(list);
    }),
    { numRuns: 5 },
  );
});

test('a timer that is moved a million times is held once, and fires once', () => {
  const timers = new Timers();
  for (let at = 1_000_000; at > 0; at -= 1) timers.set('lease', at);
  timers.set('other', 7);
  expect(timers.size).toBe(2);
  expect([timers.take(10), timers.take(10), timers.take(10)]).toEqual([
    { at: 1, name: 'lease' },
    { at: 7, name: 'other' },
    undefined,
  ]);
});

test('of one instant, they fire in the order of their names, whatever the order they were set in', () => {
  const timers = new Timers();
  for (const name of ['claim:b', 'activation:z', 'claim:a']) timers.set(name, 5);
  expect([timers.take(5)?.name, timers.take(5)?.name, timers.take(5)?.name]).toEqual([
    'activation:z',
    'claim:a',
    'claim:b',
  ]);
});

test('nothing is due before its time', () => {
  const timers = new Timers();
  expect(timers.next()).toBeUndefined();
  expect(timers.take(Infinity)).toBeUndefined();
  timers.set('a', 5);
  expect(timers.take(4)).toBeUndefined();
  expect(timers.next()).toBe(5);
  expect(timers.take(5)).toEqual({ at: 5, name: 'a' });
});
