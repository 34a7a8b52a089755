-- Alarms, each from its beginning to its end.

create table alarms (
  alarm_id text collate "C" primary key,
  kind text collate "C" not null,
  subject text collate "C" not null,
  department text collate "C" not null,
  severity text collate "C" not null,
  asset text collate "C",
  raised_at timestamptz not null,
  closed_at timestamptz,
  revision integer not null,
  body jsonb not null
);
create index alarms_by_time on alarms (raised_at, alarm_id);
create index alarms_open on alarms (raised_at, alarm_id) where closed_at is null;
create index alarms_by_asset on alarms (asset, raised_at) where asset is not null;
