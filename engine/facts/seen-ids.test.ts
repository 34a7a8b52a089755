// Ids of readings as numbers, and how far back they are remembered.
import { array, assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';

import { idNumber, isForgotten, isSeen, MOST_SEEN, nothingSeen, remember } from './seen-ids.ts';

test('an id is a whole number that JSON keeps, the same each time', () => {
  assert(
    property(string({ maxLength: 200 }), (id) => {
      const number = idNumber(id);
      expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
      expect(JSON.parse(JSON.stringify(number))).toBe(idNumber(id));
    }),
  );
});

test('a million ids that differ in few places are a million numbers', () => {
  const numbers = new Set<number>();
  for (let index = 0; index < 1_000_000; index += 1)
    numbers.add(idNumber(`urn:ngsi-ld:Detector:d1/${index}/occupancy`));
  expect(numbers.size).toBe(1_000_000);
});

test('whatever was taken and is not older than what was forgotten is remembered, in whatever order it came', () => {
  assert(
    property(array(integer({ min: 0, max: 3_000 }), { maxLength: 200 }), (list) => {
      const seen = nothingSeen();
      const taken = list.flatMap((at, id) => {
        if (isForgotten(seen, at)) return [];
        remember(seen, id, at);
        return [{ id, at }];
      });
      expect([seen.at.length, seen.ids.length]).toEqual([
        Math.min(taken.length, MOST_SEEN),
        Math.min(taken.length, MOST_SEEN),
      ]);
      const forgotten = taken.filter(({ id, at }) => !isSeen(seen, id) && !isForgotten(seen, at));
      expect(forgotten).toEqual([]);
    }),
  );
});
