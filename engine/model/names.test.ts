// How things may be called.
import { describe, expect, test } from 'vitest';

import {
  assetIdSchema,
  departmentSchema,
  documentIdSchema,
  nameSchema,
  pointKey,
  splitPointKey,
  typeOfUrn,
} from './names.ts';

describe.each([
  {
    what: 'a department',
    schema: departmentSchema,
    good: ['traffic', 'waste', 'a1', 'parks-and-water', 'a'.repeat(32)],
    bad: ['', 'a', 'Traffic', '1st', 'traffic/x', 'tra ffic', '*', 'a'.repeat(33), 'traffic\n'],
  },
  {
    what: 'an asset id',
    schema: assetIdSchema,
    good: ['urn:ngsi-ld:Streetlight:river-path-17', 'urn:ngsi-ld:A:1', 'urn:ngsi-ld:Bin:a.b_c-d'],
    bad: [
      '',
      'lamp-17',
      'urn:ngsi-ld:streetlight:17',
      'urn:ngsi-ld:Streetlight:',
      'urn:ngsi-ld:Streetlight:a#level',
      'urn:ngsi-ld:Streetlight:a/b',
      'urn:ngsi-ld:Streetlight:a:b',
      `urn:ngsi-ld:Streetlight:${'a'.repeat(128)}`,
    ],
  },
  {
    what: 'a document id',
    schema: documentIdSchema,
    good: ['traffic/queue-relief', 'waste/1'],
    bad: ['queue-relief', 'traffic/', '/x', 'traffic/Queue', 'traffic/a/b', `traffic/${'a'.repeat(96)}`],
  },
  {
    what: 'a name',
    schema: nameSchema,
    good: ['level', 'timePlan', 'river-path', 'LAeq', 'pm25', 'a_b', 'a'.repeat(64)],
    bad: ['', '1st', '_x', '__proto__', 'a b', 'a/b', 'a#b', 'a.b', 'größe', 'a'.repeat(65)],
  },
])('$what', ({ schema, good, bad }) => {
  test.each(good)('may be %j', (text) => {
    expect(schema.safeParse(text).success).toBe(true);
  });

  test.each(bad)('may not be %j', (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });
});

test('the type stands inside the URN', () => {
  expect(typeOfUrn('urn:ngsi-ld:Streetlight:17')).toBe('Streetlight');
  expect(typeOfUrn('lamp')).toBe('');
});

test('a point’s address comes apart as it was put together', () => {
  const key = pointKey('urn:ngsi-ld:Streetlight:17', 'level');
  expect(key).toBe('urn:ngsi-ld:Streetlight:17#level');
  expect(splitPointKey(key)).toEqual({ asset: 'urn:ngsi-ld:Streetlight:17', point: 'level' });
});
