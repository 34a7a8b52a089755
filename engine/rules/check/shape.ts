// The form of a document by its schema, with reasons where a foreign form was meant.
import type { z } from 'zod';

import { check } from '../../model/check.ts';
import { comparisonSchema, factParamsSchema } from '../../model/condition.ts';
import { notifyActionSchema, orderActionSchema, webhookActionSchema } from '../../model/one-shot.ts';
import type { Problem, Result } from '../../model/result.ts';
import { claimActionSchema, scopeSchema } from '../../model/rule.ts';
import { list, nearest } from '../../model/words.ts';

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

/** The fields of each form, by the end of the JSON pointer of a field in it. */
const FIELDS: readonly { field: RegExp; names: readonly string[] }[] = [
  { field: /\/params\/[^/]+$/, names: Object.keys(factParamsSchema.shape) },
  { field: /^\/scope\/[^/]+$/, names: Object.keys(scopeSchema.shape) },
  {
    field: /^\/actions\/\d+\/[^/]+$/,
    names: [claimActionSchema, orderActionSchema, notifyActionSchema, webhookActionSchema].flatMap(({ shape }) =>
      Object.keys(shape),
    ),
  },
  {
    field: /^\/(conditions|clear|requires|actions\/\d+\/done)\/(.+\/)?[^/]+$/,
    names: [...Object.keys(comparisonSchema.shape), 'all', 'any', 'not', 'condition'],
  },
];

const NO_FIELD = 'there is no such field';

/** Checks a document against its schema: `schema`, `rule-empty` for an empty all or any, `rule-path` for a path. */
export function checkShape<T>(schema: z.ZodType<T>, document: unknown): Result<T> {
  const shaped = check(schema, document);
  if (shaped.ok) return shaped;
  const names = 'shape' in schema && typeof schema.shape === 'object' ? Object.keys(schema.shape ?? {}) : [];
  const fields = [...FIELDS, { field: /^\/[^/]+$/, names }];
  return { ok: false, problems: shaped.problems.map((one) => withFields(withReason(one), fields)) };
}

/** The fields that there are, where somebody wrote one that is none. */
function withFields(one: Problem, fields: typeof FIELDS): Problem {
  const names = fields.find(({ field }) => field.test(one.path))?.names ?? [];
  if (!one.message.startsWith(NO_FIELD) || names.length === 0) return one;
  const written = one.path.split('/').at(-1) ?? '';
  const meant = nearest(written, names);
  const instead = meant === undefined ? `there are ${list(names)}` : `did you mean "${meant}"?`;
  const why = `${NO_FIELD} here; ${names.includes(written) ? 'it stands in a condition of its own' : instead}`;
  return { ...one, message: one.message.replace(NO_FIELD, why), allowed: why };
}

function withReason(one: Problem): Problem {
  if (one.found === '[]' && /\/(all|any)$/.test(one.path)) return { ...one, code: 'rule-empty' };
  const foreign = one.message.startsWith(NO_FIELD) ? FOREIGN.find(({ field }) => field.test(one.path)) : undefined;
  if (!foreign) return one;
  const message = one.message.replace(NO_FIELD, foreign.why);
  return { ...one, code: foreign.code ?? one.code, message, allowed: foreign.why };
}
