-- What devices reported and what was wanted of points, from one change to the next.

create table point_changes (
  change_id text collate "C" primary key,
  point text collate "C" not null,
  at timestamptz not null,
  body jsonb not null
);
create index point_changes_by_point on point_changes (point, at);
