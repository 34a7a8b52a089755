-- The record plane: documents, people, and what happened. One schema for PostgreSQL and PGlite.
-- Identifiers compare byte by byte (collate "C"), so that lists have one order on every server.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are appended, never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;

-- body is json, not jsonb: an author's text keeps its order of keys. Null: this version removed the document.
create table documents (
  kind text collate "C" not null,
  id text collate "C" not null,
  version integer not null check (version > 0),
  department text collate "C" not null,
  body json,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (kind, id, version)
);
create index documents_by_change on documents (changed_at);
create trigger documents_are_appended before update or delete on documents
  for each row execute function refuse_change();

create table audit_entries (
  entry bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  department text collate "C" not null,
  verb text not null,
  subject text not null,
  detail jsonb not null
);
create index audit_entries_by_time on audit_entries (at, entry);
create trigger audit_entries_are_appended before update or delete on audit_entries
  for each row execute function refuse_change();

create table accounts (
  name text collate "C" primary key,
  password_hash text not null,
  roles jsonb not null
);

create table sessions (
  token_hash text collate "C" primary key,
  account text collate "C" not null references accounts (name) on delete cascade,
  expires_at timestamptz not null
);
create index sessions_by_account on sessions (account);

create table device_credentials (
  department text collate "C" not null,
  device text collate "C" not null,
  secret_hash text not null,
  primary key (department, device)
);

create table decisions (
  decision_id text collate "C" primary key,
  rule text collate "C" not null,
  asset text collate "C" not null,
  at timestamptz not null,
  body jsonb not null
);
create index decisions_by_time on decisions (at, decision_id);

create table commands (
  command_id text collate "C" primary key,
  point text collate "C" not null,
  issued_at timestamptz not null,
  state text not null,
  steps integer not null,
  body jsonb not null
);
create index commands_by_time on commands (issued_at, command_id);

-- No table refers to readings, and retention goes by our own clock (received_at): a sensor's clock may stand in 1970
-- or in 2099. So the table can be split by received_at later without changing what its readers see.
create table readings (
  id text collate "C" primary key,
  asset text collate "C" not null,
  property text collate "C" not null,
  value jsonb not null,
  unit text,
  observed_at timestamptz not null,
  received_at timestamptz not null,
  quality text not null,
  source text not null
);
create index readings_by_receipt on readings (received_at);
