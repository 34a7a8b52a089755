// Measures the book of writes: steps of commands recorded and sealed per second, single entries, and records checked. One line of JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { CommandRecord, CommandState } from '../engine/model/command.ts';
import { createAuditLog } from '../engine/store/audit.ts';
import { ChainCheck } from '../engine/store/audit-chain.ts';
import { openDatabase } from '../engine/store/open-database.ts';
import { BatchRecorder } from '../engine/store/recorder.ts';

/** Commands per hand-over, as the record keeper gathers them, and how many hand-overs. */
const BATCH = 500;
const BATCHES = 20;
const STEPS: readonly CommandState[] = ['queued', 'sent', 'accepted', 'verified'];
const SINGLE = 200;
const LONGEST_PAGE = 1_000;
const log = pino({ level: 'warn' }, pino.destination(2));

const url = process.env['DATABASE_URL'];
const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
const database = await openDatabase({ folder, log, ...(url ? { url } : {}) });
const recorder = new BatchRecorder({ database, log });
const audit = createAuditLog(database);
const begin = Date.now();
const before = await audit.head();

function command(lamp: number, sequence: number): CommandRecord {
  const point = `urn:ngsi-ld:Streetlight:bench-${begin}-${lamp}#level`;
  const want = { value: (sequence % 10) / 10, rampSeconds: 2 };
  const owner = {
    claimId: `lighting/motion-lift|${point}`,
    owner: 'rule lighting/motion-lift',
    slot: 12,
    effect: 'set',
  };
  return {
    command: {
      commandId: `${point}:${sequence}`,
      point,
      department: 'lighting',
      device: `gateway-${lamp % 50}`,
      sequence,
      fence: 1,
      issuedAt: begin + sequence,
      notAfter: begin + 30_000,
      slot: 12,
      want,
      cause: {
        decisionId: `lighting/motion-lift|${point}|${begin}-000000001|000001|v3|started`,
        arbitration: {
          want,
          winner: { ...owner, value: want.value, reason: 'somebody near', leaseUntil: begin + 30_000 },
          bounds: [],
          losers: [],
        },
      },
    },
    steps: STEPS.map((state, index) => ({ state, at: begin + sequence + index })),
  };
}

const record = (batch: number) =>
  recorder.record({
    decisions: [],
    readings: [],
    commands: Array.from({ length: BATCH }, (_, lamp) => command(lamp, batch)),
  });

async function measure(count: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round((count / (performance.now() - begun)) * 1_000);
}

await record(0);
const events = BATCH * BATCHES * STEPS.length;
const eventsPerSecond = await measure(events, async () => {
  for (let batch = 1; batch <= BATCHES; batch += 1) await record(batch);
});
const entriesPerSecond = await measure(SINGLE, async () => {
  for (let entry = 0; entry < SINGLE; entry += 1)
    await audit.append({ at: begin, actor: 'person:ann', department: '*', verb: 'sign-in', subject: 'ann' });
});
const chain = new ChainCheck({ heads: [await audit.head()], isPart: true });
let checked = 0;
const checkedPerSecond = await measure(events, async () => {
  for (let at = before.sequence; checked < events; at = chain.last?.sequence ?? at) {
    for (const one of await audit.after(at, LONGEST_PAGE)) {
      const found = chain.take(one);
      if (found) throw new Error(`record ${found.sequence}: ${found.why}`);
      checked += 1;
    }
  }
});
const [size] = await database.query<{ bytes: number }>(
  "select (pg_total_relation_size('audit_records') / greatest(1, (select count(*) from audit_records)))::float8 as bytes",
);
process.stdout.write(
  `${JSON.stringify({
    bench: 'audit',
    database: url ? 'postgresql' : 'pglite',
    eventsPerSecond,
    entriesPerSecond,
    checkedPerSecond,
    bytesPerRecord: Math.round(size?.bytes ?? 0),
  })}\n`,
);
await recorder.stop();
await database.close();
await rm(folder, { recursive: true, force: true });
