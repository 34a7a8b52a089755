// What a schedule wants at one instant, and until when that is known.
import type { Instant } from '../model/clock.ts';
import { addDays } from '../model/local-time.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Value } from '../model/value.ts';
import { dayAt } from './day.ts';
import { occurrences, type Occurrence } from './occurrences.ts';
import { planDay, type AskDays } from './programme.ts';

const DAY_MS = 86_400_000;
/** How far ahead the next event is looked for; what comes later is looked for again then, in milliseconds. */
const HORIZON_MS = 8 * DAY_MS;

/** What a schedule wants of its points. */
export interface WantedNow {
  value: Value | undefined;
  rampSeconds: number;
  /** When this began: not earlier than the day's beginning. */
  since: Instant;
  /** When it must be looked at again: not later than the day's end. */
  changesAt: Instant;
}

/** What a schedule with targets wants at an instant. */
export function wantedAt(schedule: Schedule, at: Instant, ask: AskDays): WantedNow {
  const { date } = dayAt(at, schedule);
  const { stretches } = planDay(schedule, date, ask);
  const index = stretches.findIndex(({ from, to }) => from <= at && at < to);
  const stretch = stretches[index];
  if (!stretch) throw new RangeError(`${schedule.id} has no plan for ${new Date(at).toISOString()}`);
  const { from, to, value } = stretch;
  // What goes on from the day before does not begin anew: nobody moves.
  const goesOn = index === 0 && planDay(schedule, addDays(date, -1), ask).stretches.at(-1)?.value === value;
  return { value, rampSeconds: goesOn ? 0 : stretch.rampSeconds, since: from, changesAt: to };
}

/** The next event after an instant; without one in the next days, when to look again. */
export function nextEvent(schedule: Schedule, after: Instant, ask: AskDays): { next?: Occurrence; lookAt: Instant } {
  const [next] = occurrences(schedule, after, after + HORIZON_MS, ask);
  return next ? { next, lookAt: next.at } : { lookAt: after + HORIZON_MS };
}
