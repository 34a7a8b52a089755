import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lineOf } from '../../test/processes.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { DATABASE_LIMITS, type DatabaseLimits } from './postgres-database.ts';
import { describeAudit } from './audit.testsuite.ts';
import { describeHistory } from './history.testsuite.ts';
import { describePeople } from './people.testsuite.ts';
import { BatchRecorder } from './recorder.ts';
import { createRecordReader } from './reader.ts';
import { Retention } from './retention.ts';
import { describeStore, type TestDatabase } from './store.testsuite.ts';

const RECORDER = join(import.meta.dirname, '../../test/fixtures/reading-recorder.ts');
const THINNING = join(import.meta.dirname, '../../test/fixtures/thinning-process.ts');
/** Far longer than any test: only the end of its thread stops it. */
const ENDLESS = 'select count(*) from generate_series(1, 100000000000)';
const log = pino({ level: 'silent' });

async function openMigrated(): Promise<TestDatabase> {
  const folder = await makeTempFolder();
  const database = await EmbeddedDatabase.open(folder.path, log);
  await migrate(database);
  return {
    database,
    close: async () => {
      await database.close();
      await folder.remove();
    },
  };
}

describe('the record plane on PGlite', () => {
  describeStore(openMigrated);
  describeHistory(openMigrated);
  describePeople(openMigrated);
  describeAudit(openMigrated);
});

it('makes its folder, says that a power cut is not survived, and opens again with what it had', async () => {
  const folder = join(await tempFolder(), 'not/yet/there');
  const lines: string[] = [];
  const told = pino({ base: null }, { write: (line) => lines.push(line) });
  const first = await openDatabase({ folder, log: told });
  await first.query('insert into accounts values ($1, $2, $3::jsonb)', ['kept', 'x', '{}']);
  await first.close();
  await first.close();
  await expect(first.query('select 1')).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(lines.filter((line) => line.includes('not a power cut'))).toHaveLength(1);
  const second = await openDatabase({ folder, log });
  expect(await second.query('select name from accounts')).toEqual([{ name: 'kept' }]);
  await second.close();
});

it('refuses a folder that this process has open already', async () => {
  const folder = await tempFolder();
  const database = await open(folder);
  await expect(openDatabase({ folder, log })).rejects.toMatchObject({ code: 'folder-in-use' });
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
});

