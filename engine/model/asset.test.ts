// An asset's points: the type's declaration, with the fields that the asset names replaced.
import { expect, test } from 'vitest';
import { assetSchema, pointsOf } from './asset.ts';
import { check } from './check.ts';

const container = (points: Record<string, unknown>) =>
  assetSchema.parse({
    id: 'urn:ngsi-ld:WasteContainer:w1',
    type: 'WasteContainer',
    title: 'Container 1',
    department: 'waste',
    points,
    binding: { adapter: 'mqtt', device: 'w1' },
  });

test('takes the declaration of its type as it is when the asset changes nothing', () => {
  expect(pointsOf(container({ compaction: {} }))['compaction']).toMatchObject({ endsItself: true, notAfter: '10 s' });
});

test('replaces only the fields that the asset names', () => {
  expect(pointsOf(container({ compaction: { provenWithin: '30 s' } }))['compaction']).toMatchObject({
    endsItself: true,
    provenWithin: '30 s',
  });
});

test('refuses a point that neither the type nor the asset declares in full', () => {
  const point = { lid: { safe: 'shut' } };
  const asset = { id: 'urn:ngsi-ld:WasteContainer:w1', type: 'WasteContainer', title: 'x', department: 'waste' };
  const result = check(assetSchema, { ...asset, points: point, binding: { adapter: 'mqtt', device: 'w1' } });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['/points/lid']);
});

test('refuses points without a device that obeys', () => {
  const lamp = { id: 'urn:ngsi-ld:Streetlight:l1', type: 'Streetlight', title: 'x', department: 'lighting' };
  const result = check(assetSchema, { ...lamp, points: { level: {} } });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['/binding']);
  expect(check(assetSchema, lamp).ok).toBe(true);
});

test('refuses an id of another type', () => {
  const result = check(assetSchema, {
    id: 'urn:ngsi-ld:Detector:l1',
    type: 'Streetlight',
    title: 'x',
    department: 'x1',
  });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['/id']);
});
