// Values, times and durations as people read them. Pure: language, time zone and "now" are passed in.
import type { Instant } from '../../../engine/model/clock.ts';
import { PROPERTIES } from '../../../engine/model/properties.ts';
import type { Value } from '../../../engine/model/value.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Ages below this count in minutes, hours below that in hours: "90 min" says more than "2 h". */
const MINUTES_SHOWN_BELOW_MS = 2 * HOUR_MS;
const HOURS_SHOWN_BELOW_MS = 2 * DAY_MS;

/** What formatting depends on. */
export interface Manner {
  /** BCP 47: `en-GB`, `de-DE`. */
  locale: string;
  /** IANA name of the city's zone. */
  timeZone: string;
  /** Words that stand for values: `true`, `false`, `compacting`. A word that is missing is shown as it is. */
  words: Readonly<Record<string, string>>;
}

/** UCUM codes that people write differently. */
const UNIT_SIGNS: Readonly<Record<string, string>> = {
  '1': '',
  Cel: '°C',
  'ug/m3': 'µg/m³',
  'l/m2': 'l/m²',
  '/h': '/h',
};

/** Properties of points, which are controlled and not only observed, that are shares of a whole. */
const RATIO_POINTS: ReadonlySet<string> = new Set(['level']);

/** Is this property or point a ratio from 0 to 1, shown as %? */
export function isRatio(name: string): boolean {
  const type = PROPERTIES[name]?.value;
  if (type === undefined) return RATIO_POINTS.has(name);
  return type.type === 'number' && type.unit === '1' && type.max === 1;
}

/**
 * A value with its unit: `46 %`, `12 lx`, `yes`, `compacting`.
 *
 * @param name the property's or point's name; decides whether a number is a ratio
 * @param unit what the value came with; the property's own unit by default
 */
export function formatValue(manner: Manner, name: string, value: Value, unit?: string): string {
  if (typeof value === 'string') return manner.words[value] ?? value;
  if (typeof value === 'boolean') return manner.words[String(value)] ?? String(value);
  if (isRatio(name)) return `${formatNumber(manner, value * 100)} %`;
  const type = PROPERTIES[name]?.value;
  const code = unit ?? (type?.type === 'number' ? type.unit : '1');
  const sign = UNIT_SIGNS[code] ?? code;
  return sign === '' ? formatNumber(manner, value) : `${formatNumber(manner, value)} ${sign}`;
}

/** Three significant digits below 100, none after the point above. */
function formatNumber(manner: Manner, value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return formatterFor(manner.locale, digits).format(value);
}

const numberFormats = new Map<string, Intl.NumberFormat>();
function formatterFor(locale: string, digits: number): Intl.NumberFormat {
  const key = `${locale}|${digits}`;
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  numberFormats.set(key, known);
  return known;
}

const clockFormats = new Map<string, Intl.DateTimeFormat>();
function clockFor({ locale, timeZone }: Manner, withDate: boolean): Intl.DateTimeFormat {
  const key = `${locale}|${timeZone}|${withDate}`;
  const known =
    clockFormats.get(key) ??
    new Intl.DateTimeFormat(locale, {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(withDate ? { day: 'numeric', month: 'short' } : {}),
    });
  clockFormats.set(key, known);
  return known;
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();
function dayIn(timeZone: string, at: Instant): string {
  const known = dayFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone });
  dayFormats.set(timeZone, known);
  return known.format(at);
}

/** Time of day in the city's zone, `14:12:05`; with the date where it is not the day of `now`. */
export const formatTime = (manner: Manner, at: Instant, now: Instant): string =>
  clockFor(manner, dayIn(manner.timeZone, at) !== dayIn(manner.timeZone, now)).format(at);

/** A counting duration: `0:07`, `12:05`, `1:02:03`. Less than nothing counts as 0. */
export function formatCount(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** How old something is, in one unit: `7 s`, `12 min`, `3 h`, `2 d`. Less than nothing counts as 0. */
export function formatAge(ageMs: number): string {
  const age = Math.max(0, ageMs);
  if (age < 2 * MINUTE_MS) return `${Math.floor(age / SECOND_MS)} s`;
  if (age < MINUTES_SHOWN_BELOW_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < HOURS_SHOWN_BELOW_MS) return `${Math.floor(age / HOUR_MS)} h`;
  return `${Math.floor(age / DAY_MS)} d`;
}

/** A short step between two moments: `+0.4 s`, `+12 s`, `+3 min`. */
export function formatStep(manner: Manner, stepMs: number): string {
  if (stepMs < 10 * SECOND_MS) return `+${formatterFor(manner.locale, 1).format(Math.max(0, stepMs) / SECOND_MS)} s`;
  return `+${formatAge(stepMs)}`;
}
