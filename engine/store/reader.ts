// Reads what happened: commands, decisions, readings.
import { toIso } from '../model/clock.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import { readHistory } from './history.ts';
import { readKnown, READING_COLUMNS, toReading, type ReadingRow } from './known-readings.ts';
import { LONGEST_LIST, requireLimit, tooMany } from './list-limit.ts';
import { createAlarmReader } from './alarm-reader.ts';
import { createOrderReader } from './order-reader.ts';
import type { Database, RecordReader } from './ports.ts';
import { createRulePastReader } from './rule-past-reader.ts';
import { storableText, toStorableJson } from './sql-text.ts';

/** The recorded past of a database. */
export function createRecordReader(database: Database): RecordReader {
  return {
    ...createOrderReader(database),
    ...createAlarmReader(database),
    ...createRulePastReader(database),
    command: async (commandId) => {
      const [row] = await database.query<{ body: CommandRecord }>('select body from commands where command_id = $1', [
        storableText(commandId),
      ]);
      return row?.body;
    },
    decision: async (decisionId) => {
      const [row] = await database.query<{ body: Decision }>('select body from decisions where decision_id = $1', [
        storableText(decisionId),
      ]);
      return row?.body;
    },
    readings: async (ids) => {
      if (ids.length === 0) return [];
      if (ids.length > LONGEST_LIST) throw tooMany(ids.length);
      const rows = await database.query<ReadingRow>(
        `select ${READING_COLUMNS} from readings where id in (select jsonb_array_elements_text($1::jsonb))
         order by observed_at desc, id desc`,
        [toStorableJson(ids)],
      );
      return rows.map(toReading);
    },
    history: (asked) => readHistory(database, asked),
    readingsKnown: (asked) => readKnown(database, asked),
    recentCommands: async (limit, before) => {
      const rows = await database.query<{ body: CommandRecord }>(
        `select body from commands where $2::timestamptz is null or issued_at < $2
         order by issued_at desc, command_id desc limit $1`,
        [requireLimit(limit), before === undefined ? null : toIso(before)],
      );
      return rows.map(({ body }) => body);
    },
    recentDecisions: async (limit, before) => {
      const rows = await database.query<{ body: Decision }>(
        `select body from decisions where $2::timestamptz is null or at < $2
         order by at desc, decision_id desc limit $1`,
        [requireLimit(limit), before === undefined ? null : toIso(before)],
      );
      return rows.map(({ body }) => body);
    },
  };
}
