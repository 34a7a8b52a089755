// What a schedule wants at an instant: the layers of the programme that rules the day, resolved to one value.
import type { Instant } from '../model/clock.ts';
import type { Days } from '../model/calendar.ts';
import { durationMs } from '../model/duration.ts';
import { isLayer, type Layer, type Schedule } from '../model/schedule.ts';
import type { Value } from '../model/value.ts';
import { dayOf, momentIn, type ScheduleDay } from './day.ts';

/** Is a date one of these days? Undefined where nobody can say. */
export type AskDays = (days: Days, date: string) => boolean | undefined;

/** The programme that rules a date, and where in the list of days it stands; undefined where none does. */
export function programmeOf(
  { days }: Pick<Schedule, 'days'>,
  date: string,
  ask: AskDays,
): { programme: string; index: number } | undefined {
  const index = days.findIndex(({ on }) => ask(on, date) === true);
  const found = days[index];
  return found && { programme: found.programme, index };
}

/** A stretch of time in which a schedule wants the same of its points. */
export interface Stretch {
  from: Instant;
  to: Instant;
  /** Undefined where nothing is wanted: the point is given back. */
  value: Value | undefined;
  /** How long devices take to get there, in seconds. */
  rampSeconds: number;
}

/** A day with what is wanted in it. */
export interface PlannedDay extends ScheduleDay {
  programme: string | undefined;
  /** From its beginning to its end, without gaps; neighbours differ. */
  stretches: Stretch[];
}

/** Plans a day of a schedule that has targets. */
export function planDay(schedule: Schedule, date: string, ask: AskDays): PlannedDay {
  const day = dayOf(date, schedule);
  const programme = programmeOf(schedule, date, ask)?.programme;
  const steps = programme === undefined ? [] : (schedule.programmes[programme] ?? []);
  const layers = steps.filter(isLayer).map((layer) => placed(layer, day, schedule));
  return { ...day, programme, stretches: stretchesOf(day, layers) };
}

/** A layer of one day, with the one or two stretches in which it holds. */
interface Placed {
  layer: Layer;
  holds: { from: Instant; to: Instant }[];
  rampSeconds: number;
}

function placed(layer: Layer, day: ScheduleDay, schedule: Schedule): Placed {
  const from = layer.from === undefined ? day.start : momentIn(day, layer.from, schedule);
  const to = layer.to === undefined ? day.end : momentIn(day, layer.to, schedule);
  const holds =
    from <= to
      ? [{ from, to }]
      : [
          { from: day.start, to },
          { from, to: day.end },
        ];
  const rampSeconds = layer.ramp === undefined ? 0 : durationMs(layer.ramp) / 1_000;
  return { layer, rampSeconds, holds: holds.filter((one) => one.from < one.to) };
}

function stretchesOf(day: ScheduleDay, layers: readonly Placed[]): Stretch[] {
  const edges = layers.flatMap(({ holds }) => holds.flatMap(({ from, to }) => [from, to]));
  const starts = [...new Set([day.start, ...edges])]
    .filter((at) => at < day.end)
    .toSorted((left, right) => left - right);
  const stretches: Stretch[] = [];
  for (const [index, from] of starts.entries()) {
    const value = valueAt(layers, from);
    const to = starts[index + 1] ?? day.end;
    const before = stretches.at(-1);
    if (before && before.value === value) before.to = to;
    else stretches.push({ from, to, value, rampSeconds: rampAt(layers, from) });
  }
  return stretches;
}

const valueAt = (layers: readonly Placed[], at: Instant): Value | undefined =>
  layers
    .filter(({ holds }) => holds.some(({ from, to }) => from <= at && at < to))
    .reduce<Value | undefined>((below, { layer }) => over(below, layer), undefined);

/** What a layer makes of the value below it. With nothing below, only `set` makes a value. */
function over(below: Value | undefined, { set, atLeast, atMost, add, multiply }: Layer): Value | undefined {
  if (set !== undefined) return set;
  if (typeof below !== 'number') return below;
  if (atLeast !== undefined) return Math.max(below, atLeast);
  if (atMost !== undefined) return Math.min(below, atMost);
  // Sums of tenths and hundredths shall not show how computers count.
  return rounded(add === undefined ? below * (multiply ?? 1) : below + add);
}

const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/** The longest ramp of what begins or ends at an instant. */
const rampAt = (layers: readonly Placed[], at: Instant): number =>
  Math.max(
    0,
    ...layers.flatMap(({ holds, rampSeconds }) =>
      holds.some(({ from, to }) => from === at || to === at) ? [rampSeconds] : [],
    ),
  );
