// Where a command may end.
import { expect, test } from 'vitest';

import { COMMAND_ENDS, type CommandState } from './command.ts';

test('a command that is on its way has not ended', () => {
  const underWay: CommandState[] = ['queued', 'sent', 'accepted'];
  expect(underWay.filter((state) => COMMAND_ENDS.some((end) => end === state))).toEqual([]);
  expect(new Set(COMMAND_ENDS).size).toBe(6);
});
