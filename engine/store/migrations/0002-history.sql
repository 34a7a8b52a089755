-- The past of one property: found by its own index, thinned out into samples, kept as long as its property is kept.

create index readings_by_property on readings (asset, property, observed_at);
-- Retention goes property by property, so the order of receipt alone is no longer looked for.
create index readings_by_age on readings (property, received_at);
drop index readings_by_receipt;

-- Readings that were thinned out: one row for every five minutes, later for every hour, of one property of one asset.
-- A reading is either in readings or in one sample: the statement that deletes it is the one that adds it here.
create table samples (
  asset text collate "C" not null,
  property text collate "C" not null,
  seconds integer not null check (seconds in (300, 3600)),
  -- When the readings were observed: at or after started_at, and before the next sample of this length.
  started_at timestamptz not null,
  unit text,
  readings integer not null,
  -- Of numbers and truth values (true is 1): how many, and what they come to. Words have none.
  numbers integer not null,
  lowest float8,
  highest float8,
  total float8 not null,
  last_value jsonb not null,
  last_at timestamptz not null,
  -- By our own clock, as for readings: when the newest of them was received.
  received_at timestamptz not null,
  primary key (asset, property, started_at, seconds)
);
create index samples_by_age on samples (property, seconds, received_at);

-- Properties that are kept longer or shorter than others; in days since they were received.
create table retention (
  property text collate "C" primary key,
  raw_days float8 not null check (raw_days > 0),
  five_minute_days float8 not null check (five_minute_days >= raw_days),
  hourly_days float8 not null check (hourly_days >= five_minute_days)
);

create index decisions_by_rule on decisions (rule, asset, at);
