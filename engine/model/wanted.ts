// What a claim asks for.
import { z } from 'zod';

import { valueSchema } from './value.ts';

/** A value, or one read from an attribute (`watts`, `approach.reliefPlan`). */
export const wantedSchema = z.union([
  valueSchema,
  z.strictObject({
    attribute: z
      .string()
      .regex(/^([a-zA-Z][\w-]*\.)?[a-zA-Z][\w-]*$/, 'an attribute is its name, or <relation>.<name>'),
  }),
]);
