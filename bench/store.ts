// Measures the record plane: readings recorded per second, and how long a scan holds up the main thread. One line of JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { openDatabase } from '../engine/store/open-database.ts';
import { BatchRecorder } from '../engine/store/recorder.ts';

const BATCH = 500;
const BATCHES = 400;
const log = pino({ level: 'warn' }, pino.destination(2));

const url = process.env['DATABASE_URL'];
const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
const database = await openDatabase({ folder, log, ...(url ? { url } : {}) });
const recorder = new BatchRecorder({ database, log });
const run = Date.now();

function batch(number: number) {
  const readings = Array.from({ length: BATCH }, (_, index) => ({
    id: `${run}-${number}-${index}:vehicleCount`,
    asset: `urn:ngsi-ld:Detector:d${index}`,
    property: 'vehicleCount',
    value: index,
    observedAt: run + number * 1_000,
    receivedAt: run + number * 1_000 + 40,
    quality: 'good' as const,
    source: 'flow:traffic',
  }));
  return { decisions: [], commands: [], readings };
}

/** Milliseconds that `work` took, and the longest time that it kept the main thread from anything else. */
async function measure(work: () => Promise<unknown>): Promise<{ ms: number; longestBlockMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  delay.disable();
  return { ms, longestBlockMs: Math.round(delay.max / 1e5) / 10 };
}

async function oneByOne(first: number, count: number): Promise<void> {
  for (let number = first; number < first + count; number += 1) await recorder.record(batch(number));
}

async function fourAtOnce(first: number, count: number): Promise<void> {
  await Promise.all([0, 1, 2, 3].map((lane) => oneByOne(first + (lane * count) / 4, count / 4)));
}

await oneByOne(0, 40);
const sequential = await measure(() => oneByOne(40, BATCHES));
const parallel = await measure(() => fourAtOnce(40 + BATCHES, BATCHES));
const scan = await measure(() =>
  database.query(
    "select asset, avg((value #>> '{}')::float8) from readings where source like '%traff%' group by asset",
  ),
);
const single = await measure(async () => {
  for (let number = 0; number < 500; number += 1) {
    const { readings } = batch(-1 - number);
    await recorder.record({ decisions: [], commands: [], readings: readings.slice(0, 1) });
  }
});
const perSecond = (rows: number, ms: number): number => Math.round((rows / ms) * 1_000);
const [rows] = await database.query<{ count: number }>('select count(*)::int as count from readings');
process.stdout.write(
  `${JSON.stringify({
    bench: 'store',
    database: url ? 'postgresql' : 'pglite',
    readingsPerSecond: perSecond(BATCH * BATCHES, sequential.ms),
    readingsPerSecondFourCallers: perSecond(BATCH * BATCHES, parallel.ms),
    recordingLongestBlockMs: parallel.longestBlockMs,
    singleReadingsPerSecond: perSecond(500, single.ms),
    scannedRows: rows?.count,
    scanMs: Math.round(scan.ms),
    scanLongestBlockMs: scan.longestBlockMs,
  })}\n`,
);
await recorder.stop();
await database.query('delete from readings where id like $1', [`${run}-%`]);
await database.close();
await rm(folder, { recursive: true, force: true });
