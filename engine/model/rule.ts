// Rules as documents: scope, json-rules-engine conditions, behaviour over time, actions.
import { z } from 'zod';

import { effectSchema, SLOTS, type Effect, slotSchema } from './claim.ts';
import { conditionSchema, ofSchema, type Condition } from './condition.ts';
import { decisionTableSchema, unknownActions } from './decision-table.ts';
import { durationSchema } from './duration.ts';
import { isOneShot, notifyActionSchema, orderActionSchema, webhookActionSchema } from './one-shot.ts';
import { assetIdSchema, departmentSchema, documentIdSchema, nameSchema } from './names.ts';
import { polygonSchema } from './polygon.ts';
import { ruleTestSchema } from './rule-test.ts';
import { timesSchema, whenSchema } from './rule-timing.ts';
import { wantedSchema } from './wanted.ts';

export { acrossSchema, conditionSchema, type Comparison, type Condition, type FactParams } from './condition.ts';

/** Which assets a rule stands for. All that is stated must hold. */
export const scopeSchema = z
  .strictObject({
    type: z.string().max(64).meta({
      title: 'Asset type',
      description: 'Every asset of this type, unless more is stated.',
      completes: 'types',
    }),
    ids: z.array(assetIdSchema).min(1).max(1_000).optional().describe('Only these assets.'),
    zone: nameSchema.optional().describe('Only assets in this zone.'),
    tag: nameSchema.optional().describe('Only assets with this tag.'),
    tags: z.array(nameSchema).min(1).max(32).optional().describe('Only assets with all of these tags.'),
    department: departmentSchema.optional().describe('Only assets of this department.'),
    polygon: polygonSchema.optional().describe('Only assets whose location lies within this area or on its edge.'),
    each: nameSchema.optional().describe('A relation: the rule stands for every (asset, related asset).'),
    except: z
      .union([
        z.array(assetIdSchema).max(1_000),
        z.strictObject({ tag: nameSchema.describe('Not those with this tag.') }),
      ])
      .optional()
      .describe('But not these: asset ids, or a tag.'),
  })
  .meta({
    title: 'Scope',
    description:
      'Which assets the rule stands for; an asset added later is covered at once. All that is stated must hold.',
    examples: [{ type: 'Streetlight', zone: 'river-path' }],
  });
export type Scope = z.infer<typeof scopeSchema>;

/** Whether what a schema's fields were read into is an object at all, so that it can be judged as a whole. */
const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const effectsOf = (action: Record<string, unknown>): Effect[] =>
  effectSchema.options.filter((effect) => action[effect] !== undefined);

/** Hold a point while the rule is active. Exactly one of set, atLeast, atMost. */
export const claimActionSchema = z
  .strictObject({
    point: nameSchema.meta({ title: 'Point', description: 'What is controlled.', completes: 'points' }),
    of: ofSchema.optional().describe('Whose point; as in params.of, several are fine. Default: self.'),
    set: wantedSchema.optional().describe('Exactly this value.'),
    atLeast: wantedSchema.optional().describe('This value or more; for points that are numbers.'),
    atMost: wantedSchema.optional().describe('This value or less; for points that are numbers.'),
    ramp: durationSchema.optional().describe('How long the device takes to get there, at most 1 h. Default: at once.'),
    maxDuration: durationSchema
      .optional()
      .describe('The author’s limit: the claim ends then even if the conditions still hold.'),
    // The slots below belong to people and to what protects them.
    slot: slotSchema
      .min(SLOTS.responsePlan)
      .optional()
      .describe(
        '10 to 16, the same for every department; default 12. Lower ones belong to people and to what protects them.',
      ),
  })
  .refine((action) => effectsOf(action).length === 1, {
    message: 'exactly one of set, atLeast and atMost',
    // Beside a field that is none, a missing effect may be just that field with a slip in it.
    when: ({ value, issues }) =>
      isFields(value) && (effectsOf(value).length > 0 || !issues.some(({ code }) => code === 'unrecognized_keys')),
  })
  .meta({
    title: 'Claim',
    description: 'Holds a point while the rule is active. Exactly one of set, atLeast and atMost.',
    examples: [{ point: 'level', of: 'near:50m/Streetlight', atLeast: 0.8, ramp: '2 s' }],
  });
export type ClaimAction = z.infer<typeof claimActionSchema>;

