// Checks a value against a zod schema and reports every problem in our own words and form.
import type { z } from 'zod';

import { barely, describeFound, ok, refused, type Problem, type Result } from './result.ts';
import { nearest } from './words.ts';

/**
 * Checks `value` against `schema`.
 *
 * @returns the parsed value (defaults filled in), or all problems: code `schema`, a JSON pointer, what was found.
 * @example check(assetSchema, JSON.parse(text))
 */
export function check<T>(schema: z.ZodType<T>, value: unknown): Result<T> {
  const parsed = parseSafely(schema, value);
  if (!parsed) return refused({ code: 'schema', path: '', message: 'found something nested too deeply to be read' });
  if (parsed.success) return ok(parsed.data);
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, [], value)) };
}

/** Undefined when a recursive schema, such as that of conditions, runs out of stack on what it was given. */
function parseSafely<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> | undefined {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A JSON pointer (RFC 6901) from the steps into a document. */
export const toPointer = (steps: readonly PropertyKey[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

type Steps = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** @param base where the issue's own path begins: the place of the union that it is from */
function problemsOf(issue: Issue, base: Steps, document: unknown): Problem[] {
  const steps = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => problemAt([...steps, key], 'there is no such field', document));
  if (issue.code === 'invalid_type') return [problemAt(steps, `allowed is ${issue.expected}`, document)];
  if (issue.code !== 'invalid_union') return [problemAt(steps, allowedValues(issue), document, wordsOf(issue))];
  const meant = formMeant(issue.errors, steps, document);
  if (meant) return meant.flatMap((inner) => problemsOf(inner, steps, document));
  const allowed = [...new Set(issue.errors.flatMap((form) => allowedBy(form, steps, document)))];
  const message = allowed.length === 0 ? oneOfForms(issue.errors) : `allowed is ${allowed.join(', ')}`;
  return [problemAt(steps, message, document, wordsOf(issue))];
}

/** @param words those that may stand there: one that was probably meant becomes the fix */
function problemAt(steps: Steps, message: string, document: unknown, words: readonly string[] = []): Problem {
  const value = valueAt(document, steps);
  const found = describeFound(value);
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return {
    code: 'schema',
    path: toPointer(steps),
    message: `${message}; found ${found}`,
    found,
    allowed: barely(message),
    ...(meant === undefined ? {} : { fix: { value: meant } }),
  };
}

/** The words that a value may be, in any of several forms. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(wordsOf);
  return issue.code === 'invalid_value' ? issue.values.filter((value) => typeof value === 'string') : [];
}

/** What zod counts in, by what it counted. */
const COUNTED: Readonly<Record<string, [one: string, many: string]>> = {
  string: [' character', ' characters'],
  array: [' entry', ' entries'],
};

function counted(limit: number | bigint, origin: string): string {
  const [one, many] = COUNTED[origin] ?? ['', ''];
  return `${limit}${limit === 1 ? one : many}`;
}

/** What a value may be, in the house's words; a schema's own message stays. */
function allowedValues(issue: Issue): string {
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return `allowed is ${issue.inclusive ? 'at least' : 'more than'} ${counted(issue.minimum, issue.origin)}`;
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `allowed is ${issue.inclusive ? 'at most' : 'less than'} ${counted(issue.maximum, issue.origin)}`;
  if (issue.code === 'invalid_value')
    return `allowed is one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  return issue.message;
}

/** What each of several forms wants of a value that is of the right kind for all of them. */
const oneOfForms = (forms: readonly Issue[][]): string =>
  [...new Set(forms.flatMap((issues) => issues.map(allowedValues)))].join(', or ');

/** Of several allowed forms the one that was meant: the only one with the fewest fields missing or too many. */
function formMeant(forms: readonly Issue[][], steps: Steps, document: unknown): Issue[] | undefined {
  const misshapen = forms.map((issues) => shapeErrors(issues, steps, document));
  const fewest = Math.min(...misshapen);
  const [first, ...others] = forms.filter((_, index) => misshapen[index] === fewest);
  return Number.isFinite(fewest) && others.length === 0 ? first : undefined;
}

/** How many fields of a form are missing or too many; infinite when what was found is of another kind altogether. */
function shapeErrors(form: readonly Issue[], steps: Steps, document: unknown): number {
  const each = form.map((issue) => {
    if (issue.path.length > 0) return isMissing(issue, steps, document) ? 1 : 0;
    if (issue.code === 'unrecognized_keys') return issue.keys.length;
    if (issue.code === 'invalid_union')
      return Math.min(...issue.errors.map((inner) => shapeErrors(inner, steps, document)));
    return issue.code === 'invalid_type' || issue.code === 'invalid_value' ? Infinity : 0;
  });
  return each.reduce((sum, errors) => sum + errors, 0);
}

const isMissing = (issue: Issue, steps: Steps, document: unknown): boolean =>
  issue.path.length === 1 && valueAt(document, [...steps, ...issue.path]) === undefined;

/** What a form wants, in a few words: a type, a word, or the fields that were not there. */
function allowedBy(form: readonly Issue[], steps: Steps, document: unknown): string[] {
  const missing = form.filter((issue) => isMissing(issue, steps, document)).map((issue) => String(issue.path[0]));
  if (missing.length > 0) return [`an object with ${missing.join(' and ')}`];
  return form.flatMap((issue) => {
    if (issue.path.length > 0) return [];
    if (issue.code === 'invalid_type') return [issue.expected];
    if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
    return issue.code === 'invalid_union' ? issue.errors.flatMap((inner) => allowedBy(inner, steps, document)) : [];
  });
}

function valueAt(document: unknown, steps: Steps): unknown {
  let here: unknown = document;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}
