// Which places lie within an area of the map.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { check } from './check.ts';
import { isWithin, polygonSchema, type Polygon } from './polygon.ts';

/** A square with a square hole, and a dent in its eastern side. */
const park: Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [10, 0],
      [8, 5],
      [10, 10],
      [0, 10],
      [0, 0],
    ],
    [
      [2, 2],
      [4, 2],
      [4, 4],
      [2, 4],
      [2, 2],
    ],
  ],
};

test.each<[string, [number, number], boolean]>([
  ['in it', [1, 1], true],
  ['between the hole and the dent', [6, 5], true],
  ['in the hole', [3, 3], false],
  ['in the dent', [9, 5], false],
  ['west of it', [-1, 5], false],
  ['north of it', [5, 11], false],
  ['at the height of a corner, west of it', [-1, 0], false],
  ['at the height of a corner, within', [5, 2], true],
  ['on a corner', [0, 0], true],
  ['on a side', [0, 5], true],
  ['on a slanting side', [9, 2.5], true],
  ['on the side of the hole', [2, 3], true],
  ['on the line of a side, beyond its end', [0, 12], false],
])('%s: %j is %j', (_, place, expected) => {
  expect(isWithin(park, place)).toBe(expected);
});

test('a box holds exactly what lies between its sides', () => {
  const whole = fc.integer({ min: -20, max: 20 });
  fc.assert(
    fc.property(whole, whole, fc.nat(20), fc.nat(20), (west, south, width, height) => {
      const [east, north] = [west + width + 1, south + height + 1];
      const ring = [west, east, east, west, west].map((x, index): [number, number] => [
        x,
        [south, south, north, north, south][index] ?? 0,
      ]);
      const box: Polygon = { type: 'Polygon', coordinates: [ring] };
      for (let x = -22; x <= 42; x += 4)
        for (let y = -22; y <= 42; y += 4)
          expect(isWithin(box, [x, y])).toBe(x >= west && x <= east && y >= south && y <= north);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['no ring', { ...park, coordinates: [] }],
  [
    'a ring that is not closed',
    {
      ...park,
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ],
    },
  ],
  [
    'a ring of three positions',
    {
      ...park,
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [0, 0],
        ],
      ],
    },
  ],
  [
    'latitude before longitude',
    {
      ...park,
      coordinates: [
        [
          [60, 124],
          [61, 124],
          [61, 125],
          [60, 124],
        ],
      ],
    },
  ],
  ['another type', { ...park, type: 'MultiPolygon' }],
])('%s is refused', (_, polygon) => {
  expect(check(polygonSchema, polygon).ok).toBe(false);
});

test('a polygon is accepted as it is', () => {
  expect(check(polygonSchema, park)).toEqual({ ok: true, value: park });
});
