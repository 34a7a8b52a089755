// What rules may name follows the stored documents.
import { expect, it } from 'vitest';

import { systemActor } from '../../engine/model/actor.ts';
import { systemClock } from '../../engine/model/clock.ts';
import { MemoryDocuments } from '../../test/memory-store.ts';
import { StoredRuleCatalogue } from './rule-catalogue.ts';

const actor = systemActor('test');
const lamp = {
  id: 'urn:ngsi-ld:Streetlight:l1',
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  relations: { cabinet: ['urn:ngsi-ld:StreetlightControlCabinet:c1'] },
};
const dark = {
  id: 'lighting/dark',
  name: 'dark',
  title: 'Dark',
  conditions: { fact: 'illuminance', operator: 'lessThan', value: 10 },
};
const put = (documents: MemoryDocuments, kind: 'asset' | 'condition' | 'rule' | 'interlock', body: { id: string }) =>
  documents.put({ kind, id: body.id, department: 'lighting', body, expected: 0, actor });

it('is empty where nothing is stored, and takes up what comes', async () => {
  const documents = new MemoryDocuments(systemClock);
  const stored = new StoredRuleCatalogue(documents);
  expect([...(await stored.current()).types.keys()]).toEqual([]);
  await put(documents, 'asset', lamp);
  await put(documents, 'condition', dark);
  await put(documents, 'rule', { id: 'lighting/lift' });
  const catalogue = await stored.current();
  expect([...(catalogue.types.get('Streetlight')?.relations.keys() ?? [])]).toEqual(['cabinet']);
  expect(catalogue.conditions).toEqual([dark]);
  expect([...(catalogue.rules ?? [])]).toEqual(['lighting/lift']);
});

it('stays the same object while nothing that it is made of changes', async () => {
  const documents = new MemoryDocuments(systemClock);
  const stored = new StoredRuleCatalogue(documents);
  await put(documents, 'asset', lamp);
  const before = await stored.current();
  await put(documents, 'interlock', { id: 'lighting/in-service' });
  expect(await stored.current()).toBe(before);
});

it('forgets what is removed, and leaves out what cannot be read', async () => {
  const documents = new MemoryDocuments(systemClock);
  const stored = new StoredRuleCatalogue(documents);
  await put(documents, 'asset', lamp);
  await put(documents, 'condition', { id: 'lighting/odd' });
  expect((await stored.current()).assets.size).toBe(1);
  await documents.put({ kind: 'asset', id: lamp.id, department: 'lighting', body: null, expected: 1, actor });
  expect(await stored.current()).toMatchObject({ assets: new Map(), conditions: [] });
});
