// What a claim asks for.
import { z } from 'zod';

import { factValueSchema } from './condition.ts';
import { valueSchema } from './value.ts';

/** A value, or one read from an attribute (`watts`, `approach.reliefPlan`) or from a fact while the rule is active. */
export const wantedSchema = z
  .union([
    valueSchema,
    z.strictObject({
      attribute: z
        .string()
        .regex(/^([a-zA-Z][\w-]*\.)?[a-zA-Z][\w-]*$/, 'an attribute is its name, or <relation>.<name>')
        .meta({
          description: 'An attribute of the rule’s asset, or <relation>.<name> for that of a related one.',
          examples: ['nightLevel', 'approach.reliefPlan'],
        }),
    }),
    factValueSchema,
  ])
  .meta({
    title: 'Wanted',
    description:
      'A value in the point’s own unit (ratios are 0 to 1), an attribute, or a fact: the claim follows it as it changes.',
  });

/** What a claim asks for. */
export type Wanted = z.infer<typeof wantedSchema>;
