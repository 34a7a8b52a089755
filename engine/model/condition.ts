// Conditions as documents, in json-rules-engine's own form: facts narrowed down, compared, joined.
import { z } from 'zod';

import { durationSchema } from './duration.ts';
import { nameSchema } from './names.ts';
import { valueSchema } from './value.ts';

/** How several values become one. */
export const acrossSchema = z.enum(['min', 'max', 'avg', 'median', 'any', 'all', 'count']);
/** How a window of one property becomes one value. */
export const aggregateSchema = z.enum(['min', 'max', 'avg', 'sum', 'count', 'delta']);

/** What narrows a fact down. */
export const factParamsSchema = z.strictObject({
  of: z
    .string()
    .max(200)
    .optional()
    .describe('self (default), a relation, relation/relation, near:50m/Type, zone:<name>/Type, or an asset id.'),
  across: acrossSchema.optional(),
  window: durationSchema.optional(),
  aggregate: aggregateSchema.optional(),
  maxAge: durationSchema.optional(),
  name: nameSchema.optional().describe('With the fact attribute: which one.'),
});
export type FactParams = z.infer<typeof factParamsSchema>;

/** A fact beside a fact: the right-hand side of a comparison read from the city. */
const factValueSchema = z.strictObject({
  fact: z.string().min(1).max(64),
  params: factParamsSchema.optional(),
});

/** One comparison, in json-rules-engine's own form. */
export const comparisonSchema = z.strictObject({
  fact: z.string().min(1).max(64),
  params: factParamsSchema.optional(),
  operator: z.string().min(1).max(64),
  value: z.union([valueSchema, z.array(valueSchema).min(1).max(256), factValueSchema]),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A condition: a comparison, a named condition, or several joined. */
export type Condition =
  | Comparison
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { condition: string };

/** `all: []` would always be true, `any: []` never: both are refused. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({
      all: z.array(conditionSchema).min(1, 'an empty all would always be true').max(64),
    }),
    z.strictObject({
      any: z.array(conditionSchema).min(1, 'an empty any would never be true').max(64),
    }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ condition: nameSchema }),
    comparisonSchema,
  ]),
);
