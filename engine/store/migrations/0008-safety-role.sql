-- Interlocks are edited by the role safety alone. Administrators could edit them before: they keep that right by the role,
-- where they had it, so that no box is left with interlocks that nobody may change. From then on it is theirs to lose.

with kept as (
  update accounts set roles = (
    select jsonb_object_agg(
      department,
      case when held ? 'administrator' and not held ? 'safety' then held || '["safety"]' else held end
    )
    from jsonb_each(roles) as role(department, held)
  )
  where exists (
    select 1 from jsonb_each(roles) as role(department, held)
    where held ? 'administrator' and not held ? 'safety'
  )
  returning name, roles
)
insert into audit_entries (at, actor, department, verb, subject, detail)
select now(), 'system:upgrade', '*', 'give-role', name, jsonb_build_object('role', 'safety', 'roles', roles) from kept;
