// What is known of one property of one asset: its newest reading, and the samples that windows need.
import type { Asset } from '../model/asset.ts';
import { durationMs } from '../model/duration.ts';
import { own } from '../model/own.ts';
import type { Reading } from '../model/reading.ts';
import type { Value } from '../model/value.ts';

/** One value of the past: when it was observed (milliseconds since the epoch), what it was, which reading said so. */
export type Sample = [observedAt: number, value: Value, readingId: string];

/** The newest reading of a property, and older samples as far back as some rule looks. */
export interface Fact {
  reading: Reading;
  /** Oldest first, the newest reading included; empty when no rule looks back. */
  samples: Sample[];
}

/** How many missed reports make a property stale (DESIGN: three). */
const MISSED_REPORTS = 3;

/** The most samples of one property that are kept, so that a sensor gone wild cannot fill the memory. */
const MOST_SAMPLES = 4_096;

/** Shared by all facts into whose past no rule looks. */
const NO_SAMPLES: Sample[] = [];

/** What a reading did to a fact. */
export type Taken = 'newest' | 'older' | 'repeated';

/**
 * Takes a reading into a fact. Event time rules: a reading older than the newest only joins the samples.
 *
 * @param keepMs how far back samples are kept, 0 for none
 * @returns the new fact and what the reading was to it; `repeated` leaves the fact as it was
 */
export function takeReading(fact: Fact | undefined, reading: Reading, keepMs: number): { fact: Fact; taken: Taken } {
  if (fact && isRepeated(fact, reading)) return { fact, taken: 'repeated' };
  const isNewest = !fact || reading.observedAt >= fact.reading.observedAt;
  if (isNewest && keepMs === 0) return { fact: { reading, samples: NO_SAMPLES }, taken: 'newest' };
  const newest = isNewest || !fact ? reading : fact.reading;
  const samples = keepMs > 0 ? addSample(fact?.samples ?? [], reading, newest.observedAt - keepMs) : NO_SAMPLES;
  return { fact: { reading: newest, samples }, taken: isNewest ? 'newest' : 'older' };
}

function isRepeated(fact: Fact, reading: Reading): boolean {
  if (reading.observedAt > fact.reading.observedAt) return false;
  return fact.reading.id === reading.id || fact.samples.some(([, , id]) => id === reading.id);
}

/** A bad value is remembered as the newest, but never enters a window. */
function addSample(samples: readonly Sample[], reading: Reading, keepFrom: number): Sample[] {
  const place = samples.findLastIndex(([observedAt]) => observedAt <= reading.observedAt) + 1;
  const added: Sample[] = reading.quality === 'bad' ? [] : [[reading.observedAt, reading.value, reading.id]];
  const kept = samples.toSpliced(place, 0, ...added);
  return kept.filter(([observedAt]) => observedAt > keepFrom).slice(-MOST_SAMPLES);
}

/** From when a property counts as stale unless it reports again; undefined when the asset does not say how it reports. */
export function staleAt(asset: Asset, property: string, observedAt: number): number | undefined {
  const reporting = own(asset.reports, property);
  if (!reporting) return undefined;
  return observedAt + MISSED_REPORTS * durationMs('every' in reporting ? reporting.every : reporting.heartbeat);
}

/** The fact's value at `now` (milliseconds since the epoch), or undefined while it is unknown: stale, or of bad quality. */
export function knownValue(asset: Asset, { reading }: Fact, now: number): Value | undefined {
  if (reading.quality === 'bad') return undefined;
  const at = staleAt(asset, reading.property, reading.observedAt);
  return at !== undefined && now >= at ? undefined : reading.value;
}
