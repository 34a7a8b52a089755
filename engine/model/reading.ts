// Readings: one observed value of one property of one asset.
import { z } from 'zod';

import { assetIdSchema, nameSchema } from './names.ts';
import { own } from './own.ts';
import { PROPERTIES } from './properties.ts';
import { problem, type Problem } from './result.ts';
import { convert, knownUnitsFor } from './units.ts';
import { misfit, valueSchema, type Value } from './value.ts';

/** A clock in the field may be ahead by this much; what claims to be from later makes its fact unknown. Milliseconds. */
export const FUTURE_MS = 5 * 60_000;

/** How far the source itself trusts its value. A `bad` value makes the fact unknown. */
export const qualitySchema = z.enum(['good', 'uncertain', 'bad']);

/** What a reading is worth: as its source says, or `ahead`, as the engine finds: its clock runs ahead, so nobody knows when it was seen. */
const worthSchema = z.enum([...qualitySchema.options, 'ahead']);

/** Does a reading of this quality make its fact unknown? */
export const isDistrusted = ({ quality }: Pick<Reading, 'quality'>): boolean =>
  quality === 'bad' || quality === 'ahead';

/** One observed value, in the property's own unit. */
export const readingSchema = z.strictObject({
  /** The source's message id and the property; the same reading sent twice carries the same id. */
  id: z.string().min(1).max(200),
  asset: assetIdSchema,
  property: nameSchema,
  value: valueSchema,
  unit: z.string().max(16).optional(),
  /** When the sensor saw it, milliseconds since the epoch. */
  observedAt: z.number().int().min(0),
  /** When Signalbox took it in, milliseconds since the epoch. */
  receivedAt: z.number().int().min(0),
  quality: worthSchema.default('good'),
  /** Who brought it: `flow:traffic`, `adapter:mqtt`. */
  source: z.string().min(1).max(64),
});
export type Reading = z.infer<typeof readingSchema>;

/**
 * Brings a raw value to the property's own unit and checks it.
 *
 * @param property one of `PROPERTIES`, or a name of the asset's own (then any value passes as it is)
 * @param unit what the source says it sent; the property's own unit when it says nothing
 * @returns the value in the property's unit, or the problem: an unknown unit, a wrong type, out of range
 */
export function normalise(property: string, raw: unknown, unit?: string): { value: Value; unit?: string } | Problem {
  const known = own(PROPERTIES, property);
  if (!known) {
    const free = valueSchema.safeParse(raw);
    if (free.success) return { value: free.data, ...(unit === undefined ? {} : { unit }) };
    return problem('reading-value', `/${property}`, raw, 'allowed is a number, true, false or a word');
  }
  const ownUnit = known.value.type === 'number' ? known.value.unit : undefined;
  let value = raw;
  if (ownUnit !== undefined && unit !== undefined && typeof raw === 'number') {
    value = convert(raw, unit, ownUnit);
    if (value === undefined)
      return problem('reading-unit', `/${property}`, unit, `allowed is ${knownUnitsFor(ownUnit).join(', ')}`);
  }
  const wrong = misfit(known.value, value);
  if (wrong !== undefined) return problem('reading-value', `/${property}`, value, wrong);
  return { value: valueSchema.parse(value), ...(ownUnit === undefined ? {} : { unit: ownUnit }) };
}
