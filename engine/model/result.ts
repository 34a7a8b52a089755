// The outcome of reading something a person or a device wrote: a value, or every problem found in it.

/** One thing that is wrong with a text, a document or a payload. */
export interface Problem {
  /** Stable code, listed in docs/errors.md. */
  code: string;
  /** JSON pointer to the place, `""` for the whole document. */
  path: string;
  /** A sentence: what was found and what is allowed. */
  message: string;
  /** Where in the text, from 1; only where a text was read. */
  line?: number;
  /** From 1, in UTF-16 units. */
  column?: number;
  /** What was found there, as JSON, at most 60 characters. */
  found?: string;
  /** What is allowed there, in words. */
  allowed?: string;
  /** What may stand there instead, ready to be put in. */
  fix?: { value: unknown };
}

/** A value, or all problems at once. */
export type Result<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** A document that can work, or all problems; warnings either way. */
export type Checked<T> =
  | { ok: true; value: T; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/** Wraps a value. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** Wraps problems; at least one. */
export const refused = (...problems: [Problem, ...Problem[]]): { ok: false; problems: Problem[] } => ({
  ok: false,
  problems,
});

/** The longest piece of a found value that a message repeats, in characters. */
const LONGEST_FOUND = 60;

/** What was found, short enough for a message. */
export function describeFound(found: unknown): string {
  if (found === undefined) return 'nothing';
  const text = inJson(found);
  return text.length > LONGEST_FOUND ? `${text.slice(0, LONGEST_FOUND)}…` : text;
}

/** JSON.stringify recurses: what somebody nested a hundred thousand times would end the process that describes it. */
function inJson(found: unknown): string {
  try {
    return JSON.stringify(found) ?? typeof found;
  } catch (error) {
    if (error instanceof RangeError) return 'something nested too deeply';
    throw error;
  }
}

/** What is allowed without the words that join it to a sentence. */
export const barely = (allowed: string): string => allowed.replace(/^allowed is /, '');

/** A problem in the house's form: what was found, then what is allowed. */
export function problem(code: string, path: string, found: unknown, allowed: string): Problem {
  const shown = describeFound(found);
  return { code, path, message: `found ${shown}; ${allowed}`, found: shown, allowed: barely(allowed) };
}

/** One line per problem, for logs and messages. */
export const describeProblems = (problems: readonly Problem[]): string =>
  problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
