// The form of a document by its schema, with reasons where a foreign form was meant.
import type { z } from 'zod';

import { check } from '../../model/check.ts';
import type { Problem, Result } from '../../model/result.ts';

/** Fields that other rule engines have, and why ours has not; the end of a field's JSON pointer decides. */
const FOREIGN: readonly { field: RegExp; code?: 'rule-path'; why: string }[] = [
  {
    field: /\/path$/,
    code: 'rule-path',
    why: 'a fact is one value, there is nothing in it to point to, and no JSONPath is ever run: leave "path" out',
  },
  { field: /^\/event$/, why: 'what a rule does stands in "actions"' },
  { field: /\/priority$/, why: 'rules do not wait for one another; an action’s "slot" says whose wish counts' },
  { field: /^\/(onSuccess|onFailure)$/, why: 'a rule is data and cannot carry code' },
];

const NO_FIELD = 'there is no such field';

/** Checks a document against its schema: `schema`, `rule-empty` for an empty all or any, `rule-path` for a path. */
export function checkShape<T>(schema: z.ZodType<T>, document: unknown): Result<T> {
  const shaped = check(schema, document);
  return shaped.ok ? shaped : { ok: false, problems: shaped.problems.map(withReason) };
}

function withReason(one: Problem): Problem {
  if (one.found === '[]' && /\/(all|any)$/.test(one.path)) return { ...one, code: 'rule-empty' };
  const foreign = one.message.startsWith(NO_FIELD) ? FOREIGN.find(({ field }) => field.test(one.path)) : undefined;
  if (!foreign) return one;
  const message = one.message.replace(NO_FIELD, foreign.why);
  return { ...one, code: foreign.code ?? one.code, message, allowed: foreign.why };
}
