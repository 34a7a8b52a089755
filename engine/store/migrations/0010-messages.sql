-- A message may be about alarms: then no rule said it, and it may be about more than one asset.

alter table messages alter column rule drop not null, alter column asset drop not null;
