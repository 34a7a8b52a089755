// Where the sun stands. The only home of astronomy-engine.
import { Body, Equator, Horizon, Observer, SearchRiseSet } from 'astronomy-engine';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** The sun's centre at sunrise and sunset: half its width, and what refraction lifts it by (Nautical Almanac). */
const ON_HORIZON_DEG = -0.833;

/** No faster does the sun climb or sink, in degrees a minute: the Earth turns by 0.2507 in that time. */
const FASTEST_DEG = 0.2512;

/** Elevations are rounded to this part of a degree, which the sun takes 2 s for. */
const PER_DEGREE = 100;

/** Answers that are kept; lamps of a street ask the same. */
const MOST_KEPT = 20_000;

/** Longitude and latitude in degrees. */
export type Place = readonly [longitude: number, latitude: number];

/**
 * The elevation of the sun's centre in degrees, without refraction, at the beginning of the minute.
 * Assets within a hundredth of a degree (about a kilometre) share one answer, right to as much.
 *
 * @param at milliseconds since the epoch
 */
export const sunElevation = (place: Place, at: number): number => elevation(cellOf(place), minuteOf(at));

/**
 * When a comparison of the elevation with any of the limits can next come out differently.
 *
 * @param limits degrees; undefined when they are not known
 * @returns milliseconds since the epoch, at the latest the end of the day in UTC
 */
export function sunElevationChanges(place: Place, at: number, limits: readonly number[] | undefined): number {
  const minute = minuteOf(at);
  if (limits === undefined) return (minute + 1) * MINUTE_MS;
  const cell = cellOf(place);
  const crossings = limits.map((limit) => crossing(cell, minute, limit));
  return Math.min(endOfDay(minute), ...crossings) * MINUTE_MS;
}

/**
 * Is it between sunrise and sunset?
 *
 * @param at milliseconds since the epoch
 * @returns `changesAt`: the next sunrise or sunset, at the latest the end of the day in UTC
 */
export function sunIsUp(place: Place, at: number): { isUp: boolean; changesAt: number } {
  const day = Math.floor(at / DAY_MS);
  const { startsUp, events } = riseAndSet(cellOf(place), day);
  const next = events.findIndex((event) => event.at > at);
  const last = next === -1 ? events.at(-1) : events[next - 1];
  return { isUp: last?.isUp ?? startsUp, changesAt: events[next]?.at ?? (day + 1) * DAY_MS };
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);
const endOfDay = (minute: number): number => (Math.floor(minute / DAY_MINUTES) + 1) * DAY_MINUTES;

interface Cell {
  key: string;
  observer: Observer;
}

const cells = new Map<string, Cell>();
const elevations = new Map<string, number>();
const crossings = new Map<string, number>();
const days = new Map<string, Day>();

function cellOf([longitude, latitude]: Place): Cell {
  const [east, north] = [Math.round(longitude * 100), Math.round(latitude * 100)];
  const key = `${east} ${north}`;
  return remembered(cells, key, () => ({ key, observer: new Observer(north / 100, east / 100, 0) }));
}

function elevation({ key, observer }: Cell, minute: number): number {
  return remembered(elevations, `${key} ${minute}`, () => {
    const date = new Date(minute * MINUTE_MS);
    const { ra, dec } = Equator(Body.Sun, date, observer, true, true);
    return Math.round(Horizon(date, observer, ra, dec).altitude * PER_DEGREE) / PER_DEGREE;
  });
}

/** The first minute of the day at which the sun is not on the same side of the limit; the end of the day for none. */
function crossing(cell: Cell, minute: number, limit: number): number {
  return remembered(crossings, `${cell.key} ${minute} ${limit}`, () => {
    const end = endOfDay(minute);
    const side = Math.sign(elevation(cell, minute) - limit);
    // As far as the sun must be from the limit at the very least, it need not be looked at.
    const stride = (from: number) =>
      Math.max(1, Math.floor((Math.abs(elevation(cell, from) - limit) - 1 / PER_DEGREE) / FASTEST_DEG));
    let here = minute + stride(minute);
    while (here < end && Math.sign(elevation(cell, here) - limit) === side) here += stride(here);
    return Math.min(here, end);
  });
}

interface Day {
  startsUp: boolean;
  /** In order, milliseconds since the epoch, at whole seconds. */
  events: { at: number; isUp: boolean }[];
}

/** Sunrises and sunsets of a day of UTC, looked for from its beginning, so that they come out the same whenever asked. */
function riseAndSet(cell: Cell, day: number): Day {
  return remembered(days, `${cell.key} ${day}`, () => {
    const rises = eventsOf(cell, day, true);
    const events = [...rises, ...eventsOf(cell, day, false)].toSorted((left, right) => left.at - right.at);
    const startsUp = events[0] ? !events[0].isUp : elevation(cell, day * DAY_MINUTES) > ON_HORIZON_DEG;
    return { startsUp, events };
  });
}

/** Close to the poles the sun may rise twice in a day. */
function eventsOf({ observer }: Cell, day: number, isUp: boolean): Day['events'] {
  const end = (day + 1) * DAY_MS;
  const events: Day['events'] = [];
  let from = day * DAY_MS;
  while (from < end) {
    const found = SearchRiseSet(Body.Sun, observer, isUp ? 1 : -1, new Date(from), (end - from) / DAY_MS);
    if (!found) break;
    const at = Math.ceil(found.date.getTime() / 1_000) * 1_000;
    if (at < end) events.push({ at, isUp });
    from = at + MINUTE_MS;
  }
  return events;
}

/** A pure function's answer, kept until there are too many of them. */
function remembered<V>(kept: Map<string, V>, key: string, answer: () => V): V {
  const found = kept.get(key);
  if (found !== undefined) return found;
  if (kept.size >= MOST_KEPT) kept.clear();
  const made = answer();
  kept.set(key, made);
  return made;
}
