-- How often Redis was found empty: sequences and epochs begin anew above all that were ever used.

create table incarnations (
  only_row boolean primary key default true check (only_row),
  newest integer not null
);
-- The first one is 0, also for a box whose Redis is full; one that has issued commands never begins there again.
insert into incarnations (newest) values (case when exists (select from commands) then 0 else -1 end);
