// Documents of which some fields have a wrong form: the other fields can be judged all the same.
import { z } from 'zod';

import { effectSchema } from '../../model/claim.ts';
import { comparisonSchema, factParamsSchema, factValueSchema, type FactParams } from '../../model/condition.ts';
import { claimActionSchema, type Comparison } from '../../model/rule.ts';
import type { Value } from '../../model/value.ts';
import type { Wanted } from '../../model/wanted.ts';
import { nearest } from '../../model/words.ts';

/**
 * Fields that somebody wrote in a wrong form or with a slip in their name: what they say is not known, and whatever
 * depends on them is not judged.
 */
export type Unclear = ReadonlySet<string>;

/** A fact as a document writes it, as far as it can be read. A sound document is one. */
export interface FactUse {
  fact?: string | undefined;
  params?: FactParams | undefined;
  /** Among its params. */
  unclear?: Unclear;
}

/** A comparison as far as it can be read. */
export interface LooseComparison extends FactUse {
  operator?: string | undefined;
  value?: Value | Value[] | FactUse | undefined;
}

type AttributeUse = Extract<Wanted, { attribute: string }>;

/** What a claim asks for, as far as it can be read. */
export type LooseWanted = Value | AttributeUse | FactUse;

/** A claim as far as it can be read. */
export interface LooseClaim extends Pick<FactParams, 'of'> {
  point?: string | undefined;
  ramp?: string | undefined;
  slot?: number | undefined;
  set?: LooseWanted | undefined;
  atLeast?: LooseWanted | undefined;
  atMost?: LooseWanted | undefined;
  unclear?: Unclear;
}

/** Is this an object with fields? */
export const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** The fields of the right form, and those that are there in no right one. */
export function readLoosely<S extends Readonly<Record<string, z.ZodType>>>(shape: S, raw: unknown) {
  const names = Object.keys(shape);
  const loose = z.object(shape).partial();
  if (!isObject(raw)) return { fields: loose.parse({}), unclear: new Set(raw === undefined ? [] : names) };
  const isSound = (name: string): boolean => shape[name]?.safeParse(raw[name]).success === true;
  const written = Object.keys(raw);
  const slips = written
    .filter((name) => !names.includes(name))
    .flatMap((name) => nearest(name, names) ?? [])
    .filter((meant) => !Object.hasOwn(raw, meant));
  const broken = names.filter((name) => Object.hasOwn(raw, name) && !isSound(name));
  return { fields: loose.parse(pick(raw, written.filter(isSound))), unclear: new Set([...broken, ...slips]) };
}

const pick = (raw: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, raw[name]]));

/** Reads a comparison, or a table's column, which has no value. */
export function readComparison(raw: unknown): LooseComparison {
  const sound = comparisonSchema.safeParse(raw).data;
  if (sound) return sound;
  const { fact, operator, value } = readLoosely(comparisonSchema.shape, raw).fields;
  return {
    ...readFact(raw),
    fact,
    operator,
    value: value ?? (isObject(raw) ? readFactValue(raw['value']) : undefined),
  };
}

/** Reads a fact with what narrows it down. */
export function readFact(raw: unknown): FactUse {
  const { fact } = readLoosely({ fact: factValueSchema.shape.fact }, raw).fields;
  const { fields, unclear } = readLoosely(factParamsSchema.shape, isObject(raw) ? raw['params'] : undefined);
  return { fact, params: fields, unclear };
}

/** Reads a fact beside a fact, or what a claim asks for; undefined where it is something else. */
export const readFactValue = (raw: unknown): FactUse | undefined =>
  isObject(raw) && 'fact' in raw ? readFact(raw) : undefined;

/** Reads what a claim asks for; undefined where it has no form. */
function readWanted(raw: unknown): LooseWanted | undefined {
  return claimActionSchema.shape.set.safeParse(raw).data ?? readFactValue(raw);
}

/** Reads an action that holds a point; undefined when it does something else. */
export function readClaim(raw: unknown): LooseClaim | undefined {
  if (!isObject(raw)) return undefined;
  const effects = effectSchema.options.filter((effect) => effect in raw);
  if (!('point' in raw) && effects.length === 0) return undefined;
  const sound = claimActionSchema.safeParse(raw).data;
  if (sound) return sound;
  const { fields, unclear } = readLoosely(claimActionSchema.shape, raw);
  const { point, of, ramp, slot } = fields;
  return { point, of, ramp, slot, unclear, ...Object.fromEntries(effects.map((one) => [one, readWanted(raw[one])])) };
}

/** Does it compare with a fact? */
export const isFactUse = (value: LooseComparison['value']): value is FactUse =>
  typeof value === 'object' && !Array.isArray(value);

/** A comparison in which everything could be read. */
export const isWhole = (one: LooseComparison): one is Comparison & FactUse =>
  one.fact !== undefined && one.operator !== undefined && one.value !== undefined && (one.unclear?.size ?? 0) === 0;
