// How decisions, commands and readings become rows: one statement per table, many rows in one JSON parameter.
import type { Alarm } from '../model/alarm.ts';
import { toIso } from '../model/clock.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { MessageRecord, Order } from '../model/one-shot.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';

/** One table that the recorder writes. Sorted by key, so that two writers never wait for each other in a circle. */
export interface RecordTable<RecordType> {
  /** The table's name, for messages. */
  name: string;
  keyOf(record: RecordType): string;
  toRow(record: RecordType): object;
  /** Writes all rows of the JSON array `$1`; rows that are there already stay, or grow. */
  upsert: string;
}

/** Decisions never change once made. */
export const DECISIONS: RecordTable<Decision> = {
  name: 'decisions',
  keyOf: (decision) => decision.decisionId,
  toRow: (decision) => ({
    decision_id: decision.decisionId,
    rule: decision.rule,
    asset: decision.asset,
    at: toIso(decision.at),
    body: decision,
  }),
  upsert: `insert into decisions (decision_id, rule, asset, at, body)
    select decision_id, rule, asset, at, body
    from json_to_recordset($1::json) as record (decision_id text, rule text, asset text, at timestamptz, body jsonb)
    order by decision_id collate "C"
    on conflict (decision_id) do nothing`,
};

/** A command's record grows step by step; a shorter one comes late and changes nothing. */
export const COMMANDS: RecordTable<CommandRecord> = {
  name: 'commands',
  keyOf: ({ command }) => command.commandId,
  toRow: (record) => ({
    command_id: record.command.commandId,
    point: record.command.point,
    issued_at: toIso(record.command.issuedAt),
    state: record.steps.at(-1)?.state ?? 'queued',
    steps: record.steps.length,
    body: record,
  }),
  upsert: `insert into commands as known (command_id, point, issued_at, state, steps, body)
    select command_id, point, issued_at, state, steps, body
    from json_to_recordset($1::json)
      as record (command_id text, point text, issued_at timestamptz, state text, steps integer, body jsonb)
    order by command_id collate "C"
    on conflict (command_id) do update
      set state = excluded.state, steps = excluded.steps, body = excluded.body
      where excluded.steps > known.steps`,
};

/** An order is opened, and later closed; its opening coming late changes nothing. */
export const ORDERS: RecordTable<Order> = {
  name: 'orders',
  keyOf: ({ orderId }) => orderId,
  toRow: (order) => ({
    order_id: order.orderId,
    asset: order.asset,
    kind: order.kind,
    opened_at: toIso(order.openedAt),
    closed_at: order.closedAt === undefined ? null : toIso(order.closedAt),
    body: order,
  }),
  upsert: `insert into orders as known (order_id, asset, kind, opened_at, closed_at, body)
    select order_id, asset, kind, opened_at, closed_at, body
    from json_to_recordset($1::json)
      as record (order_id text, asset text, kind text, opened_at timestamptz, closed_at timestamptz, body jsonb)
    order by order_id collate "C"
    on conflict (order_id) do update set closed_at = excluded.closed_at, body = excluded.body
      where known.closed_at is null and excluded.closed_at is not null`,
};

/** A halt begins, and later ends; its beginning coming late changes nothing. */
export const HALTS: RecordTable<Halt> = {
  name: 'halts',
  keyOf: ({ haltId }) => haltId,
  toRow: (halt) => ({
    halt_id: halt.haltId,
    rule: halt.rule,
    since: toIso(halt.since),
    ended_at: halt.ended === undefined ? null : toIso(halt.ended.at),
    body: halt,
  }),
  upsert: `insert into halts as known (halt_id, rule, since, ended_at, body)
    select halt_id, rule, since, ended_at, body
    from json_to_recordset($1::json)
      as record (halt_id text, rule text, since timestamptz, ended_at timestamptz, body jsonb)
    order by halt_id collate "C"
    on conflict (halt_id) do update set ended_at = excluded.ended_at, body = excluded.body
      where known.ended_at is null and excluded.ended_at is not null`,
};

/** An alarm changes until it is closed; an older revision comes late and changes nothing. */
export const ALARMS: RecordTable<Alarm> = {
  name: 'alarms',
  keyOf: ({ alarmId }) => alarmId,
  toRow: (alarm) => ({
    alarm_id: alarm.alarmId,
    kind: alarm.kind,
    subject: alarm.subject,
    department: alarm.department,
    severity: alarm.severity,
    asset: alarm.asset ?? null,
    raised_at: toIso(alarm.raisedAt),
    closed_at: alarm.closedAt === undefined ? null : toIso(alarm.closedAt),
    revision: alarm.revision,
    body: alarm,
  }),
  upsert: `insert into alarms as known
      (alarm_id, kind, subject, department, severity, asset, raised_at, closed_at, revision, body)
    select alarm_id, kind, subject, department, severity, asset, raised_at, closed_at, revision, body
    from json_to_recordset($1::json)
      as record (alarm_id text, kind text, subject text, department text, severity text, asset text,
                 raised_at timestamptz, closed_at timestamptz, revision integer, body jsonb)
    order by alarm_id collate "C"
    on conflict (alarm_id) do update
      set severity = excluded.severity, closed_at = excluded.closed_at, revision = excluded.revision,
        body = excluded.body
      where excluded.revision > known.revision`,
};

/** A message waits until one end of it is known; that one stays. */
export const MESSAGES: RecordTable<MessageRecord> = {
  name: 'messages',
  keyOf: ({ message }) => message.messageId,
  toRow: (record) => ({
    message_id: record.message.messageId,
    rule: record.message.rule ?? null,
    asset: record.message.asset ?? null,
    at: toIso(record.message.at),
    state: record.state,
    body: record,
  }),
  upsert: `insert into messages as known (message_id, rule, asset, at, state, body)
    select message_id, rule, asset, at, state, body
    from json_to_recordset($1::json)
      as record (message_id text, rule text, asset text, at timestamptz, state text, body jsonb)
    order by message_id collate "C"
    on conflict (message_id) do update set state = excluded.state, body = excluded.body
      where known.state = 'queued' and excluded.state <> 'queued'`,
};

/** Changes of points never change once made. */
export const POINT_CHANGES: RecordTable<PointChange> = {
  name: 'point_changes',
  keyOf: ({ changeId }) => changeId,
  toRow: (change) => ({ change_id: change.changeId, point: change.point, at: toIso(change.at), body: change }),
  upsert: `insert into point_changes (change_id, point, at, body)
    select change_id, point, at, body
    from json_to_recordset($1::json) as record (change_id text, point text, at timestamptz, body jsonb)
    order by change_id collate "C"
    on conflict (change_id) do nothing`,
};

/** A reading sent twice carries the same id: the first stays. */
export const READINGS: RecordTable<Reading> = {
  name: 'readings',
  keyOf: (reading) => reading.id,
  toRow: (reading) => ({
    id: reading.id,
    asset: reading.asset,
    property: reading.property,
    value: reading.value,
    unit: reading.unit,
    observed_at: toIso(reading.observedAt),
    received_at: toIso(reading.receivedAt),
    quality: reading.quality,
    source: reading.source,
  }),
  upsert: `insert into readings (id, asset, property, value, unit, observed_at, received_at, quality, source)
    select id, asset, property, value, unit, observed_at, received_at, quality, source
    from json_to_recordset($1::json)
      as record (id text, asset text, property text, value jsonb, unit text, observed_at timestamptz,
                 received_at timestamptz, quality text, source text)
    order by id collate "C"
    on conflict (id) do nothing`,
};