/** What a rule does: hold a point while it is active, or something once as it becomes active. */
export const actionSchema = z.union([claimActionSchema, orderActionSchema, notifyActionSchema, webhookActionSchema]);
export type Action = z.infer<typeof actionSchema>;

/** Does this action hold a point? */
export const isClaim = (action: Action): action is ClaimAction => 'point' in action;

/** Conditions with a name, shared across rules: `dark`. */
export const namedConditionSchema = z.strictObject({
  id: documentIdSchema,
  name: nameSchema,
  title: z.string().min(1).max(200),
  conditions: conditionSchema,
});
export type NamedCondition = z.infer<typeof namedConditionSchema>;

/** Have all actions of a rule the right form, whatever else is wrong with it? */
const hasActions = (rule: unknown, issues: readonly { path?: readonly PropertyKey[] | undefined }[]): boolean =>
  isFields(rule) && Array.isArray(rule['actions']) && !issues.some(({ path }) => path?.[0] === 'actions');

/** Has it a table, and that rows? */
const hasRows = (rule: unknown): boolean =>
  isFields(rule) && isFields(rule['table']) && Array.isArray(rule['table']['rows']);

/** One rule as its author writes it: with conditions, or with a table. */
export const ruleSchema = z
  .strictObject({
    id: documentIdSchema.describe('<department>/<name>; the department owns the rule.'),
    title: z.string().min(1).max(200).describe('What people read: what the rule is for.'),
    scope: scopeSchema,
    conditions: conditionSchema.optional().describe('When the rule is true; or a table instead.'),
    table: decisionTableSchema.optional().describe('Instead of conditions: cases as rows, each with what it asks for.'),
    times: timesSchema.optional(),
    for: durationSchema.optional().describe('The conditions must hold this long before the rule becomes active.'),
    clear: conditionSchema
      .optional()
      .describe('The rule ends when this is true; without it, when the conditions are false.'),
    clearFor: durationSchema.optional().describe('The end must hold this long.'),
    when: whenSchema.optional(),
    onUnknown: z
      .enum(['release', 'hold'])
      .default('release')
      .describe('What an active rule does when a fact becomes unknown: end, or keep its claims without renewing them.'),
    cooldown: durationSchema
      .optional()
      .describe(
        'At least this long between two rounds of one-shot actions (orders, notifications, webhooks) for one asset.',
      ),
    maxPerHour: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('At most so many rounds of one-shot actions within an hour, of the whole rule.'),
    actions: z
      .array(actionSchema)
      .min(1)
      .max(20)
      .describe(
        'What the rule does: claims while it is active; orders, notifications and webhooks once, at its start.',
      ),
    tests: z
      .array(ruleTestSchema)
      .max(50)
      .optional()
      .describe('What must come of given readings; run by `signalbox rules test`.'),
  })
  .refine(({ conditions, table }) => (conditions === undefined) !== (table === undefined), {
    path: ['conditions'],
    message: 'a rule has either conditions or a table',
    // Also when something else is wrong: all problems at once.
    when: ({ value }) => isFields(value),
  })
  .superRefine(
    ({ table, actions }, context) => {
      const claims = actions.map((action) => (isClaim(action) ? action : {}));
      for (const { path, message } of table ? unknownActions(table, claims) : [])
        context.addIssue({ code: 'custom', path: ['table', ...path], message: `allowed is ${message}` });
    },
    { when: ({ value, issues }) => hasActions(value, issues) && hasRows(value) },
  )
  .superRefine(
    (rule, context) => {
      if (rule.actions.some(isOneShot)) return;
      for (const field of ['cooldown', 'maxPerHour'] as const)
        if (rule[field] !== undefined)
          context.addIssue({
            code: 'custom',
            path: [field],
            message: 'allowed is a rule with an order, a notification or a webhook among its actions',
          });
    },
    { when: ({ value, issues }) => hasActions(value, issues) },
  )
  .meta({
    title: 'Rule',
    description: 'Assets, conditions, behaviour over time, and what is held while they are true.',
  });
export type RuleDocument = z.infer<typeof ruleSchema>;

/** A rule as the engine evaluates it: a document with conditions, or one row of a table (`expandTable` makes them). */
export type Rule = Omit<RuleDocument, 'conditions' | 'table' | 'tests'> & { conditions: Condition };

/** The department that owns a document: the first part of its id. */
export const departmentOf = (documentId: string): string => documentId.split('/')[0] ?? '';
