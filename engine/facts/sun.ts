// Where the sun stands. The only home of astronomy-engine.
import { Body, Equator, Horizon, Observer, SearchAltitude, SearchRiseSet } from 'astronomy-engine';

import { remembered } from '../model/remembered.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** The sun's centre at sunrise and sunset: half its width, and what refraction lifts it by (Nautical Almanac). */
const ON_HORIZON_DEG = -0.833;

/** No faster does the sun climb or sink, in degrees a minute: the Earth turns by 0.2507 in that time. */
const FASTEST_DEG = 0.2512;

/** Elevations are rounded to this part of a degree, which the sun takes 2 s for. */
const PER_DEGREE = 100;

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
  const { startsUp, crossings: events } = sunDay(place, 0, day * DAY_MS, (day + 1) * DAY_MS);
  const next = events.findIndex((event) => event.at > at);
  const last = next === -1 ? events.at(-1) : events[next - 1];
  return { isUp: last?.isUp ?? startsUp, changesAt: events[next]?.at ?? (day + 1) * DAY_MS };
}

/** Where the sun stands in a stretch of time with respect to a limit. */
export interface SunDay {
  /** Is it above the limit as the stretch begins? */
  startsUp: boolean;
  /** In order, at whole seconds: when it comes above the limit, or below. */
  crossings: readonly { at: number; isUp: boolean }[];
}

/**
 * When the sun's centre crosses a height in a stretch of time of about a day.
 *
 * @param degrees of the centre without refraction; 0 means sunrise and sunset: the upper edge on the horizon, with refraction
 * @param from milliseconds since the epoch, as `to`
 */
export function sunDay(place: Place, degrees: number, from: number, to: number): SunDay {
  const cell = cellOf(place);
  return remembered(sunDays, `${cell.key} ${degrees} ${from} ${to}`, () => {
    const crossings = [true, false]
      .flatMap((isUp) => crossingsOf(cell, degrees, { from, to, isUp }))
      .toSorted((left, right) => left.at - right.at);
    const [first] = crossings;
    const limit = degrees === 0 ? ON_HORIZON_DEG : degrees;
    return { startsUp: first ? !first.isUp : elevation(cell, minuteOf(from)) > limit, crossings };
  });
}

/** Close to the poles the sun may rise twice in a day. */
function crossingsOf(
  { observer }: Cell,
  degrees: number,
  { from, to, isUp }: { from: number; to: number; isUp: boolean },
): { at: number; isUp: boolean }[] {
  const found: { at: number; isUp: boolean }[] = [];
  const direction = isUp ? 1 : -1;
  for (let begin = from; begin < to;) {
    const days = (to - begin) / DAY_MS;
    const next =
      degrees === 0
        ? SearchRiseSet(Body.Sun, observer, direction, new Date(begin), days)
        : SearchAltitude(Body.Sun, observer, direction, new Date(begin), days, degrees);
    if (!next) break;
    const at = Math.ceil(next.date.getTime() / 1_000) * 1_000;
    if (at < to) found.push({ at, isUp });
    begin = at + MINUTE_MS;
  }
  return found;
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
const sunDays = new Map<string, SunDay>();

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
