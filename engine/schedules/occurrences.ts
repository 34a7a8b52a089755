// When a schedule does something: the changes of level of one with targets, the moments of one with an event.
import type { Instant } from '../model/clock.ts';
import { remembered } from '../model/remembered.ts';
import { addDays, localTimeAt, parseTimeOfDay } from '../model/local-time.ts';
import { isLayer, type DayMoment, type Run, type Schedule } from '../model/schedule.ts';
import type { Value } from '../model/value.ts';
import { clockTimes } from './clock-times.ts';
import { cronTimes } from './cron.ts';
import { dateOfClock, dayAt, dayOf, happensIn, momentIn, type ScheduleDay } from './day.ts';
import { planDay, programmeOf, type AskDays } from './programme.ts';

const DAY_MS = 86_400_000;

/** Something that is due. */
export interface Occurrence {
  /** `<schedule>@<instant>`: however often it is worked out, and by whom. */
  id: string;
  /** Milliseconds since the epoch. */
  at: Instant;
  programme: string | undefined;
  /** What points shall have from then on; of one with targets only. Absent where nothing is wanted. */
  value?: Value;
  rampSeconds?: number;
  /** What the author notes; of an event only. */
  notes?: string[];
}

/** The id of an occurrence. */
export const occurrenceId = (schedule: string, at: Instant): string => `${schedule}@${new Date(at).toISOString()}`;

/**
 * Everything that is due after one instant and up to another, in order. With targets, that is every change of what is
 * wanted.
 */
export function* occurrences(schedule: Schedule, after: Instant, until: Instant, ask: AskDays): Generator<Occurrence> {
  const due = schedule.targets ? changesOf(schedule, after, until, ask) : runsOf(schedule, after, until, ask);
  for (const one of due) if (one.at > after) yield one;
}

function* changesOf(schedule: Schedule, after: Instant, until: Instant, ask: AskDays): Generator<Occurrence> {
  const first = dayAt(after, schedule);
  let before = planDay(schedule, addDays(first.date, -1), ask).stretches.at(-1)?.value;
  for (let { date } = first; ; date = addDays(date, 1)) {
    const { stretches, programme } = planDay(schedule, date, ask);
    for (const { from, value, rampSeconds } of stretches) {
      if (from > until) return;
      if (value !== before)
        yield {
          id: occurrenceId(schedule.id, from),
          at: from,
          programme,
          rampSeconds,
          ...(value === undefined ? {} : { value }),
        };
      before = value;
    }
  }
}

function* runsOf(schedule: Schedule, after: Instant, until: Instant, ask: AskDays): Generator<Occurrence> {
  for (let { date } = dayAt(after, schedule); ; date = addDays(date, 1)) {
    const day = dayOf(date, schedule);
    if (day.start > until) return;
    yield* runsIn(schedule, day, { after, until, ask });
  }
}

/** The moments of one day after one instant and up to another, each once, however many steps name it. */
function runsIn(
  schedule: Schedule,
  day: ScheduleDay,
  { after, until, ask }: { after: Instant; until: Instant; ask: AskDays },
): Occurrence[] {
  const programme = programmeOf(schedule, day.date, ask)?.programme;
  const steps = programme === undefined ? [] : (schedule.programmes[programme] ?? []);
  const notes = new Map<Instant, string[]>();
  for (const step of steps) {
    if (isLayer(step)) continue;
    for (const at of timesOf(step, day, schedule)) {
      if (at <= after || at > until) continue;
      const known = notes.get(at) ?? [];
      notes.set(at, step.note === undefined || known.includes(step.note) ? known : [...known, step.note]);
    }
  }
  return [...notes]
    .toSorted(([left], [right]) => left - right)
    .map(([at, noted]) => ({ id: occurrenceId(schedule.id, at), at, programme, notes: noted }));
}

function timesOf({ at, cron }: Run, day: ScheduleDay, schedule: Schedule): readonly Instant[] {
  if (cron !== undefined) return cronIn(cron, day, schedule);
  return at === undefined ? [] : momentsIn(at, day, schedule);
}

/** A time on the clocks may come twice in a day, or not at all; the sun does something once. */
function momentsIn(moment: DayMoment, day: ScheduleDay, schedule: Schedule): Instant[] {
  if (!happensIn(day, moment, schedule)) return [];
  if (typeof moment !== 'string') return [momentIn(day, moment, schedule)].filter((at) => at < day.end);
  const timeOfDayMs = parseTimeOfDay(moment) ?? 0;
  return clockTimes(dateOfClock(day, timeOfDayMs, schedule), timeOfDayMs, schedule);
}

/** Every time on the wall that fits, from the beginning of the day to its end as the clocks show them. */
function cronIn(pattern: string, day: ScheduleDay, schedule: Schedule): readonly Instant[] {
  const { timeZone, dayStarts, skippedHour, doubledHour } = schedule;
  return remembered(crons, `${timeZone} ${dayStarts} ${skippedHour} ${doubledHour} ${day.date} ${pattern}`, () =>
    findCron(pattern, day, schedule),
  );
}

/** Thousands of schedules ask for the same few patterns and days. */
const crons = new Map<string, readonly Instant[]>();

function findCron(pattern: string, day: ScheduleDay, schedule: Schedule): Instant[] {
  const begins = Date.parse(`${day.date}T00:00:00Z`) + (schedule.dayStarts === 'noon' ? DAY_MS / 2 : 0);
  return cronTimes(pattern, begins, begins + DAY_MS).flatMap((shown) => {
    const { date, timeOfDayMs } = localTimeAt(shown, 'UTC');
    return clockTimes(date, timeOfDayMs, schedule);
  });
}
