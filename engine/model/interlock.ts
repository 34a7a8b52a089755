// Interlocks: what must hold on facts that adapters observed before a point may move. Nobody can bypass them.
import { z } from 'zod';

import { documentIdSchema, nameSchema } from './names.ts';
import { conditionSchema } from './rule.ts';
import { valueSchema } from './value.ts';

/** One invariant for one point of every asset of a type. Facts that are unknown refuse; the safe value always passes. */
export const interlockSchema = z.strictObject({
  id: documentIdSchema,
  title: z.string().min(1).max(200).describe('What a refusal says to a person.'),
  scope: z.strictObject({ type: z.string().max(64), tag: nameSchema.optional() }),
  point: nameSchema,
  /** Only for these wanted values; every value when absent. */
  values: z.array(valueSchema).min(1).max(64).optional(),
  requires: conditionSchema.describe('Must be true, on facts of the asset itself that its adapter observed.'),
});
export type Interlock = z.infer<typeof interlockSchema>;
