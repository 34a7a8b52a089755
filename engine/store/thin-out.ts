// One chunk of thinning out: rows leave one table and enter the next coarser one within a single statement.

/** A reading's value: a number as it is, a truth value as 1 or 0, null for words. */
export const AS_NUMBER = `case jsonb_typeof(value)
  when 'number' then value::float8 when 'boolean' then value::boolean::int::float8 end`;

/** What retention does to one property, in this order. `$1` property, `$2` the oldest receipt that stays, `$3` rows at most. */
export const THIN_OUT: Readonly<Record<'raw' | 'fiveMinute' | 'hourly', string>> = {
  raw: thin({
    // Whoever locked a row first thins it out; a second engine takes others.
    gone: `delete from readings using (
        select id from readings where property = $1 and received_at < $2
        order by received_at limit $3 for update skip locked
      ) as old where readings.id = old.id
      returning readings.*`,
    // A value that is not to be trusted never entered a window either.
    rows: `select asset, property, 300 as seconds, ${startOf('observed_at', 300)} as started_at, unit,
        1 as readings, (number is not null)::int as numbers, number as lowest, number as highest,
        coalesce(number, 0) as total, value as last_value, observed_at as last_at, received_at
      from (select *, ${AS_NUMBER} as number from gone where quality not in ('bad', 'ahead')) as valued`,
  }),
  fiveMinute: thin({
    gone: deletedSamples(300),
    rows: `select asset, property, 3600 as seconds, ${startOf('started_at', 3_600)} as started_at, unit,
        readings, numbers, lowest, highest, total, last_value, last_at, received_at from gone`,
  }),
  hourly: `with gone as (${deletedSamples(3_600)}) select count(*)::int as gone, 0 as written from gone`,
};

/** Every property that a table has rows of; jumps from one to the next in the index by age. */
export const propertiesIn = (table: 'readings' | 'samples'): string => `
  with recursive found as (
    (select property from ${table} order by property limit 1)
    union all
    select (select property from ${table} where property > found.property order by property limit 1)
    from found where found.property is not null
  ) select property from found where property is not null`;

function startOf(column: string, seconds: number): string {
  return `to_timestamp(floor(extract(epoch from ${column}) / ${seconds}) * ${seconds})`;
}

function deletedSamples(seconds: number): string {
  return `delete from samples using (
      select asset, property, started_at, seconds from samples
      where property = $1 and seconds = ${seconds} and received_at < $2
      order by received_at limit $3 for update skip locked
    ) as old where (samples.asset, samples.property, samples.started_at, samples.seconds)
      = (old.asset, old.property, old.started_at, old.seconds)
    returning samples.*`;
}

/** One statement is done or not done: a process that is killed leaves every reading in exactly one place. */
function thin({ gone, rows }: { gone: string; rows: string }): string {
  return `with gone as (${gone}), rows as (${rows}), grouped as (
      select asset, property, seconds, started_at, max(unit) as unit, sum(readings) as readings,
        sum(numbers) as numbers, min(lowest) as lowest, max(highest) as highest, sum(total) as total,
        (array_agg(last_value order by last_at desc))[1] as last_value, max(last_at) as last_at,
        max(received_at) as received_at
      from rows group by asset, property, seconds, started_at
    ), written as (
      insert into samples as known (asset, property, seconds, started_at, unit, readings, numbers, lowest, highest,
        total, last_value, last_at, received_at)
      select asset, property, seconds, started_at, unit, readings, numbers, lowest, highest,
        total, last_value, last_at, received_at
      from grouped order by asset, property, started_at
      on conflict (asset, property, started_at, seconds) do update set
        unit = coalesce(excluded.unit, known.unit),
        readings = known.readings + excluded.readings,
        numbers = known.numbers + excluded.numbers,
        lowest = least(known.lowest, excluded.lowest),
        highest = greatest(known.highest, excluded.highest),
        total = known.total + excluded.total,
        last_value = case when excluded.last_at >= known.last_at then excluded.last_value else known.last_value end,
        last_at = greatest(known.last_at, excluded.last_at),
        received_at = greatest(known.received_at, excluded.received_at)
      returning 1
    ) select (select count(*)::int from gone) as gone, (select count(*)::int from written) as written`;
}
