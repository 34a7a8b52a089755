// From JSON pointers to places in a text.
import { expect, it } from 'vitest';

import { placeOf, stepsOf } from './json-places.ts';

const TEXT = `{
  "id": "traffic/x",
  "scope": { "type": "Bridge" },
  "conditions": { "all": [{ "fact": "occupancy", "value": 80 }] },
  "a/b": true
}`;

const at = (pointer: string): string => {
  const { offset, length } = placeOf(TEXT, pointer);
  return TEXT.slice(offset, offset + length);
};

it.each([
  ['/id', '"traffic/x"'],
  ['/conditions/all/0/value', '80'],
  ['/conditions/all/0', '{'],
  ['/conditions/all', '"all"'],
  ['/scope', '"scope"'],
  ['/a~1b', 'true'],
  ['', '{'],
])('%s is %s', (pointer, found) => expect(at(pointer)).toBe(found));

it('shows what is missing at what should contain it', () => {
  expect(at('/actions')).toBe('{');
  expect(at('/scope/zone')).toBe('"scope"');
  expect(at('/conditions/all/0/operator')).toBe('{');
  expect(at('/conditions/all/7')).toBe('"all"');
});

it('shows a text that is not JSON at its beginning', () => {
  expect(placeOf('', '/id')).toEqual({ offset: 0, length: 1 });
});

it('reads pointers as RFC 6901 writes them', () => {
  expect(stepsOf('/a~1b/~01/0')).toEqual(['a/b', '~1', '0']);
  expect(stepsOf('')).toEqual([]);
});
