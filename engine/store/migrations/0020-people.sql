-- When somebody last gave a password, and what machines may do.

-- Null: before this was noted; a dangerous act then asks for the password again.
alter table sessions add column confirmed_at timestamptz;

create table tokens (
  id text collate "C" primary key,
  department text collate "C" not null,
  title text not null,
  token_hash text collate "C" not null unique,
  verbs jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index tokens_by_department on tokens (department);
