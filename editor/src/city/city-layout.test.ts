// Where each asset is drawn.
import { expect, it } from 'vitest';

import { asset, fact, snapshot } from './city-builders.testsuite.ts';
import { highestFact, layOut } from './city-layout.ts';
import { fromSnapshot } from './city-state.ts';

const J4 = 'urn:ngsi-ld:TrafficController:J4';
const EAST = 'urn:ngsi-ld:Approach:J4-east';
const D1 = 'urn:ngsi-ld:Detector:J4-east-1';
const D2 = 'urn:ngsi-ld:Detector:J4-east-2';
const traffic = { department: 'traffic' };

const city = (...assets: ReturnType<typeof asset>[]) => fromSnapshot(snapshot({ assets })).assets;

const lamp = (name: string, zone: string) => asset(`urn:ngsi-ld:Streetlight:${name}`, { zone });
const state = (...facts: ReturnType<typeof fact>[]) => fromSnapshot(snapshot({ facts })).facts;

it('puts approaches and detectors under their controller, and nothing twice', () => {
  const [department] = layOut(
    city(
      asset(J4, { ...traffic, relations: { approach: [EAST] } }),
      asset(EAST, { ...traffic, relations: { detectors: [D1, D2, 'urn:ngsi-ld:Detector:not-there'] } }),
      asset(D1, traffic),
      asset(D2, traffic),
      asset('urn:ngsi-ld:Detector:alone', traffic),
    ),
  );
  expect(department?.controllers).toEqual([{ controller: J4, approaches: [{ approach: EAST, detectors: [D1, D2] }] }]);
  expect(department?.others).toEqual([{ type: 'Detector', assets: ['urn:ngsi-ld:Detector:alone'] }]);
});

it('orders lamps by their number within their street, and streets and departments by name', () => {
  const bin = asset('urn:ngsi-ld:WasteContainer:b1', { department: 'waste' });
  const departments = layOut(
    city(bin, lamp('river-10', 'river-path'), lamp('river-9', 'river-path'), lamp('a-1', 'a')),
  );
  expect(departments.map(({ department }) => department)).toEqual(['lighting', 'waste']);
  expect(departments[0]?.lamps).toEqual([
    { zone: 'a', assets: ['urn:ngsi-ld:Streetlight:a-1'] },
    { zone: 'river-path', assets: ['urn:ngsi-ld:Streetlight:river-9', 'urn:ngsi-ld:Streetlight:river-10'] },
  ]);
  expect(departments[1]?.containers).toEqual([{ zone: '', assets: ['urn:ngsi-ld:WasteContainer:b1'] }]);
});

it('takes the highest known value of several detectors, and an unknown one only when there is no other', () => {
  const stale = fact(D1, 'occupancy', 0.9, { state: 'stale' });
  expect(highestFact(state(stale, fact(D2, 'occupancy', 0.4)), [D1, D2], 'occupancy')?.value).toBe(0.4);
  expect(highestFact(state(stale), [D1, D2], 'occupancy')).toBe(stale);
  expect(highestFact(state(), [D1, D2], 'occupancy')).toBeUndefined();
});
