// Reading a fact as a condition writes it: of whom, over which window, across how many; known or unknown, never guessed.
import type { Asset } from '../model/asset.ts';
import { toIso } from '../model/clock.ts';
import { durationMs } from '../model/duration.ts';
import { isFactName } from '../model/facts.ts';
import type { FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { across } from './across.ts';
import { CITY_FACTS } from './city-facts.ts';
import type { Subject } from './directory.ts';
import { NEVER, unknown, type FactReading, type FactSource } from './fact-source.ts';
import { isFrozen, panesOf, staleAt, type Fact } from './fact.ts';
import { viewWindow, windowOf, type Window } from './window.ts';

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
  // A count is of those that are known.
  if (missing && settled === undefined && how !== 'count') return { known: false, why: missing.why, changesAt };
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
    ...(known[0]?.unit === undefined || how === 'count' ? {} : { unit: known[0].unit }),
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
  const distrust = whyDistrusted(source, asset, fact, goodUntil);
  if (distrust !== undefined) return unknown(`${property} of ${asset.id} ${distrust}`);
  const behind = { observedAt: reading.observedAt, readings: [reading.id] };
  if (params.window !== undefined) return windowOver(source, asset, { fact, params, goodUntil, behind });
  const unit = reading.unit === undefined ? {} : { unit: reading.unit };
  return { known: true, value: reading.value, ...unit, ...behind, changesAt: goodUntil };
}

function whyDistrusted({ now }: FactSource, asset: Asset, fact: Fact, goodUntil: number): string | undefined {
  const { reading, since } = fact;
  if (now >= goodUntil) return `is stale: last seen ${toIso(reading.observedAt)}`;
  if (reading.quality === 'bad') return 'is of bad quality';
  if (reading.quality === 'ahead') return `came at ${toIso(reading.observedAt)} with a clock that runs ahead`;
  return isFrozen(asset, fact) ? `is frozen: ${String(reading.value)} since ${toIso(since)}` : undefined;
}

/** The newest reading stands for the window's others in explanations: the record has them all. */
function windowOver(
  { now }: FactSource,
  { id }: Asset,
  from: {
    fact: Fact;
    params: FactParams;
    goodUntil: number;
    behind: { observedAt: number; readings: string[] };
  },
): FactReading {
  const { fact, params, goodUntil, behind } = from;
  const { property, unit } = fact.reading;
  const window = windowOf(durationMs(params.window ?? ''), params.aggregate);
  const view = viewWindow(panesOf(fact, window), window, now);
  const oldestLeaves = view ? view.oldestAt + window.lengthMs : NEVER;
  if (view?.value === undefined)
    return unknown(`${property} of ${id} has no fitting value within ${params.window}`, oldestLeaves);
  return {
    known: true,
    value: view.value,
    ...unitOver(window.aggregate, unit),
    ...behind,
    changesAt: Math.min(goodUntil, oldestLeaves),
  };
}

/** A count has no unit, a rate is per second. */
function unitOver(aggregate: Window['aggregate'], unit: string | undefined): { unit?: string } {
  if (unit === undefined || aggregate === 'count') return {};
  return { unit: aggregate === 'rate' ? `${unit}/s` : unit };
}
