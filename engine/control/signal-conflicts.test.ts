import { describe, expect, it } from 'vitest';

import { conflictsIn, readConflicts, whyConflicting } from './signal-conflicts.ts';

/** North and south against east and west. */
const CROSS = '1-2 1-4 3-2 3-4';

describe('a report of signal groups', () => {
  it.each(['1B1B', 'B4B9', 'BBBB', 'NBNB', '0B0B', 'cccc', 'aaaa', 'efgh', '1', '', '1-1-'])(
    '%s has no conflict',
    (status) => {
      expect(whyConflicting(status, CROSS)).toBeUndefined();
    },
  );

  it.each([
    ['11BB', [[1, 2]]],
    ['B49B', [[3, 2]]],
    [
      '5555',
      [
        [1, 2],
        [1, 4],
        [3, 2],
        [3, 4],
      ],
    ],
  ])('%s has some', (status, conflicts) => {
    expect(conflictsIn(status, readConflicts(CROSS) ?? [])).toEqual(conflicts);
    expect(whyConflicting(status, CROSS)).toContain(`reported ${status}`);
  });

  it('with every kind of green in RSMP’s table, and with no other state', () => {
    const states = 'abcdefghABCDEFG0123456789NOP-'.split('');
    const green = states.filter((state) => conflictsIn(state + state, [[1, 2]]).length > 0);
    expect(green.join('')).toBe('123456789');
  });
});

it.each(['', '1', '1-1', '1-2,1-4', '0-1', '1-2  1-3', 'north-east', 7, true])(
  'the matrix %j cannot be read, and that is said',
  (matrix) => {
    expect(readConflicts(matrix)).toBeUndefined();
    expect(whyConflicting('BBBB', matrix)).toContain('nobody watches');
  },
);

it('without a matrix nothing is judged', () => {
  expect(whyConflicting('1111', undefined)).toBeUndefined();
});
