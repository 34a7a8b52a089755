// Measures how late due runs start in the fold: 10,000 schedules over four hours, of which half tell their flows at every
// full hour, all at once, and half light a lamp at sunset. One line of JSON.
import { Fold } from '../engine/fold/fold.ts';
import { assetSchema } from '../engine/model/asset.ts';
import type { DocumentInput, Input } from '../engine/model/input.ts';
import { scheduleSchema } from '../engine/model/schedule.ts';
import { percentile } from './pipeline/measure.ts';

const SCHEDULES = 10_000;
const BEGIN = Date.parse('2026-11-26T12:00:00Z');
/** Sunset is within, and the lamps, which never answer, are not asked a second time. */
const HOURS = 4.02;

const fold = new Fold({}, (error) => {
  throw error;
});
let entries = 0;
const put = async (at: number, input: Input) => fold.apply({ id: `${at}-${(entries += 1)}`, at, input });
const document = (one: DocumentInput) => put(BEGIN, { kind: 'document', document: one });

const lampId = (number: number): string => `urn:ngsi-ld:Streetlight:lamp-${number}`;

async function setUp(): Promise<void> {
  for (let number = 0; number < SCHEDULES / 2; number += 1) {
    const body = assetSchema.parse({
      id: lampId(number),
      type: 'Streetlight',
      title: 'Lamp',
      department: 'bench',
      points: { level: {} },
      binding: { adapter: 'mqtt', device: 'cabinet' },
    });
    await document({ of: 'asset', id: body.id, version: 1, body });
  }
  for (let number = 0; number < SCHEDULES; number += 1) {
    const body = scheduleSchema.parse(number % 2 === 0 ? lampSchedule(number) : eventSchedule(number));
    await document({ of: 'schedule', id: body.id, version: 1, body });
  }
}

const common = (number: number) => ({
  id: `bench/schedule-${number}`,
  title: 'Bench',
  timeZone: 'Europe/London',
  days: [{ on: 'everyDay', programme: 'daily' }],
});

const lampSchedule = (number: number) => ({
  ...common(number),
  place: [-0.13 + (number % 100) / 100, 51.51],
  dayStarts: 'noon',
  targets: { type: 'Streetlight', ids: [lampId(number / 2)], point: 'level' },
  programmes: {
    daily: [
      { from: { sun: 'sunset' }, to: { sun: 'sunrise' }, set: 1 },
      { from: '23:00', to: '05:00', multiply: 0.5 },
    ],
  },
});

const eventSchedule = (number: number) => ({
  ...common(number),
  event: { name: 'bench' },
  programmes: { daily: [{ cron: '0 * * * *' }, { at: '05:00' }] },
});

await setUp();
// Every due instant of a day, as an engine that keeps up meets it: a tick when it is due, and how long that takes.
const latenessMs: number[] = [];
let runs = 0;
for (let due = fold.nextDue; due !== undefined && due < BEGIN + HOURS * 3_600_000; due = fold.nextDue) {
  const begun = performance.now();
  const outputs = await put(due, { kind: 'tick' });
  const took = performance.now() - begun;
  const started = outputs.filter(({ kind }) => kind === 'command' || kind === 'run').length;
  runs += started;
  // All that came due together have started when the tick has been worked through: the last one waited for all of it.
  for (let count = 0; count < started; count += 1) latenessMs.push(took);
}
console.log(
  JSON.stringify({
    bench: 'schedules',
    schedules: SCHEDULES,
    runs,
    latenessMsP50: percentile(latenessMs, 0.5),
    latenessMsP99: percentile(latenessMs, 0.99),
    latenessMsMax: Math.round(Math.max(0, ...latenessMs.toSorted((a, b) => b - a).slice(0, 1))),
    memoryMb: Math.round(process.memoryUsage().rss / 1_048_576),
  }),
);
