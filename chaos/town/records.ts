// What the box has recorded of its commands, out of the record plane.
import type { Database } from '../../engine/index.ts';
import { COMMAND_ENDS, type CommandEnd, type CommandRecord } from '../../engine/model/command.ts';
import type { CommandWithSteps } from './subject.ts';

interface Row {
  commandId: string;
  point: string;
  state: string;
  sequence: number;
  value: number | null;
  steps: CommandRecord['steps'];
}

/** Every command that was ever issued, in no order. */
export async function readCommands(database: Database): Promise<CommandWithSteps[]> {
  const rows = await database.query<Row>(
    `select command_id as "commandId", point, state, (body #>> '{command,sequence}')::int as sequence,
            (body #>> '{command,want,value}')::float as value, body -> 'steps' as steps from commands`,
  );
  return rows.map(({ commandId, point, state, sequence, value, steps }) => ({
    commandId,
    point,
    sequence,
    steps,
    ...(value === null ? {} : { value }),
    ...(isEnd(state) ? { end: state } : {}),
  }));
}

const isEnd = (state: string): state is CommandEnd => COMMAND_ENDS.some((end) => end === state);
