-- The book of writes as a chain: every record carries the hash of the one before it. What the hash covers is exactly
-- these columns (json keeps what was written to the letter), so none can be changed without breaking the chain.

create table audit_records (
  sequence bigint primary key,
  at timestamptz not null,
  actor text collate "C" not null,
  department text collate "C" not null,
  verb text collate "C" not null,
  subject text collate "C" not null,
  before json,
  after json,
  reason text,
  origin text,
  detail json,
  previous bytea not null,
  hash bytea not null
);
create index audit_records_by_time on audit_records using brin (at);
create index audit_records_by_actor on audit_records (actor, sequence);
create index audit_records_by_subject on audit_records (subject, sequence);

-- Records are removed only by the sweep, which says so for its own transaction and writes it into the chain.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('signalbox.pruning', true) = 'yes' then
    return old;
  end if;
  raise exception 'rows of % are appended, never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger audit_records_are_appended before update or delete on audit_records
  for each row execute function refuse_audit_change();
create trigger audit_records_are_kept before truncate on audit_records
  for each statement execute function refuse_audit_change();

-- The end of the chain. Whoever appends locks this row first: one writer at a time, whatever the number of processes.
create table audit_head (
  only_one boolean primary key default true check (only_one),
  sequence bigint not null,
  hash bytea not null
);
insert into audit_head (sequence, hash) values (0, decode(repeat('00', 32), 'hex'));

-- Entries of before, and of migrations, which cannot seal: they go into the chain, and from here, when the box starts.
drop trigger audit_entries_are_appended on audit_entries;
create trigger audit_entries_are_appended before update on audit_entries
  for each row execute function refuse_change();
