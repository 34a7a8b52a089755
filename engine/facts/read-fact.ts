// Reading a fact as a condition writes it: of whom, over which window, across how many; known or unknown, never guessed.
import type { Asset } from '../model/asset.ts';
import { durationMs } from '../model/duration.ts';
import { isFactName } from '../model/facts.ts';
import type { FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { across, aggregate } from './aggregate.ts';
import { CITY_FACTS } from './city-facts.ts';
import type { Subject } from './directory.ts';
import { NEVER, unknown, type FactReading, type FactSource } from './fact-source.ts';
import { staleAt } from './fact.ts';

export type { FactReading, FactSource } from './fact-source.ts';

/** The most reading ids that an explanation names. */
const MOST_READINGS = 10;

/**
 * Reads a fact for a subject.
 *
 * @param name a property, or one of `FACTS`
 * @returns `changesAt` is the next instant at which the answer may change without a new input: a value goes stale, a sample
 *   leaves the window; where the source names limits, the next at which a comparison with them may come out differently
 */
export function readFact(source: FactSource, subject: Subject, name: string, params: FactParams = {}): FactReading {
  const assets = source.directory.resolve(subject, params.of);
  if (assets.length === 0) return unknown(`there is no asset at "${params.of ?? 'self'}"`);
  const each = assets.map((asset) =>
    isFactName(name) ? CITY_FACTS[name].read(source, asset, params) : propertyOf(source, asset, name, params),
  );
  const [only] = each;
  if (params.across === undefined)
    return only && each.length === 1 ? only : unknown(`${each.length} assets, but no "across"`);
  return joined(each, params.across);
}

function joined(each: FactReading[], how: NonNullable<FactParams['across']>): FactReading {
  const changesAt = Math.min(...each.map((reading) => reading.changesAt));
  const known = each.filter((reading) => reading.known);
  const missing = each.find((reading) => !reading.known);
  const settled = settledEarly(known, how);
  if (missing && settled === undefined) return { known: false, why: missing.why, changesAt };
  const value =
    settled ??
    across(
      how,
      known.map((reading) => reading.value),
    );
  if (value === undefined) return { known: false, why: `"${how}" does not fit these values`, changesAt };
  const observed = known.flatMap((reading) => reading.observedAt ?? []);
  return {
    known: true,
    value,
    ...(known[0]?.unit === undefined ? {} : { unit: known[0].unit }),
    ...(observed.length === 0 ? {} : { observedAt: Math.max(...observed) }),
    readings: known.flatMap((reading) => reading.readings).slice(0, MOST_READINGS),
    changesAt,
  };
}

/** Kleene: one true settles `any`, one false settles `all`, whatever the silent ones would say. */
function settledEarly(known: readonly { value: Value }[], how: NonNullable<FactParams['across']>): boolean | undefined {
  if (how === 'any' && known.some((reading) => reading.value === true)) return true;
  if (how === 'all' && known.some((reading) => reading.value === false)) return false;
  return undefined;
}

function propertyOf(source: FactSource, asset: Asset, property: string, params: FactParams): FactReading {
  const fact = source.fact(asset.id, property);
  if (!fact) return unknown(`${property} of ${asset.id} was never seen`);
  const { reading } = fact;
  const limits = [staleAt(asset, property, reading.observedAt) ?? NEVER];
  if (params.maxAge !== undefined) limits.push(reading.observedAt + durationMs(params.maxAge));
  const goodUntil = Math.min(...limits);
  if (source.now >= goodUntil)
    return unknown(`${property} of ${asset.id} is stale: last seen ${new Date(reading.observedAt).toISOString()}`);
  if (reading.quality === 'bad') return unknown(`${property} of ${asset.id} is of bad quality`);
  const behind = { ...(reading.unit === undefined ? {} : { unit: reading.unit }), observedAt: reading.observedAt };
  if (params.window === undefined)
    return { known: true, value: reading.value, ...behind, readings: [reading.id], changesAt: goodUntil };
  const windowMs = durationMs(params.window);
  const inside = fact.samples.filter(([observedAt]) => observedAt > source.now - windowMs);
  const value =
    inside.length === 0
      ? undefined
      : aggregate(
          params.aggregate ?? 'avg',
          inside.map(([, sample]) => sample),
        );
  const oldestLeaves = (inside[0]?.[0] ?? NEVER) + windowMs;
  if (value === undefined)
    return unknown(`${property} of ${asset.id} has no fitting value within ${params.window}`, oldestLeaves);
  const readings = inside
    .slice(-MOST_READINGS)
    .map(([, , id]) => id)
    .toReversed();
  return { known: true, value, ...behind, readings, changesAt: Math.min(goodUntil, oldestLeaves) };
}
