// Names in Redis.
import { expect, test } from 'vitest';

import { redisKeys } from './redis-keys.ts';

const everyKey = (namespace?: string): string[] =>
  Object.values(redisKeys(namespace)).map((key) => (typeof key === 'string' ? key : key('x')));

test('no two names of a box are the same, and all lie on one node of a cluster', () => {
  const keys = everyKey();
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => !key.startsWith('{signalbox}:'))).toEqual([]);
});

test('two boxes share no name', () => {
  const others = new Set(everyKey('other'));
  expect(everyKey().filter((key) => others.has(key))).toEqual([]);
});
