// Which assets a rule stands for.
import { expect, test } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import type { Scope } from '../model/rule.ts';
import { inScope } from './scope.ts';

const ID = 'urn:ngsi-ld:Streetlight:l1';
const lamp = assetSchema.parse({
  id: ID,
  type: 'Streetlight',
  title: 'Lamp 1',
  department: 'lighting',
  zone: 'river-path',
  tags: ['led', 'tall'],
  location: { type: 'Point', coordinates: [24.95, 60.17] },
});

/** From 60.16° north up to this latitude, flat at its top. */
function triangle(north: number): Scope['polygon'] {
  const corners: [number, number][] = [
    [24.95, 60.16],
    [24.99, north],
    [24.91, north],
    [24.95, 60.16],
  ];
  return { type: 'Polygon', coordinates: [corners] };
}

test.each<[string, Omit<Scope, 'type'> & { type?: string }, boolean]>([
  ['its type', {}, true],
  ['another type', { type: 'Detector' }, false],
  ['its id', { ids: ['urn:ngsi-ld:Streetlight:l0', ID] }, true],
  ['other ids', { ids: ['urn:ngsi-ld:Streetlight:l0'] }, false],
  ['its zone', { zone: 'river-path' }, true],
  ['another zone', { zone: 'mill-street' }, false],
  ['its tag', { tag: 'led' }, true],
  ['another tag', { tag: 'crossing' }, false],
  ['all of its tags', { tags: ['tall', 'led'] }, true],
  ['a tag too many', { tags: ['led', 'crossing'] }, false],
  ['an area that it lies in', { polygon: triangle(60.18) }, true],
  ['an area that it lies on the edge of', { polygon: triangle(60.17) }, true],
  ['an area that it does not lie in', { polygon: triangle(60.165) }, false],
  ['its department', { department: 'lighting' }, true],
  ['another department', { department: 'traffic' }, false],
  ['all of it', { ids: [ID], zone: 'river-path', tag: 'led', department: 'lighting' }, true],
  ['all of it but one', { ids: [ID], zone: 'river-path', tag: 'crossing', department: 'lighting' }, false],
  ['everything except it', { except: [ID] }, false],
  ['everything except others', { except: ['urn:ngsi-ld:Streetlight:l0'] }, true],
  ['everything except its tag', { except: { tag: 'led' } }, false],
  ['everything except another tag', { except: { tag: 'crossing' } }, true],
])('a scope that states %s: %j, %j', (_, scope, expected) => {
  expect(inScope({ type: 'Streetlight', ...scope }, lamp)).toBe(expected);
});

test('an asset without a location lies in no area', () => {
  const { location, ...nowhere } = lamp;
  expect(location).toBeDefined();
  expect(inScope({ type: 'Streetlight', polygon: triangle(60.18) }, nowhere)).toBe(false);
});
