// Checks a value against a zod schema and reports every problem in our own words and form.
import type { z } from 'zod';

import { describeFound, ok, type Problem, type Result } from './result.ts';

/**
 * Checks `value` against `schema`.
 *
 * @returns the parsed value (defaults filled in), or all problems: code `schema`, a JSON pointer, what was found.
 * @example check(assetSchema, JSON.parse(text))
 */
export function check<T>(schema: z.ZodType<T>, value: unknown): Result<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, value)) };
}

/** A JSON pointer (RFC 6901) from the steps into a document. */
export const toPointer = (steps: readonly PropertyKey[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function problemsOf(issue: z.core.$ZodIssue, document: unknown): Problem[] {
  const path = toPointer(issue.path);
  const found = valueAt(document, issue.path);
  return [{ code: 'schema', path, message: `${issue.message}; found ${describeFound(found)}` }];
}

function valueAt(document: unknown, steps: readonly PropertyKey[]): unknown {
  let here: unknown = document;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}
