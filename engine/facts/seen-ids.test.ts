// Ids of readings as numbers, and how far back they are remembered.
import { array, assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';

import { idNumber, isSeen, isTooLate, MOST_SEEN, remember, type SeenIds } from './seen-ids.ts';

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

test('whatever was taken and is not too late is remembered, in whatever order it came', () => {
  const instants = array(integer({ min: 0, max: 3_000 }), { maxLength: 400 });
  assert(
    property(instants, integer({ min: 0, max: 2_000 }), (list, latenessMs) => {
      const seen: SeenIds = { at: [], ids: [] };
      let newestAt = 0;
      const taken: [id: number, at: number][] = [];
      for (const [id, at] of list.entries()) {
        if (at < newestAt && isTooLate(seen, at, { newestAt, latenessMs })) continue;
        newestAt = Math.max(newestAt, at);
        remember(seen, id, at, { newestAt, latenessMs });
        taken.push([id, at]);
      }
      expect(seen.at.length).toBeLessThanOrEqual(MOST_SEEN);
      const forgotten = taken.filter(([id, at]) => !isSeen(seen, id) && !isTooLate(seen, at, { newestAt, latenessMs }));
      expect(forgotten).toEqual([]);
    }),
  );
});
