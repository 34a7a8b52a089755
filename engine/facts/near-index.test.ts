// Near things by a grid: exactly those that a look at every asset would find.
import { array, assert, constantFrom, double, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';

import { asset } from './asset-builders.testsuite.ts';
import { distanceM, NearIndex } from './near-index.ts';

const lamp = (name: string, coordinates: [number, number]) =>
  asset(`Streetlight:${name}`, { location: { type: 'Point', coordinates } });

test.each([
  ['in a city', 24.9, 60.1, 0.05],
  ['at the equator', 0, 0, 0.05],
  ['near a pole', 10, 89.99, 0.01],
  ['at the date line', 179.99, -17, 0.01],
  ['all over the world', 0, 0, 80],
])('finds what a look at all of them finds, %s', (_, longitude, latitude, spread) => {
  const within = double({ min: -spread, max: spread, noNaN: true });
  const places = array(tuple(within, within), { minLength: 1, maxLength: 80 }).map((offsets) =>
    offsets.map(([east, north], index) =>
      lamp(`l${index}`, [((longitude + east + 540) % 360) - 180, Math.max(-90, Math.min(90, latitude + north))]),
    ),
  );
  assert(
    property(places, constantFrom(1, 50, 222, 1_000, 30_000, 10_000_000), (lamps, metres) => {
      const index = new NearIndex();
      for (const one of lamps) index.add(one);
      const [centre, gone] = [lamps[0]!, lamps.at(-1)!];
      if (gone !== centre) index.remove(gone);
      const expected = lamps.filter((one) => one !== centre && one !== gone && distanceM(centre, one) <= metres);
      expect(new Set(index.within(centre, metres))).toEqual(new Set(expected));
    }),
  );
});

test('what has no location is near nothing', () => {
  const index = new NearIndex();
  const nowhere = asset('Streetlight:l1');
  index.add(nowhere);
  index.add(lamp('l2', [0, 0]));
  index.remove(nowhere);
  expect([index.within(nowhere, 1e9), index.within(lamp('l3', [0, 0]), 1).map(({ id }) => id)]).toEqual([
    [],
    [lamp('l2', [0, 0]).id],
  ]);
});
