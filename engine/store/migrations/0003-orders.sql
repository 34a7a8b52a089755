-- Orders for people, and what became of notifications and webhooks.

create table orders (
  order_id text collate "C" primary key,
  asset text collate "C" not null,
  kind text collate "C" not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  body jsonb not null
);
create index orders_by_time on orders (opened_at, order_id);
create index orders_open on orders (opened_at, order_id) where closed_at is null;

create table messages (
  message_id text collate "C" primary key,
  rule text collate "C" not null,
  asset text collate "C" not null,
  at timestamptz not null,
  state text not null,
  body jsonb not null
);
create index messages_by_time on messages (at, message_id);
