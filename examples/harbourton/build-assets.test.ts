// Harbourton's asset files: what the plan says, all accepted, nothing dangling, as many as promised.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assetSchema, pointsOf, type Asset } from '../../engine/model/asset.ts';
import { check } from '../../engine/model/check.ts';
import { ASSETS_FOLDER, buildAssets } from './build-assets.ts';

const read = (name: string): unknown[] => JSON.parse(readFileSync(join(ASSETS_FOLDER, `${name}.json`), 'utf8'));
const names = Object.keys(buildAssets());
const assets: Asset[] = names.flatMap((name) => read(name).map((text) => assetSchema.parse(text)));
const ofType = (type: string) => assets.filter((asset) => asset.type === type);

test.each(names)('%s.json is what the plan says', (name) => {
  expect(read(name)).toEqual(buildAssets()[name]);
});

test.each(names)('every asset of %s.json is accepted', (name) => {
  for (const text of read(name)) expect(check(assetSchema, text)).toMatchObject({ ok: true });
});

test('no id occurs twice', () => {
  expect(new Set(assets.map(({ id }) => id)).size).toBe(assets.length);
});

test('every parent and every relation leads to an asset of the same department', () => {
  const departments = new Map(assets.map(({ id, department }) => [id, department]));
  const dangling = assets.flatMap(({ department, parent, relations }) =>
    [...(parent === undefined ? [] : [parent]), ...Object.values(relations).flat()].filter(
      (target) => departments.get(target) !== department,
    ),
  );
  expect(dangling).toEqual([]);
});

test('the town has 6 controllers, 120 lamps in 3 streets, 24 containers of which 8 are compactors', () => {
  expect(ofType('TrafficController')).toHaveLength(6);
  expect(ofType('Approach')).toHaveLength(24);
  expect(ofType('Streetlight')).toHaveLength(120);
  expect(new Set(ofType('Streetlight').map(({ zone }) => zone)).size).toBe(3);
  expect(ofType('StreetlightControlCabinet')).toHaveLength(3);
  expect(ofType('LightSensor')).toHaveLength(3);
  expect(ofType('WasteContainer')).toHaveLength(24);
  expect(ofType('WasteContainer').filter(({ tags }) => tags.includes('compactor'))).toHaveLength(8);
  expect(new Set(assets.map(({ department }) => department))).toEqual(new Set(['traffic', 'lighting', 'waste']));
});

test('every motion sensor has lamps within 50 m', () => {
  const lamps = ofType('Streetlight');
  const fewest = ofType('MotionSensor').map(
    (sensor) => lamps.filter((lamp) => metresBetween(sensor, lamp) <= 50).length,
  );
  expect(Math.min(...fewest)).toBeGreaterThanOrEqual(3);
});

test('a compactor ends its cycle by itself, a lamp is proven by its meter', () => {
  const [compactor] = ofType('WasteContainer').filter(({ tags }) => tags.includes('compactor'));
  expect(pointsOf(compactor!)['compaction']).toMatchObject({ endsItself: true });
  expect(pointsOf(ofType('Streetlight')[0]!)['level']).toMatchObject({ instrument: { per: 'watts' } });
});

function metresBetween(left: Asset, right: Asset): number {
  const [longitudeA, latitudeA] = left.location!.coordinates;
  const [longitudeB, latitudeB] = right.location!.coordinates;
  const eastM = (longitudeA - longitudeB) * 111_195 * Math.cos((latitudeA * Math.PI) / 180);
  return Math.hypot(eastM, (latitudeA - latitudeB) * 111_195);
}
