// Claims as they are written down.
import { expect, test } from 'vitest';

import { actorOwner, claimSchema, SLOTS, slotSchema } from './claim.ts';
import { requestOwner } from './input.ts';

test('a person holds claims as operator, a department’s flows as flow', () => {
  expect(actorOwner({ kind: 'person', id: 'ann' })).toEqual({ kind: 'operator', id: 'ann' });
  expect(actorOwner({ kind: 'flow', id: 'traffic' })).toEqual({ kind: 'flow', id: 'traffic' });
});

test('a person may give back another’s override, a flow only its own wish', () => {
  const release = { do: 'release' as const, point: 'urn:ngsi-ld:Streetlight:1#level', key: '', reason: 'over' };
  const [ann, flow] = [
    { kind: 'person' as const, id: 'ann', roles: {} },
    { kind: 'flow' as const, id: 'traffic', roles: {} },
  ];
  expect(requestOwner(ann, release)).toEqual({ kind: 'operator', id: 'ann' });
  expect(requestOwner(ann, { ...release, owner: 'bob' })).toEqual({ kind: 'operator', id: 'bob' });
  expect(requestOwner(flow, { ...release, owner: 'bob' })).toEqual({ kind: 'flow', id: 'traffic' });
});

test('every slot of the city is one of BACnet’s sixteen, and no two are the same', () => {
  const slots = Object.values(SLOTS);
  expect(slots.filter((slot) => !slotSchema.safeParse(slot).success)).toEqual([]);
  expect(new Set(slots).size).toBe(slots.length);
});

test('there are no endless claims', () => {
  const claim = {
    id: 'c',
    point: 'urn:ngsi-ld:Streetlight:1#level',
    effect: 'set',
    value: 1,
    slot: 8,
    owner: { kind: 'operator', id: 'ann' },
    department: 'lighting',
    reason: 'test',
    since: 0,
  };
  expect(claimSchema.safeParse(claim).success).toBe(false);
  expect(claimSchema.parse({ ...claim, leaseUntil: 1 })).toMatchObject({ rampSeconds: 0 });
});
