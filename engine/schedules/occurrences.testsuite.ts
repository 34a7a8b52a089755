// An oracle for occurrences, written for the tests and independent of what they test: it walks every minute that clocks show.

/** A minute as a clock on the wall shows it. */
export interface Shown {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** 0 is Sunday. */
  weekday: number;
}

/** Twelve patterns, as cron has them and as a person would say them. */
export const PATTERNS: readonly [cron: string, fits: (shown: Shown) => boolean][] = [
  ['0 0 * * *', ({ hour, minute }) => hour === 0 && minute === 0],
  ['30 0 * * *', ({ hour, minute }) => hour === 0 && minute === 30],
  ['59 1 * * *', ({ hour, minute }) => hour === 1 && minute === 59],
  ['30 2 * * *', ({ hour, minute }) => hour === 2 && minute === 30],
  ['45 23 * * *', ({ hour, minute }) => hour === 23 && minute === 45],
  ['*/15 * * * *', ({ minute }) => minute % 15 === 0],
  ['0 3 * * 0', ({ hour, minute, weekday }) => hour === 3 && minute === 0 && weekday === 0],
  ['0 12 1 * *', ({ hour, minute, day }) => hour === 12 && minute === 0 && day === 1],
  ['5 0 1 */3 *', ({ hour, minute, day, month }) => hour === 0 && minute === 5 && day === 1 && month % 3 === 1],
  [
    '20 6-20/2 * * 1-5',
    ({ hour, minute, weekday }) =>
      minute === 20 && hour >= 6 && hour <= 20 && hour % 2 === 0 && weekday >= 1 && weekday <= 5,
  ],
  ['15 1 29 2 *', ({ hour, minute, day, month }) => hour === 1 && minute === 15 && day === 29 && month === 2],
  [
    '40 0,1,2,3 * 3,10 6,0',
    ({ hour, minute, weekday, month }) =>
      minute === 40 && hour <= 3 && (month === 3 || month === 10) && (weekday === 0 || weekday === 6),
  ],
];

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/** What the clocks of a zone show with each minute from one instant to another, as minutes since 1970 read off the wall. */
function* walk(zone: string, from: number, to: number): Generator<[at: number, shown: number]> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  // No zone changes its clocks but on a quarter of an hour.
  for (let quarter = from; quarter < to; quarter += QUARTER_MS) {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format.format(quarter).split(/\D+/).map(Number);
    const wall = Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS;
    for (let minutes = 0; minutes < 15; minutes += 1) yield [quarter + minutes * MINUTE_MS, wall + minutes];
  }
}

function read(shown: number): Shown {
  const date = new Date(shown * MINUTE_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: date.getUTCDay(),
  };
}

/**
 * When each of some patterns is due: with the first minute that shows it, and where the clocks skip it, once at the first
 * moment after. One walk for all of them.
 *
 * @param from milliseconds since the epoch on a quarter of an hour, as `to`
 * @returns by pattern, milliseconds since the epoch in order
 */
export function dueByWalking(
  zone: string,
  { from, to }: { from: number; to: number },
  patterns: readonly ((shown: Shown) => boolean)[],
): number[][] {
  const due = patterns.map((): number[] => []);
  // What was shown before the walk begins is no news: the first minute is not after a gap.
  let last: number | undefined;
  for (const [at, shown] of walk(zone, from, to)) {
    const begin = last === undefined ? shown : last + 1;
    for (let minute = begin; minute <= shown; minute += 1) {
      const seen = read(minute);
      for (const [index, fits] of patterns.entries()) {
        const times = due[index];
        if (times && fits(seen) && times.at(-1) !== at) times.push(at);
      }
    }
    last = Math.max(last ?? shown, shown);
  }
  return due;
}
