// Which assets an `of` means.
import { assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { asset, urn } from './asset-builders.testsuite.ts';
import { Directory, type Subject } from './directory.ts';
import { distanceM } from './near-index.ts';

const at = (longitude: number, latitude: number) => ({
  location: { type: 'Point', coordinates: [longitude, latitude] },
});
/** A hundred-thousandth of a degree of latitude is 1.11 m. */
const north = (metres: number) => at(10, 50 + metres / 111_195);

function town(): Directory {
  const directory = new Directory();
  const assets = [
    asset('TrafficController:J4', {
      relations: { approach: ['Approach:east', 'Approach:west', 'Approach:gone'].map(urn) },
    }),
    asset('Approach:east', { relations: { detectors: ['Detector:e2', 'Detector:e1'].map(urn) } }),
    asset('Approach:west', { relations: { detectors: ['Detector:w1', 'Detector:e1'].map(urn) } }),
    asset('Detector:e1'),
    asset('Detector:e2'),
    asset('Detector:w1'),
    asset('MotionSensor:m1', north(0)),
    asset('Streetlight:l3', { ...north(49), zone: 'river-path' }),
    asset('Streetlight:l1', { ...north(-30), zone: 'river-path' }),
    asset('Streetlight:l2', { ...north(51), zone: 'mill-street' }),
    asset('Streetlight:l4', { zone: 'river-path' }),
  ];
  for (const one of assets) directory.put(one);
  return directory;
}

const short = (id: string): string => id.replace('urn:ngsi-ld:', '');

/** What an `of` means for a subject by short names. */
function resolve(of: string | undefined, of2: { self: string; related?: string }): string[] {
  const directory = town();
  const self = directory.get(urn(of2.self));
  const related = of2.related === undefined ? undefined : directory.get(urn(of2.related));
  const subject: Subject = { asset: self!, ...(related ? { related: { relation: 'approach', asset: related } } : {}) };
  return directory.resolve(subject, of).map(({ id }) => short(id));
}

const J4 = { self: 'TrafficController:J4' };
const EAST = { ...J4, related: 'Approach:east' };
const M1 = { self: 'MotionSensor:m1' };

test.each([
  ['nothing means the asset itself', undefined, J4, ['TrafficController:J4']],
  ['self means the asset itself, with each too', 'self', EAST, ['TrafficController:J4']],
  [
    'a relation means its assets that exist, as the document orders them',
    'approach',
    J4,
    ['Approach:east', 'Approach:west'],
  ],
  ['with each, the relation means the one related asset', 'approach', EAST, ['Approach:east']],
  ['relations are followed one after another', 'approach/detectors', EAST, ['Detector:e2', 'Detector:e1']],
  ['an asset on two ways counts once', 'approach/detectors', J4, ['Detector:e2', 'Detector:e1', 'Detector:w1']],
  ['an unknown relation means nothing', 'cabinets', J4, []],
  ['a relation named like a word of the language means nothing', 'constructor', J4, []],
  ['nor does one further on', 'approach/toString', J4, []],
  [
    'near means those within reach, by name, not itself',
    'near:50m/Streetlight',
    M1,
    ['Streetlight:l1', 'Streetlight:l3'],
  ],
  ['near takes fractions of a metre', 'near:48.5m/Streetlight', M1, ['Streetlight:l1']],
  ['near itself is somebody else', 'near:50m/MotionSensor', M1, []],
  ['near something without a place is nothing', 'near:50m/Streetlight', J4, []],
  ['near of a type that does not exist is nothing', 'near:50m/Tram', M1, []],
  [
    'a zone means its assets of the type',
    'zone:river-path/Streetlight',
    M1,
    ['Streetlight:l1', 'Streetlight:l3', 'Streetlight:l4'],
  ],
  ['a zone that does not exist is empty', 'zone:moon/Streetlight', M1, []],
  ['an asset id means that asset', urn('Detector:w1'), M1, ['Detector:w1']],
  ['an id that does not exist means nothing', urn('Detector:w9'), M1, []],
  ['what cannot be read means nothing', 'near:50/Streetlight', M1, []],
])('%s', (_, of, subject, expected) => {
  expect(resolve(of, subject)).toEqual(expected);
});

describe('the assets of the city', () => {
  test('are replaced under the same id', () => {
    const directory = town();
    directory.put(asset('Detector:e1', { title: 'new' }));
    expect(directory.get(urn('Detector:e1'))?.title).toBe('new');
    expect(
      directory
        .ofType('Detector')
        .map(({ id }) => short(id))
        .toSorted(),
    ).toEqual(['Detector:e1', 'Detector:e2', 'Detector:w1']);
  });

  test('are forgotten when removed, and removing twice does no harm', () => {
    const directory = town();
    directory.remove(urn('Detector:e1'));
    directory.remove(urn('Detector:e1'));
    expect(directory.get(urn('Detector:e1'))).toBeUndefined();
    expect(directory.ofType('Detector')).toHaveLength(2);
    expect([...directory.all()]).toHaveLength(10);
  });

  test('of an unknown type are none', () => {
    expect(town().ofType('Tram')).toEqual([]);
  });
});

test('measures the way from Berlin to Hamburg', () => {
  const berlin = asset('Detector:b', at(13.405, 52.52));
  const hamburg = asset('Detector:h', at(9.993, 53.551));
  expect(distanceM(berlin, hamburg) / 1_000).toBeCloseTo(255.3, 0);
});

const coordinate = (limit: number) => double({ min: -limit, max: limit, noNaN: true });

test('the way there is as long as the way back, and nowhere is endlessly far', () => {
  const [a, b, c, d] = [coordinate(180), coordinate(90), coordinate(180), coordinate(90)];
  assert(
    property(a, b, c, d, (...[longitude, latitude, longitude2, latitude2]) => {
      const [here, there] = [
        asset('Detector:a', at(longitude, latitude)),
        asset('Detector:b', at(longitude2, latitude2)),
      ];
      expect(distanceM(here, there)).toBeCloseTo(distanceM(there, here), 6);
      expect(distanceM(here, there)).toBeLessThanOrEqual(20_015_116);
      expect(distanceM(here, asset('Detector:x'))).toBe(Infinity);
    }),
  );
});
