// Which readings of a property had been received by an instant, as far as they are still kept.
import { toIso } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';
import type { Value } from '../model/value.ts';
import type { Database, KnownReadings, KnownReadingsQuery } from './ports.ts';
import { inMilliseconds, storableText } from './sql-text.ts';

/** The most that are read; the fold's windows hold no more of one property. */
const MOST_READINGS = 4_096;
/** A sensor's clock may be ahead of ours; nothing is let in that claims to be further ahead than some minutes. */
const AHEAD_MS = 3_600_000;

/** A reading's columns, as `toReading` takes them. */
export const READING_COLUMNS = `id, asset, property, value, unit, ${inMilliseconds('observed_at')} as "observedAt",
  ${inMilliseconds('received_at')} as "receivedAt", quality, source`;

/** A reading as the database answers it. */
export type ReadingRow = Omit<Reading, 'unit'> & { unit: string | null };

/** A reading as the rest of the program knows it. */
export const toReading = ({ unit, ...reading }: ReadingRow): Reading =>
  unit === null ? reading : { ...reading, unit };

/** Reads them; see the port. */
export async function readKnown(database: Database, asked: KnownReadingsQuery): Promise<KnownReadings> {
  const about = [storableText(asked.asset), storableText(asked.property)];
  const [from, at] = [toIso(asked.from), toIso(asked.at)];
  const inside = await database.query<ReadingRow>(
    `select ${READING_COLUMNS} from readings
     where asset = $1 and property = $2 and observed_at > $3 and observed_at <= $4 and received_at <= $5
     order by readings.observed_at desc, id desc limit ${MOST_READINGS}`,
    [...about, from, toIso(asked.at + AHEAD_MS), at],
  );
  const before = await database.query<ReadingRow>(
    `select ${READING_COLUMNS} from readings
     where asset = $1 and property = $2 and observed_at <= $3 and received_at <= $4
     order by readings.observed_at desc, id desc limit 1`,
    [...about, from, at],
  );
  const sample = await newestSample(database, about, at);
  const isWhole = !sample || sample.lastAt <= asked.from;
  const standIn = sample && isWhole && before.length === 0 ? [asReading(asked, sample)] : [];
  return { readings: [...standIn, ...before.map(toReading), ...inside.toReversed().map(toReading)], isWhole };
}

interface SampleRow {
  lastAt: number;
  receivedAt: number;
  value: Value;
  unit: string | null;
}

async function newestSample(database: Database, about: readonly string[], at: string): Promise<SampleRow | undefined> {
  const [found] = await database.query<SampleRow>(
    `select ${inMilliseconds('last_at')} as "lastAt", ${inMilliseconds('received_at')} as "receivedAt",
       last_value as value, unit
     from samples where asset = $1 and property = $2 and started_at <= $3
     order by started_at desc, last_at desc limit 1`,
    [...about, at],
  );
  return found;
}

function asReading({ asset, property }: KnownReadingsQuery, sample: SampleRow): Reading {
  const { lastAt, receivedAt, value, unit } = sample;
  return {
    id: `sample:${lastAt}/${property}`,
    asset,
    property,
    value,
    ...(unit === null ? {} : { unit }),
    observedAt: lastAt,
    receivedAt,
    quality: 'good',
    source: 'sample',
  };
}
