// Which part of a scope leaves an asset out.
import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import type { Scope } from '../model/rule.ts';
import { outOfScope } from './out-of-scope.ts';
import { inScope } from './scope.ts';

const lamp = (more: object = {}) =>
  assetSchema.parse({
    id: 'urn:ngsi-ld:Streetlight:l1',
    type: 'Streetlight',
    title: 'Lamp 1',
    department: 'lighting',
    zone: 'harbour',
    tags: ['new', 'tall'],
    ...more,
  });

const SQUARE: Scope['polygon'] = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
};

test.each<[Scope, string, string]>([
  [
    { type: 'TrafficController', zone: 'x' },
    '/scope/type',
    'the rule stands for type "TrafficController", and urn:ngsi-ld:Streetlight:l1 has "Streetlight"',
  ],
  [
    { type: 'Streetlight', tag: 'new', zone: 'river-path' },
    '/scope/zone',
    'the rule stands for zone "river-path", and urn:ngsi-ld:Streetlight:l1 has "harbour"',
  ],
  [
    { type: 'Streetlight', tag: 'old' },
    '/scope/tag',
    'the rule stands for tag "old", and urn:ngsi-ld:Streetlight:l1 has ["new","tall"]',
  ],
  [
    { type: 'Streetlight', ids: ['urn:ngsi-ld:Streetlight:l2'] },
    '/scope/ids',
    'the rule stands for ids ["urn:ngsi-ld:Streetlight:l2"], and urn:ngsi-ld:Streetlight:l1 has "urn:ngsi-ld:Streetlight:l1"',
  ],
  [
    { type: 'Streetlight', department: 'traffic' },
    '/scope/department',
    'the rule stands for department "traffic", and urn:ngsi-ld:Streetlight:l1 has "lighting"',
  ],
  [
    { type: 'Streetlight', tags: ['new', 'old'] },
    '/scope/tags',
    'the rule stands for tags ["new","old"], and urn:ngsi-ld:Streetlight:l1 has ["new","tall"]',
  ],
  [
    { type: 'Streetlight', polygon: SQUARE },
    '/scope/polygon',
    'the rule stands for a polygon, and urn:ngsi-ld:Streetlight:l1 has no location',
  ],
  [
    { type: 'Streetlight', except: { tag: 'tall' } },
    '/scope/except',
    'the rule excepts urn:ngsi-ld:Streetlight:l1 ({"tag":"tall"})',
  ],
])('%j leaves a lamp out by %s', (scope, path, sentence) => {
  expect(outOfScope(scope, lamp())).toEqual({ path, sentence });
});

it('says nothing found where an asset has no zone', () => {
  expect(outOfScope({ type: 'Streetlight', zone: 'x' }, lamp({ zone: undefined }))?.sentence).toContain('has nothing');
});

it('says where an asset lies that is outside of an area', () => {
  const away = lamp({ location: { type: 'Point', coordinates: [5, 6] } });
  expect(outOfScope({ type: 'Streetlight', polygon: SQUARE }, away)?.sentence).toBe(
    'the rule stands for a polygon, and urn:ngsi-ld:Streetlight:l1 lies at 5, 6, outside',
  );
});

const word = fc.constantFrom('harbour', 'new', 'lighting', 'other');
const ids = fc.constantFrom('urn:ngsi-ld:Streetlight:l1', 'urn:ngsi-ld:Streetlight:l2').map((id) => [id]);
const scopes = fc.record(
  {
    type: fc.constantFrom('Streetlight', 'Other'),
    zone: word,
    tag: word,
    tags: fc.array(word, { minLength: 1, maxLength: 2 }),
    polygon: fc.constant(SQUARE),
    department: word,
    each: word,
    ids,
    except: fc.oneof(fc.record({ tag: word }), ids),
  },
  { requiredKeys: ['type'] },
);

it('finds a part exactly where the asset is out of scope', () => {
  fc.assert(
    fc.property(scopes, (scope) => {
      const found = outOfScope(scope, lamp());
      expect(found === undefined).toBe(inScope(scope, lamp()));
      expect(found?.path ?? '/scope/').toMatch(/^\/scope\/\w*$/);
    }),
  );
});
