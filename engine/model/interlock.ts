// Interlocks: what must hold on facts that adapters observed for a point to move, and to stay as it is. Nobody can bypass them.
import { z } from 'zod';

import type { Asset } from './asset.ts';
import { documentIdSchema, nameSchema } from './names.ts';
import { own } from './own.ts';
import { conditionSchema } from './rule.ts';
import { valueSchema } from './value.ts';

/** A number, or the asset's attribute that holds it. */
const limitSchema = z.union([z.number(), z.strictObject({ attribute: nameSchema })]);

/** One requirement for one point of every asset of a type. Facts that are unknown refuse; the safe value always passes. */
export const interlockSchema = z
  .strictObject({
    id: documentIdSchema,
    title: z.string().min(1).max(200).describe('What a refusal says to a person.'),
    kind: z
      .enum(['permissive', 'invariant'])
      .default('permissive')
      .describe(
        'A permissive must be true for a command to leave. An invariant must hold throughout: while it does not, it holds the point at its safe value, or within the limit that it names.',
      ),
    lifeSafety: z
      .boolean()
      .default(false)
      .describe('People are in danger when it does not hold: its claim stands in slot 1 instead of 5.'),
    scope: z.strictObject({ type: z.string().max(64), tag: nameSchema.optional() }),
    point: nameSchema,
    /** Only for these wanted values; every value when absent. */
    values: z.array(valueSchema).min(1).max(64).optional(),
    /** Only for numbers below this limit. */
    below: limitSchema
      .optional()
      .describe('Only for wanted values below it; tripped, it holds the point at least there.'),
    requires: conditionSchema.describe('Must be true, on facts of the asset itself that its adapter observed.'),
  })
  .refine(({ values, below }) => values === undefined || below === undefined, {
    path: ['below'],
    message: 'values and below exclude each other: an interlock concerns certain words, or numbers below a limit',
  });
export type Interlock = z.infer<typeof interlockSchema>;

/** The limit below which an interlock concerns a number of this asset; undefined where it names none, or the attribute is no number. */
export function limitOf({ below }: Interlock, asset: Pick<Asset, 'attributes'>): number | undefined {
  const limit = typeof below === 'object' ? own(asset.attributes, below.attribute) : below;
  return typeof limit === 'number' ? limit : undefined;
}
