// The rules' JSON Schema for the editor, made from the same schema that the engine checks with; at build time (vite.config.ts).
import { z } from 'zod';

import { ruleSchema } from '../../../engine/model/rule.ts';

/** Draft 7, as Monaco reads it. As an author writes it: what has a default may be left out. */
export const ruleJsonSchema = z.toJSONSchema(ruleSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