it("refuses another process's folder, and keeps every acknowledged row when that one is killed", async () => {
  const folder = await tempFolder();
  const recorder = spawn(process.execPath, [RECORDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void recorder.kill('SIGKILL'));
  let output = '';
  recorder.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await lineOf(recorder, /^acknowledged \d{3}/);
  await expect(openDatabase({ folder, log })).rejects.toMatchObject({ code: 'folder-in-use' });
  const closed = once(recorder, 'close');
  recorder.kill('SIGKILL');
  await closed;
  const acknowledged = Math.max(...[...output.matchAll(/acknowledged (\d+)\n/g)].map(([, count]) => Number(count)));
  const database = await open(folder);
  const kept = await database.query<{ count: number }>('select count(*)::int as count from readings');
  expect(kept[0]?.count).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThanOrEqual(100);
}, 60_000);

it('has every reading once, raw or in a sample, when the process that thins out is killed', async () => {
  const folder = await tempFolder();
  const thinning = spawn(process.execPath, [THINNING, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void thinning.kill('SIGKILL'));
  await lineOf(thinning, /^thinned/);
  const closed = once(thinning, 'close');
  thinning.kill('SIGKILL');
  await closed;
  const database = await open(folder);
  const count = () =>
    database.query(`select (select count(*)::int from readings) as raw,
      (select coalesce(sum(readings), 0)::int from samples) as sampled,
      (select sum(value::float8) from readings) + (select sum(total) from samples) as total`);
  const [left] = await count();
  expect(left).toMatchObject({ raw: expect.any(Number), total: (2_000 * 1_999) / 2 });
  const clock = { now: () => 864_000_000 * 2, after: () => () => undefined };
  await new Retention({ database, clock, log }).sweep();
  expect(await count()).toEqual([{ raw: 0, sampled: 2_000, total: null }]);
  const past = { asset: 'urn:ngsi-ld:Detector:d1', property: 'vehicleCount', from: 0, to: 20_000_000, maxPoints: 2 };
  const { points } = await createRecordReader(database).history(past);
  expect(points).toEqual([{ at: 0, count: 2_000, min: 0, max: 1_999, avg: 999.5, last: 1_999 }]);
}, 60_000);

it('does not grow while as much is thinned out as comes in', async () => {
  const opened = await openMigrated();
  onTestFinished(() => opened.close());
  const { database } = opened;
  const recorder = new BatchRecorder({ database, log });
  const sizes: number[] = [];
  for (const day of [0, 10, 20, 30]) {
    const readings = Array.from({ length: 5_000 }, (_, index) => {
      const at = day * 86_400_000 + index;
      const id = `${day}-${index}`;
      return {
        id,
        asset: 'a',
        property: 'p',
        value: 1,
        observedAt: at,
        receivedAt: at,
        quality: 'good',
        source: 's',
      } as const;
    });
    await recorder.record({ decisions: [], commands: [], readings });
    const clock = { now: () => (day + 8) * 86_400_000, after: () => () => undefined };
    expect(await new Retention({ database, clock, log, isEmbedded: true }).sweep()).toMatchObject({ readings: 5_000 });
    const [row] = await database.query<{ size: number }>("select pg_total_relation_size('readings')::float8 as size");
    sizes.push(row?.size ?? 0);
  }
  expect(sizes[3]).toBeLessThan((sizes[0] ?? 0) * 2.5);
});

it('starts anew where a first start was killed half-way', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'database.new/global'), { recursive: true });
  await writeFile(join(folder, 'database.new/PG_VERSION'), '18\n');
  const database = await open(folder);
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
});

it('says so when what stands in its folder is no database', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'database'), 'a file');
  await expect(openDatabase({ folder, log })).rejects.toMatchObject({ code: 'database-unavailable' });
  await rm(join(folder, 'database'));
  await open(folder);
});

describe('a statement that takes too long', () => {
  it('ends the thread, rejects what ran, and leaves the next query a new one', async () => {
    const database = await open(await tempFolder(), { ...DATABASE_LIMITS, statementMs: 300 });
    await database.query('create table kept (number integer)');
    await database.query('insert into kept values (1)');
    const stuck = database.transaction(async (transaction) => {
      await transaction.query('insert into kept values (2)');
      await transaction.query(ENDLESS);
    });
    const waiting = database.query('select number from kept');
    await expect(stuck).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await waiting).toEqual([{ number: 1 }]);
  });
});

it('rolls back a transaction that waits for its own database, instead of waiting for ever', async () => {
  const database = await open(await tempFolder(), { ...DATABASE_LIMITS, transactionMs: 200 });
  const waiting = database.transaction(async () => database.query('select 1 as one'));
  await expect(waiting).rejects.toThrow('a transaction took longer than 200 ms');
  expect(await database.query('select 2 as two')).toEqual([{ two: 2 }]);
});

it('leaves the main thread free while it scans', async () => {
  const database = await open(await tempFolder());
  const scan = { running: true };
  const counted = database.query('select count(*)::int as count from generate_series(1, 2000000)').finally(() => {
    scan.running = false;
  });
  let turns = 0;
  while (scan.running) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    turns += 1;
  }
  expect(await counted).toEqual([{ count: 2_000_000 }]);
  // A scan on this thread would leave it not one turn.
  expect(turns).toBeGreaterThan(100);
});

async function tempFolder(): Promise<string> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

async function open(folder: string, limits?: DatabaseLimits): Promise<EmbeddedDatabase> {
  const database = await EmbeddedDatabase.open(folder, log, limits);
  onTestFinished(() => database.close());
  return database;
}
