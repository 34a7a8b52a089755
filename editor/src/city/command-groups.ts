// Commands that say the same to many assets at once, taken together: forty lamps must not hide one junction. Pure.
import type { CommandRecord } from '../../../engine/model/command.ts';
import { typeOfPoint } from './words.ts';
import { stateOf } from './city-state.ts';

/** Commands issued this closely belong together, in milliseconds. */
const TOGETHER_MS = 2_000;

/** One row of the list. */
export interface CommandGroup {
  /** The newest of them. */
  first: CommandRecord;
  /** The others, newest first. */
  alike: readonly CommandRecord[];
}

/**
 * Takes together what follows one another, wants the same of assets of one type, and stands at the same state.
 *
 * @param records newest first
 */
export function groupCommands(records: readonly CommandRecord[]): CommandGroup[] {
  const groups: { first: CommandRecord; alike: CommandRecord[] }[] = [];
  for (const record of records) {
    const last = groups.at(-1);
    if (last && isAlike(last.first, record)) last.alike.push(record);
    else groups.push({ first: record, alike: [] });
  }
  return groups;
}

const isAlike = (first: CommandRecord, other: CommandRecord): boolean =>
  first.command.issuedAt - other.command.issuedAt <= TOGETHER_MS &&
  stateOf(first) === stateOf(other) &&
  typeOfPoint(first.command.point) === typeOfPoint(other.command.point) &&
  JSON.stringify(first.command.want) === JSON.stringify(other.command.want);
