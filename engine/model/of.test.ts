// The grammar of "of".
import { expect, test } from 'vitest';

import { OF_FORMS, parseOf } from './of.ts';

test.each([
  ['self', { kind: 'self' }],
  ['approach', { kind: 'relations', relations: ['approach'] }],
  ['approach/detectors', { kind: 'relations', relations: ['approach', 'detectors'] }],
  ['a/b/c/d', { kind: 'relations', relations: ['a', 'b', 'c', 'd'] }],
  ['near:50m/Streetlight', { kind: 'near', metres: 50, type: 'Streetlight' }],
  ['near:0.5m/Lamp2', { kind: 'near', metres: 0.5, type: 'Lamp2' }],
  ['zone:river-path/LightSensor', { kind: 'zone', zone: 'river-path', type: 'LightSensor' }],
  ['urn:ngsi-ld:Streetlight:l1', { kind: 'asset', id: 'urn:ngsi-ld:Streetlight:l1' }],
])('%s is read', (text, of) => {
  expect(parseOf(text)).toEqual(of);
});

test.each(Object.keys(OF_FORMS))('%s, as the documentation names it, is read', (text) => {
  expect(parseOf(text)).toBeDefined();
});

test.each([
  '',
  '/',
  'approach/',
  '/approach',
  'a/b/c/d/e',
  'self/approach',
  'approach/self',
  'near:0m/Streetlight',
  'near:50/Streetlight',
  'near:-5m/Streetlight',
  'near:50m/streetlight',
  'near:50m',
  'zone:river-path',
  'zone:/LightSensor',
  'urn:ngsi-ld:Streetlight',
  'approach.detectors',
  'a b',
  '$..detectors',
])('%j is refused', (text) => {
  expect(parseOf(text)).toBeUndefined();
});
