// A property's past in as many points as somebody can look at: single readings where they are few, else stretches of equal length.
import { toIso } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import type { History, HistoryPoint } from '../model/history.ts';
import type { Value } from '../model/value.ts';
import type { Database, RecordReader } from './ports.ts';
import { inMilliseconds, storableText } from './sql-text.ts';
import { AS_NUMBER } from './thin-out.ts';

type Asked = Parameters<RecordReader['history']>[0];

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MOST_POINTS = 10_000;

/** Lengths of a stretch that people can name. Each holds whole samples: a sample is never split. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY_MS),
];

/** The length of a stretch, in milliseconds, so that a range needs at most `maxPoints` of them and none is finer than `finestMs`. */
export function stepFor(rangeMs: number, maxPoints: number, finestMs: number): number {
  // A range that begins within a stretch touches one more.
  const needed = Math.max(finestMs, rangeMs / (maxPoints - 1));
  return STEPS_MS.find((step) => step >= needed) ?? Math.ceil(needed / (28 * DAY_MS)) * 28 * DAY_MS;
}

/** Reads it; see the port. */
export async function readHistory(database: Database, asked: Asked): Promise<History> {
  const { asset, property, from, to, maxPoints } = requireSound(asked);
  const about = [storableText(asset), storableText(property), toIso(from), toIso(to)];
  const { single, coarsestMs } = await measure(database, about, maxPoints);
  const isFew = coarsestMs === 0 && single <= maxPoints;
  const stepMs = isFew ? 0 : stepFor(to - from, maxPoints, coarsestMs);
  const rows = await database.query<Row>(isFew ? SINGLE : STRETCHES, isFew ? about : [...about, stepMs]);
  const unit = rows.find((row) => row.unit !== null)?.unit ?? null;
  return { asset, property, from, to, ...(unit === null ? {} : { unit }), stepMs, points: rows.map(toPoint) };
}

function requireSound(asked: Asked): Asked {
  const { from, to, maxPoints } = asked;
  if (to > from && Number.isInteger(maxPoints) && maxPoints >= 2 && maxPoints <= MOST_POINTS) return asked;
  throw new SignalboxError('invalid', {
    what: `A history from ${from} to ${to} in ${maxPoints} points (allowed are 2 to ${MOST_POINTS}, and an end after the beginning)`,
  });
}

const RAW_IN_RANGE = `readings where asset = $1 and property = $2 and observed_at >= $3 and observed_at < $4
  and quality not in ('bad', 'ahead')`;
const SAMPLES_IN_RANGE = `samples where asset = $1 and property = $2
  and started_at > $3::timestamptz - seconds * interval '1 second' and started_at < $4`;

/** How many single readings there are, counted up to one too many, and how coarse the samples are; 0 for none. */
async function measure(
  database: Database,
  about: readonly string[],
  maxPoints: number,
): Promise<{ single: number; coarsestMs: number }> {
  const [found] = await database.query<{ single: number; seconds: number }>(
    `select (select count(*)::int from (select 1 from ${RAW_IN_RANGE} limit $5) as first_ones) as single,
       (select coalesce(max(seconds), 0) from ${SAMPLES_IN_RANGE}) as seconds`,
    [...about, maxPoints + 1],
  );
  return { single: found?.single ?? 0, coarsestMs: (found?.seconds ?? 0) * SECOND_MS };
}

const SINGLE = `select ${inMilliseconds('observed_at')} as at, 1 as count, ${AS_NUMBER} as min, ${AS_NUMBER} as max,
    ${AS_NUMBER} as avg, value as last, unit
  from ${RAW_IN_RANGE} order by observed_at, id`;

const STRETCHES = `select (floor(extract(epoch from at) * 1000 / $5) * $5)::float8 as at, sum(readings)::int as count,
    min(lowest) as min, max(highest) as max, sum(total) / nullif(sum(numbers), 0) as avg,
    (array_agg(last_value order by last_at desc))[1] as last, max(unit) as unit
  from (
    select observed_at as at, 1 as readings, number as lowest, number as highest, coalesce(number, 0) as total,
      (number is not null)::int as numbers, value as last_value, observed_at as last_at, unit
    from (select *, ${AS_NUMBER} as number from ${RAW_IN_RANGE}) as valued
    union all
    select started_at, readings, lowest, highest, total, numbers, last_value, last_at, unit from ${SAMPLES_IN_RANGE}
  ) as parts group by 1 order by 1`;

interface Row {
  at: number;
  count: number;
  min: number | null;
  max: number | null;
  avg: number | null;
  last: Value;
  unit: string | null;
}

function toPoint({ at, count, min, max, avg, last }: Row): HistoryPoint {
  const isNumeric = min !== null && max !== null && avg !== null;
  return { at, count, ...(isNumeric ? { min, max, avg } : {}), last };
}
