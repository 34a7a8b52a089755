// Names that other people wrote.
import { expect, test } from 'vitest';

import { own } from './own.ts';

test('finds what a record holds itself', () => {
  expect(own({ level: 0 }, 'level')).toBe(0);
});

test.each(['constructor', 'toString', '__proto__', 'missing', ''])('finds nothing under %j', (name) => {
  expect(own({ level: 0 }, name)).toBeUndefined();
});
