// Reads JSON as people type it: every mistake with its line and column, and the place of everything that was read.
import { parseTree, type Node, type ParseError } from 'jsonc-parser';

import { toPointer } from './check.ts';
import { placeIn } from './json-places.ts';
import { barely, ok, problem, refused, type Problem, type Result } from './result.ts';

/** A JSON text that could be read. */
export interface JsonText {
  value: unknown;
  /** Fields that stand twice in one object, `json-twice`: `JSON.parse` silently takes the last. */
  problems: Problem[];
  /** The same problems with the line and column of their paths, in the order of the text. */
  locate: (problems: readonly Problem[]) => Problem[];
}

/** What is allowed where jsonc-parser stumbled, by its error codes (its `ParseErrorCode` is a const enum: numbers). */
const ALLOWED: Readonly<Record<number, string>> = {
  1: 'allowed is a number, true, false, or a text in double quotes',
  2: 'allowed is a number such as 0.8',
  3: 'allowed is the name of a field in double quotes; after the last field there is no comma',
  4: 'allowed is a value; after the last one there is no comma',
  5: 'a colon is missing between a field’s name and its value',
  6: 'a comma is missing before this',
  7: 'a closing } is missing',
  8: 'a closing ] is missing',
  9: 'nothing may follow the end of the document',
  10: 'JSON has no comments',
  12: 'the closing quotation mark is missing on this line',
  13: 'the number is not finished',
  14: 'allowed after \\u are four hexadecimal digits',
  15: 'allowed after \\ is one of " \\ / b f n r t u',
  16: 'control characters are written as \\n, \\t or \\u0000',
};

/** The longest piece of the text that a message repeats, in characters. */
const LONGEST_SHOWN = 60;

const PERCENT = '80 % is written 0.8';

/**
 * Reads a text as JSON (RFC 8259). A byte order mark is passed over.
 *
 * @returns the value, or `json-syntax` problems with line and column: the first one of each line
 */
export function parseJson(text: string): Result<JsonText> {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const placeAt = linesOf(plain);
  const read = readTree(plain);
  if (!read) {
    const tooDeep = problem('json-syntax', '', undefined, 'the text is nested too deeply to be read');
    return refused({ ...tooDeep, ...placeAt(0) });
  }
  const { root, errors, twice } = read;
  if (errors.length > 0) return { ok: false, problems: syntaxProblems(plain, errors, placeAt) };
  const problems = twice.map((name) => ({ ...twiceProblem(name), ...placeAt(name.offset) }));
  const locate = (found: readonly Problem[]) =>
    found
      .map((one) => ({ one, offset: placeIn(root, one.path).offset }))
      .toSorted((left, right) => left.offset - right.offset)
      .map(({ one, offset }) => ({ ...one, ...placeAt(offset) }));
  return ok({ value: JSON.parse(plain), problems, locate });
}

/** Undefined when the text is nested so deeply that the parser, which recurses, ran out of stack. */
function readTree(text: string): { root: Node | undefined; errors: ParseError[]; twice: Node[] } | undefined {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    return { root, errors, twice: root ? namedTwice(root) : [] };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** One mistake makes the parser stumble several times: only its first complaint in each line is of use. */
function syntaxProblems(text: string, errors: readonly ParseError[], placeAt: PlaceAt): Problem[] {
  const byLine = new Map<number, Problem>();
  for (const { error, offset, length } of errors) {
    const place = placeAt(offset);
    if (byLine.has(place.line)) continue;
    const found = text.slice(offset, offset + length);
    const allowed = `${ALLOWED[error] ?? 'this is not JSON'}${found.startsWith('%') ? `; ${PERCENT}` : ''}`;
    const shown = found === '' ? 'the end of the text' : found.slice(0, LONGEST_SHOWN);
    const message = `found ${shown}; ${allowed}`;
    byLine.set(place.line, {
      code: 'json-syntax',
      path: '',
      message,
      found: shown,
      allowed: barely(allowed),
      ...place,
    });
  }
  return [...byLine.values()];
}

/** Names of fields that their object had before. */
function namedTwice(node: Node): Node[] {
  const children = node.children ?? [];
  if (node.type !== 'object') return children.flatMap(namedTwice);
  const seen = new Set<unknown>();
  const own = children.flatMap(({ children: [name] = [] }) => {
    const isSeen = seen.has(name?.value);
    seen.add(name?.value);
    return name && isSeen ? [name] : [];
  });
  return [...own, ...children.flatMap(namedTwice)];
}

const twiceProblem = (name: Node): Problem =>
  problem('json-twice', pointerOf(name), name.value, 'this field stands in the same object already');

/** The JSON pointer of a field by the node of its name. */
function pointerOf(name: Node): string {
  const steps: string[] = [];
  for (let node = name.parent; node; node = node.parent) {
    if (node.type === 'property') steps.unshift(String(node.children?.[0]?.value));
    else if (node.parent?.type === 'array') steps.unshift(String(node.parent.children?.indexOf(node)));
  }
  return toPointer(steps);
}

type PlaceAt = (offset: number) => { line: number; column: number };

/** From an offset to line and column, both from 1; a column counts UTF-16 units, as editors do. */
function linesOf(text: string): PlaceAt {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
