// `npm run verify:schedules`: every zone of the IANA database with twelve patterns over three years, against a walk over
// every minute that the clocks show. One line of JSON. Zones may be named; with `--libraries` a second line says what cron
// libraries make of the same by themselves.
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

import { scheduleSchema } from '../engine/model/schedule.ts';
import { occurrences } from '../engine/schedules/occurrences.ts';
import { dueByWalking, PATTERNS } from '../engine/schedules/occurrences.testsuite.ts';

const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2029, 0, 1);
const withLibraries = process.argv.includes('--libraries');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const zones = only.length > 0 ? only : Intl.supportedValuesOf('timeZone');

interface Tally {
  missed: number;
  doubled: number;
  /** Due at an instant that is none. */
  elsewhere: number;
  exceptions: number;
}

const newTally = (): Tally => ({ missed: 0, doubled: 0, elsewhere: 0, exceptions: 0 });

/** Compares what somebody finds with what the walk found. */
function compare(tally: Tally, expected: readonly number[], find: () => readonly number[]): void {
  try {
    const found = find();
    const [due, set] = [new Set(expected), new Set(found)];
    tally.missed += expected.filter((at) => !set.has(at)).length;
    tally.elsewhere += [...set].filter((at) => !due.has(at)).length;
    tally.doubled += found.length - set.size;
  } catch {
    tally.exceptions += 1;
  }
}

function ours(timeZone: string, cron: string): number[] {
  const schedule = scheduleSchema.parse({
    id: 'city/verified',
    title: 'Verified',
    timeZone,
    event: { name: 'verified' },
    programmes: { daily: [{ cron }] },
    days: [{ on: 'everyDay', programme: 'daily' }],
  });
  return [...occurrences(schedule, FROM - 1, TO - 1, () => true)].map(({ at }) => at);
}

function byCroner(timezone: string, pattern: string): number[] {
  const cron = new Cron(pattern, { timezone, mode: '5-part', paused: true });
  const found: number[] = [];
  for (let next = cron.nextRun(new Date(FROM - 1)); next && next.getTime() < TO; next = cron.nextRun(next))
    found.push(next.getTime());
  return found;
}

function byCronParser(tz: string, pattern: string): number[] {
  const parsed = CronExpressionParser.parse(pattern, { tz, currentDate: new Date(FROM - 1) });
  const found: number[] = [];
  for (let next = parsed.next().getTime(); next < TO; next = parsed.next().getTime()) found.push(next);
  return found;
}

const tallies = { ours: newTally(), croner: newTally(), cronParser: newTally() };
let count = 0;
for (const zone of zones) {
  const expected = dueByWalking(
    zone,
    { from: FROM, to: TO },
    PATTERNS.map(([, fits]) => fits),
  );
  for (const [index, [pattern]] of PATTERNS.entries()) {
    const due = expected[index] ?? [];
    count += due.length;
    compare(tallies.ours, due, () => ours(zone, pattern));
    // Every quarter of an hour is every quarter for others: that they run in both of two hours is no fault of theirs.
    if (!withLibraries || pattern.startsWith('*/')) continue;
    compare(tallies.croner, due, () => byCroner(zone, pattern));
    compare(tallies.cronParser, due, () => byCronParser(zone, pattern));
  }
  process.stderr.write(`\r${zone.padEnd(40)}`);
}
process.stderr.write('\n');
const { ours: own, ...others } = tallies;
console.log(
  JSON.stringify({ verify: 'schedules', zones: zones.length, patterns: PATTERNS.length, occurrences: count, ...own }),
);
if (withLibraries) console.log(JSON.stringify(others));
if (own.missed + own.doubled + own.elsewhere + own.exceptions > 0) process.exitCode = 1;
