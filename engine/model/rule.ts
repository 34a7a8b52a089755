// Rules as documents: scope, json-rules-engine conditions, behaviour over time, actions.
import { z } from 'zod';

import { effectSchema, SLOTS, slotSchema } from './claim.ts';
import { durationSchema } from './duration.ts';
import { assetIdSchema, departmentSchema, documentIdSchema, nameSchema } from './names.ts';
import { valueSchema } from './value.ts';

/** Which assets a rule stands for. All that is stated must hold. */
const scopeSchema = z.strictObject({
  type: z.string().max(64).describe('Asset type, for example TrafficController.'),
  ids: z.array(assetIdSchema).min(1).max(1_000).optional(),
  zone: nameSchema.optional(),
  tag: nameSchema.optional(),
  department: departmentSchema.optional(),
  each: nameSchema.optional().describe('A relation: the rule stands for every (asset, related asset).'),
  except: z.union([z.array(assetIdSchema).max(1_000), z.strictObject({ tag: nameSchema })]).optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

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

/** What a claim asks for: a value, or one read from an attribute (`watts`, `approach.reliefPlan`). */
const wantedSchema = z.union([
  valueSchema,
  z.strictObject({
    attribute: z
      .string()
      .regex(/^([a-zA-Z][\w-]*\.)?[a-zA-Z][\w-]*$/, 'an attribute is its name, or <relation>.<name>'),
  }),
]);

/** Hold a point while the rule is active. Exactly one of set, atLeast, atMost. */
export const claimActionSchema = z
  .strictObject({
    point: nameSchema,
    of: z.string().max(200).optional().describe('Whose point; as in params.of. Default: self.'),
    set: wantedSchema.optional(),
    atLeast: wantedSchema.optional(),
    atMost: wantedSchema.optional(),
    ramp: durationSchema.optional(),
    maxDuration: durationSchema
      .optional()
      .describe('The author’s limit: the claim ends then even if the conditions still hold.'),
    // The slots below belong to people and to what protects them.
    slot: slotSchema.min(SLOTS.responsePlan).optional().describe('10 to 16; default 12.'),
  })
  .refine(
    (action) => effectSchema.options.filter((effect) => action[effect] !== undefined).length === 1,
    'exactly one of set, atLeast and atMost',
  );
export type ClaimAction = z.infer<typeof claimActionSchema>;

/** Conditions with a name, shared across rules: `dark`. */
export const namedConditionSchema = z.strictObject({
  id: documentIdSchema,
  name: nameSchema,
  title: z.string().min(1).max(200),
  conditions: conditionSchema,
});
export type NamedCondition = z.infer<typeof namedConditionSchema>;

/** One rule. */
export const ruleSchema = z.strictObject({
  id: documentIdSchema,
  title: z.string().min(1).max(200),
  scope: scopeSchema,
  conditions: conditionSchema,
  for: durationSchema.optional().describe('The conditions must hold this long before the rule becomes active.'),
  clear: conditionSchema
    .optional()
    .describe('The rule ends when this is true; without it, when the conditions are false.'),
  clearFor: durationSchema.optional().describe('The end must hold this long.'),
  onUnknown: z
    .enum(['release', 'hold'])
    .default('release')
    .describe('What an active rule does when a fact becomes unknown: end, or keep its claims without renewing them.'),
  actions: z.array(claimActionSchema).min(1).max(20),
});
export type Rule = z.infer<typeof ruleSchema>;

/** The department that owns a document: the first part of its id. */
export const departmentOf = (documentId: string): string => documentId.split('/')[0] ?? '';
