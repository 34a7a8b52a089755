// When the city's clocks come to a given minute of the day, or are changed before that.
import type { Instant } from '../model/clock.ts';
import { localTimeAt } from '../model/local-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Clocks are changed on a quarter of an hour (`engine/model/local-time.ts`). */
const QUARTER_MS = 15 * MINUTE_MS;

/** Whole minutes since midnight as the clocks show them, 0 to 1439. */
export const minuteOfDay = (at: Instant, timeZone: string): number =>
  Math.floor(localTimeAt(at, timeZone).timeOfDayMs / MINUTE_MS);

/**
 * The next instant at which the clocks show a minute of this day, or are changed before that.
 *
 * @param minute later than they show now; 1440 is the midnight that ends the day
 */
export function whenClocksShow(minute: number, at: Instant, timeZone: string): Instant {
  const due = at + minute * MINUTE_MS - localTimeAt(at, timeZone).timeOfDayMs;
  return clockChange(at, due, timeZone) ?? due;
}

/** The instant after `from` and up to `to`, at most a day later, at which the clocks are changed: at most once a day. */
function clockChange(from: Instant, to: Instant, timeZone: string): Instant | undefined {
  const { timeOfDayMs } = localTimeAt(from, timeZone);
  const isChanged = (at: Instant): boolean =>
    (localTimeAt(at, timeZone).timeOfDayMs - timeOfDayMs - (at - from)) % DAY_MS !== 0;
  if (!isChanged(to)) return undefined;
  let [same, changed] = [Math.floor(from / QUARTER_MS), Math.floor(to / QUARTER_MS)];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (isChanged(middle * QUARTER_MS)) changed = middle;
    else same = middle;
  }
  return changed * QUARTER_MS;
}
