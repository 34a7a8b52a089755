// What is known of one property of one asset: its newest reading, the windows that rules look at, and what was taken before.
import type { Asset } from '../model/asset.ts';
import { durationMs } from '../model/duration.ts';
import { isDistrusted, type Reading } from '../model/reading.ts';
import type { Value } from '../model/value.ts';
import { isForgotten, isSeen, nothingSeen, remember, type SeenIds } from './seen-ids.ts';
import { addToWindow, type Panes, type Window } from './window.ts';

/** The newest reading of a property, and what else is needed of its past. */
export interface Fact {
  reading: Reading;
  /** Since when the sensor has said this same value, milliseconds since the epoch. */
  since: number;
  seen: SeenIds;
  /** Each window that some rule looks at, by its key. */
  windows: Record<string, Panes>;
}

/** How many missed reports make a property stale (DESIGN: three). */
const MISSED_REPORTS = 3;

/** What a reading is to a fact: the newest, an older one within the accepted lateness, taken before, or too late. */
export type Arrival = 'newest' | 'older' | 'repeated' | 'late';

/** A reading on its way into a fact, with what the fact keeps of its past. */
export interface Incoming {
  reading: Reading;
  /** The reading's id by `idNumber`. */
  id: number;
  /** How much older than the newest a reading may be, milliseconds. */
  latenessMs: number;
  windows: readonly Window[];
}

/** What is a reading to what is known? Event time rules, not the order in which readings come in. */
export function arrivalOf(fact: Fact | undefined, { reading, id, latenessMs }: Incoming): Arrival {
  if (!fact) return 'newest';
  if (isSeen(fact.seen, id)) return 'repeated';
  const { observedAt } = reading;
  const newestAt = fact.reading.observedAt;
  if (observedAt >= newestAt) return 'newest';
  return observedAt < newestAt - latenessMs || isForgotten(fact.seen, observedAt) ? 'late' : 'older';
}

const NO_WINDOWS: Record<string, Panes> = {};

/**
 * Takes a reading that is `newest` or `older` into a fact, in place.
 *
 * @param fact undefined for the first reading of its property
 * @returns the fact
 */
export function takeReading(fact: Fact | undefined, { reading, id, windows }: Incoming): Fact {
  const taken = fact ?? newFact(reading);
  const before = taken.reading;
  if (reading.observedAt >= taken.reading.observedAt) {
    if (reading.value !== taken.reading.value) taken.since = reading.observedAt;
    taken.reading = reading;
  }
  remember(taken.seen, id, reading.observedAt);
  if (windows.length > 0 || taken.windows !== NO_WINDOWS) takeIntoWindows(taken, { reading, before }, windows);
  return taken;
}

const newFact = (reading: Reading): Fact => ({
  reading,
  since: reading.observedAt,
  seen: nothingSeen(),
  windows: NO_WINDOWS,
});

/** Windows that nobody looks at any more are forgotten. A bad value is remembered as the newest, but enters no window. */
function takeIntoWindows(
  fact: Fact,
  { reading, before }: { reading: Reading; before: Reading },
  windows: readonly Window[],
): void {
  const kept: Record<string, Panes> = {};
  for (const window of windows) {
    const panes = fact.windows[window.key] ?? (before === reading ? [] : windowFrom(before, window));
    kept[window.key] = panes;
    if (!isDistrusted(reading)) addToWindow(panes, window, reading.value, reading.observedAt);
  }
  fact.windows = windows.length === 0 ? NO_WINDOWS : kept;
}

/** What a window holds that nobody has looked at yet: the newest reading. Those before it are not remembered. */
function windowFrom(newest: Reading, window: Window): Panes {
  const panes: Panes = [];
  if (!isDistrusted(newest)) addToWindow(panes, window, newest.value, newest.observedAt);
  return panes;
}

/** The content of a window, also of one that a rule has only begun to look at. */
export const panesOf = ({ windows, reading }: Fact, window: Window): Panes =>
  windows[window.key] ?? windowFrom(reading, window);

/** A fact of its own, to be changed while the other is still being written down. */
export function copyFact({ reading, since, seen, windows }: Fact): Fact {
  const copies = Object.entries(windows).map(([key, panes]): [string, Panes] => [key, panes.slice()]);
  return {
    reading,
    since,
    seen: { ...seen, at: seen.at.slice(), ids: seen.ids.slice() },
    windows: copies.length === 0 ? NO_WINDOWS : Object.fromEntries(copies),
  };
}

/** A fact as JSON brought it back: a number that is none is written as null there. */
export function restoreFact(fact: Fact): Fact {
  for (const [key, panes] of Object.entries(fact.windows))
    fact.windows[key] = panes.map((number: number | null) => number ?? Number.NaN);
  return fact;
}

/** From when a property counts as stale unless it reports again; undefined when the asset does not say how it reports. */
export function staleAt(asset: Asset, property: string, observedAt: number): number | undefined {
  const { staleMs } = reportingOf(asset, property);
  return staleMs === undefined ? undefined : observedAt + staleMs;
}

/**
 * How much older than the newest a reading of a property may be, in milliseconds: what its asset says, or else the
 * city's lateness, or the three reports that it may miss where those are longer.
 */
export function latenessOf(asset: Asset, property: string, cityMs: number): number {
  const { latenessMs, staleMs = 0 } = reportingOf(asset, property);
  return latenessMs ?? Math.max(cityMs, staleMs);
}

/** Does the sensor keep saying the same value for so long that its asset no longer believes it? */
export function isFrozen(asset: Asset, { reading, since }: Fact): boolean {
  const { frozenMs } = reportingOf(asset, reading.property);
  return frozenMs !== undefined && reading.observedAt - since >= frozenMs;
}

/** The fact's value at `now` (milliseconds since the epoch), or undefined while it is unknown: stale, frozen, of bad quality, or from a clock that runs ahead. */
export function knownValue(asset: Asset, fact: Fact, now: number): Value | undefined {
  const { reading, since } = fact;
  if (isDistrusted(reading)) return undefined;
  const { staleMs, frozenMs } = reportingOf(asset, reading.property);
  if (staleMs !== undefined && now >= reading.observedAt + staleMs) return undefined;
  return frozenMs !== undefined && reading.observedAt - since >= frozenMs ? undefined : reading.value;
}

/** How a property reports, in milliseconds. */
interface Reporting {
  staleMs?: number;
  latenessMs?: number;
  frozenMs?: number;
}

const SILENT: Reporting = {};

/** Worked out once per asset document: every reading asks several times. */
const KNOWN_REPORTING = new WeakMap<Asset, ReadonlyMap<string, Reporting>>();

function reportingOf(asset: Asset, property: string): Reporting {
  const known = KNOWN_REPORTING.get(asset) ?? workOutReporting(asset);
  return known.get(property) ?? SILENT;
}

function workOutReporting(asset: Asset): ReadonlyMap<string, Reporting> {
  const worked = Object.entries(asset.reports).map(([property, said]): [string, Reporting] => [
    property,
    {
      staleMs: MISSED_REPORTS * durationMs('every' in said ? said.every : said.heartbeat),
      ...(said.lateness === undefined ? {} : { latenessMs: durationMs(said.lateness) }),
      ...(said.frozenAfter === undefined ? {} : { frozenMs: durationMs(said.frozenAfter) }),
    },
  ]);
  const reporting = new Map(worked);
  KNOWN_REPORTING.set(asset, reporting);
  return reporting;
}
