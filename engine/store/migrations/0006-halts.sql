-- When rules were kept back: paused by a person, or parked by the engine.

create table halts (
  halt_id text collate "C" primary key,
  rule text collate "C" not null,
  since timestamptz not null,
  ended_at timestamptz,
  body jsonb not null
);
create index halts_by_rule on halts (rule, since);
