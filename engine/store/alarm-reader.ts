// Reads alarms: one by its name, or a list of those that fit.
import type { Alarm } from '../model/alarm.ts';
import { requireLimit } from './list-limit.ts';
import type { Database, RecordReader } from './ports.ts';
import { storableText } from './sql-text.ts';

/** A state as its columns and body tell; the order of the cases is that of `alarmState`. */
const STATE = `case when closed_at is not null then 'closed' when body ? 'shelved' then 'shelved'
  when body ? 'under' then 'suppressed' when body ? 'endedAt' then 'returned'
  when body ? 'acknowledged' then 'acknowledged' else 'unacknowledged' end`;

/** The recorded alarms of a database. */
export const createAlarmReader = (database: Database): Pick<RecordReader, 'alarm' | 'recentAlarms'> => ({
  alarm: async (alarmId) => {
    const [row] = await database.query<{ body: Alarm }>('select body from alarms where alarm_id = $1', [
      storableText(alarmId),
    ]);
    return row?.body;
  },
  recentAlarms: async (limit, { state, kind, severity, department, asset, after } = {}) => {
    const rows = await database.query<{ body: Alarm }>(
      `select body from alarms
       where ($2::text is null
           or (raised_at, alarm_id) < (select raised_at, alarm_id from alarms where alarm_id = $2)) and ($3::text is null or kind = $3)
         and ($4::text is null or severity = $4) and ($5::text is null or department = $5)
         and ($6::text is null or asset = $6) and (not $7::boolean or closed_at is null)
         and ($8::text is null or ${STATE} = $8)
       order by raised_at desc, alarm_id desc limit $1`,
      [
        requireLimit(limit),
        after === undefined ? null : storableText(after),
        kind ?? null,
        severity ?? null,
        department ?? null,
        asset === undefined ? null : storableText(asset),
        state !== undefined && state !== 'closed',
        state === 'open' ? null : (state ?? null),
      ],
    );
    return rows.map(({ body }) => body);
  },
});
