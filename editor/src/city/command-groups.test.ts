// What is taken together in the list of commands.
import { expect, it } from 'vitest';

import type { CommandState } from '../../../engine/model/command.ts';
import { commandRecord } from './city-builders.testsuite.ts';
import { groupCommands } from './command-groups.ts';

const lamp = (number: number, states?: CommandState[]) =>
  commandRecord(`urn:ngsi-ld:Streetlight:l-${number}#level`, number, states);
const sizes = (...records: ReturnType<typeof lamp>[]) => groupCommands(records).map(({ alike }) => alike.length + 1);

it('takes lamps together that are told the same at once', () => {
  expect(sizes(lamp(3), lamp(2), lamp(1))).toEqual([3]);
});

it('keeps apart what stands elsewhere, wants something else, is of another type, or came earlier', () => {
  expect(sizes(lamp(2), lamp(1, ['queued', 'refused']))).toEqual([1, 1]);
  const dark = lamp(1);
  dark.command.want = { release: true };
  expect(sizes(lamp(2), dark)).toEqual([1, 1]);
  expect(sizes(lamp(2), commandRecord('urn:ngsi-ld:TrafficController:J1#level', 1))).toEqual([1, 1]);
  expect(sizes(lamp(5_000), lamp(1))).toEqual([1, 1]);
});
