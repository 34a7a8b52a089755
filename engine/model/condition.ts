// Conditions as documents, in json-rules-engine's own form: facts narrowed down, compared, joined.
import { z } from 'zod';

import { durationSchema } from './duration.ts';
import { documentIdSchema, nameSchema } from './names.ts';
import { valueSchema } from './value.ts';

/** How several values become one. */
export const acrossSchema = z
  .enum(['min', 'max', 'avg', 'median', 'any', 'all', 'count'])
  .describe(
    'How the values of several assets become one. any and all: of true and false. count: how many are known, also when none is; over no asset at all it is unknown.',
  );
/** How a window of one property becomes one value. */
export const aggregateSchema = z
  .enum(['min', 'max', 'avg', 'sum', 'count', 'delta', 'rate', 'p95'])
  .describe(
    'How a window becomes one value; default avg. delta: the newest minus the oldest. rate: that per second. p95: what 95 of a hundred readings do not exceed, to 2 %.',
  );

/** Which assets a fact or a point belongs to, seen from the rule's asset; `engine/model/of.ts` is the grammar. */
export const ofSchema = z
  .string()
  .max(200)
  .meta({
    title: 'Of whom',
    description:
      'self (default), a relation, relation/relation, near:50m/Type, zone:<name>/Type, or an asset id. Several assets need "across".',
    default: 'self',
    examples: ['self', 'approach/detectors', 'near:50m/Streetlight', 'zone:river-path/LightSensor'],
  });

/** What narrows a fact down. */
export const factParamsSchema = z
  .strictObject({
    of: ofSchema.optional(),
    across: acrossSchema.optional(),
    window: durationSchema.optional().describe('Look back this far instead of at the newest value only.'),
    aggregate: aggregateSchema.optional(),
    maxAge: durationSchema.optional().describe('An older value is unknown, even if the sensor reports this seldom.'),
    name: z
      .union([nameSchema, documentIdSchema])
      .optional()
      .describe('Which attribute, property, point or rule is meant; for facts that need it.'),
  })
  .meta({
    id: 'params',
    title: 'Params',
    description: 'What narrows the fact down: of whom, over which time.',
    examples: [{ of: 'approach/detectors', across: 'max', window: '3 min', aggregate: 'avg' }],
  });
export type FactParams = z.infer<typeof factParamsSchema>;

/** A fact's name: one of the registry (`facts.ts`), or a property that some asset reports. */
const factNameSchema = z.string().min(1).max(64).meta({
  id: 'fact',
  title: 'Fact',
  description: 'A property that assets report, an attribute, the time, the sun, or the state of a point or a rule.',
  completes: 'facts',
});

/** A fact beside a fact: the right-hand side of a comparison read from the city, or what a claim asks for. */
export const factValueSchema = z
  .strictObject({ fact: factNameSchema, params: factParamsSchema.optional() })
  .meta({ title: 'Another fact', description: 'Compare with a fact instead of a fixed value.' });

/** One comparison, in json-rules-engine's own form. */
export const comparisonSchema = z
  .strictObject({
    fact: factNameSchema,
    params: factParamsSchema.optional(),
    operator: z.string().min(1).max(64).meta({
      title: 'Operator',
      description: 'How the fact is compared; decorators may stand before it: not:in.',
      completes: 'operators',
    }),
    value: z.union([valueSchema, z.array(valueSchema).min(1).max(256), factValueSchema]).meta({
      title: 'Value',
      description:
        'What the fact is compared with, in the unit of the fact; ratios are 0 to 1. A list for in, notIn, someValue: and everyValue:.',
    }),
  })
  .meta({
    title: 'Comparison',
    description: 'One fact compared with a value or with another fact. Unknown while a fact is unknown.',
    examples: [
      { fact: 'occupancy', operator: 'greaterThan', value: 0.8 },
      { fact: 'status', operator: 'notIn', value: ['burning', 'moved'] },
    ],
  });
export type Comparison = z.infer<typeof comparisonSchema>;

/** A condition: a comparison, a named condition, or several joined. */
export type Condition =
  | Comparison
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { condition: string };

/** The most joins (all, any, not, named conditions) that may stand within one another. */
export const MOST_LEVELS = 8;

/** How a named condition is called: `dark`, or `lighting/dark` for that of another department. */
export const conditionNameSchema = z.union([nameSchema, documentIdSchema]).meta({
  title: 'Named condition',
  description: 'A name: the own department’s, or else the only other one’s. Or a whole id, <department>/<name>.',
  examples: ['dark', 'lighting/dark'],
});

/** `all: []` would always be true, `any: []` never: both are refused. */
export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({
        all: z
          .array(conditionSchema)
          .min(1, 'an empty all would always be true')
          .max(64)
          .describe('True when all of them are true.'),
      }),
      z.strictObject({
        any: z
          .array(conditionSchema)
          .min(1, 'an empty any would never be true')
          .max(64)
          .describe('True when at least one of them is true.'),
      }),
      z.strictObject({ not: conditionSchema }),
      z.strictObject({ condition: conditionNameSchema }),
      comparisonSchema,
    ]),
  )
  .meta({
    id: 'condition',
    title: 'Condition',
    description:
      'A comparison, a named condition, or several joined by all, any and not (json-rules-engine’s own form).',
    examples: [{ all: [{ fact: 'motion', operator: 'equal', value: true }, { condition: 'dark' }] }],
  });
