import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Want } from '../model/command.ts';
import { POINTS, type Point } from '../model/points.ts';
import { spend, type Told } from './wear.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const lamp = (wear: Point['wear']): Point => ({ ...POINTS['Streetlight']!['level']!, wear });
const press = (wear: Point['wear']): Point => ({ ...POINTS['WasteContainer']!['compaction']!, wear });
const to = (value: number | string): Want => ({ value, rampSeconds: 0 });
const OFF: Want = { release: true };

/** Tells the point all of it, one per minute, and says which waited and why. */
function tell(point: Point, wants: readonly Want[], everyMs = MINUTE): (string | undefined)[] {
  let told: Told = { changes: [] };
  return wants.map((want, index) => {
    const spending = spend(point, told, want, index * everyMs);
    if (spending.allowed) told = spending.told;
    return spending.allowed ? undefined : `${spending.waits.why}, until ${spending.waits.until / MINUTE}`;
  });
}

describe('a budget of time between changes', () => {
  it('holds up the second of two', () => {
    const point = lamp({ between: '2 min' });
    expect(tell(point, [to(0.3), to(0.5), to(0.5)])).toEqual([
      undefined,
      'wear budget: 2 min between changes, until 2',
      undefined,
    ]);
  });

  it('counts no lease that is renewed, nor a value within the tolerance', () => {
    expect(tell(lamp({ between: '1 h' }), [to(0.3), to(0.3), to(0.31)])).toEqual([undefined, undefined, undefined]);
  });

  it('lets the safe value and a release pass, and counts them', () => {
    const why = 'wear budget: 10 min between changes';
    expect(tell(lamp({ between: '10 min' }), [to(0.3), to(1), to(0.3), OFF, to(0.3)])).toEqual([
      undefined,
      undefined,
      `${why}, until 11`,
      undefined,
      `${why}, until 13`,
    ]);
  });
});

describe('a budget per hour and per day', () => {
  it('holds up the one too many until the oldest has left the hour', () => {
    expect(tell(lamp({ perHour: 2 }), [to(0.3), to(0.4), to(0.5)])).toEqual([
      undefined,
      undefined,
      'wear budget: 2 changes per hour, until 60',
    ]);
  });

  it('names the limit that lasts longest', () => {
    expect(tell(lamp({ between: '1 min', perHour: 1, perDay: 3 }), [to(0.3), to(0.4)])).toEqual([
      undefined,
      'wear budget: 1 change per hour, until 60',
    ]);
    const day = [to(0.2), to(0.3), to(0.4), to(0.5)];
    expect(tell(lamp({ perHour: 1, perDay: 3 }), day, HOUR)[3]).toBe('wear budget: 3 changes per day, until 1440');
  });

  it('counts the starts of a momentary action, also one that is tried again, and no stops', () => {
    const again = [to('compacting'), to('idle'), to('compacting'), OFF, to('compacting')];
    expect(tell(press({ perHour: 2 }), again)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'wear budget: 2 changes per hour, until 60',
    ]);
    expect(tell(press({ perHour: 1 }), [to('compacting'), to('compacting')])[1]).toContain('1 change per hour');
  });
});

it('costs a point without a budget nothing', () => {
  const told: Told = { changes: [] };
  expect(spend(lamp(undefined), told, to(0.3), 0)).toEqual({ allowed: true, told });
});

it('for every sequence of wants: no window has more changes than it may, and no stop waits', () => {
  const wear = { between: '5 min', perHour: 4, perDay: 20 };
  const step = fc.record({ passMs: fc.integer({ min: 0, max: 40 * MINUTE }), level: fc.constantFrom(0, 0.3, 0.6, 1) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 120 }), (steps) => {
      let [now, told]: [number, Told] = [0, { changes: [] }];
      let last: number | undefined;
      const changes: number[] = [];
      const broken: string[] = [];
      for (const { passMs, level } of steps) {
        now += passMs;
        const spending = spend(lamp(wear), told, to(level), now);
        if (!spending.allowed) {
          if (level === 1 || spending.waits.until <= now) broken.push(`held up at ${now}`);
          continue;
        }
        told = spending.told;
        if (level === last) continue;
        last = level;
        changes.push(now);
        // What stops is counted and not held up, so the limits are judged where something else than a stop goes out.
        if (level === 1) continue;
        const within = (ms: number) => changes.filter((at) => at > now - ms).length;
        if (within(5 * MINUTE) > 1 || within(HOUR) > 4 || within(24 * HOUR) > 20) broken.push(`worn at ${now}`);
      }
      expect(broken).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
