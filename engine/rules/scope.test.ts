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
  tags: ['led'],
});

test.each<[string, Omit<Scope, 'type'> & { type?: string }, boolean]>([
  ['its type', {}, true],
  ['another type', { type: 'Detector' }, false],
  ['its id', { ids: ['urn:ngsi-ld:Streetlight:l0', ID] }, true],
  ['other ids', { ids: ['urn:ngsi-ld:Streetlight:l0'] }, false],
  ['its zone', { zone: 'river-path' }, true],
  ['another zone', { zone: 'mill-street' }, false],
  ['its tag', { tag: 'led' }, true],
  ['another tag', { tag: 'crossing' }, false],
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
