// JSON as people type it: every mistake at its line and column.
import { describe, expect, it, test } from 'vitest';

import { parseJson, type JsonText } from './json-text.ts';
import { problem } from './result.ts';

/** Line, column and message of every problem, a line each. */
function problemsOf(text: string): string {
  const result = parseJson(text);
  const problems = result.ok ? result.value.problems : result.problems;
  return problems
    .map(({ code, path, line, column, message }) => `${code} ${line}:${column} ${path} ${message}`)
    .join('\n');
}

test.each([
  ['nothing', '', '1:1', 'found the end of the text; allowed is a value; after the last one there is no comma'],
  [
    'a comma too many in an object',
    '{\n  "id": "x",\n}',
    '3:1',
    'found }; allowed is the name of a field in double quotes; after the last field there is no comma',
  ],
  ['a comma too many in a list', '[1,]', '1:4', 'found ]; allowed is a value; after the last one there is no comma'],
  ['a missing comma', '{\n  "a": 1\n  "b": 2 }', '3:3', 'found "b"; a comma is missing before this'],
  ['a missing colon', '{ "a" 1 }', '1:7', 'found 1; a colon is missing between a field’s name and its value'],
  ['a missing brace', '{ "a": 1', '1:9', 'found the end of the text; a closing } is missing'],
  ['a missing bracket', '[1', '1:3', 'found the end of the text; a closing ] is missing'],
  [
    'a percent sign',
    '{ "value": 80% }',
    '1:14',
    'found %; allowed is a number, true, false, or a text in double quotes; 80 % is written 0.8',
  ],
  ['single quotes', "{ 'a': 1 }", '1:3', "found 'a'; allowed is a number, true, false, or a text in double quotes"],
  ['a second document', '{} []', '1:4', 'found [; nothing may follow the end of the document'],
  ['a comment', '// c\n{}', '1:1', 'found // c; JSON has no comments'],
  ['half a number', '[1e]', '1:2', 'found 1e; the number is not finished'],
  ['an unknown escape', '["\\q"]', '1:2', 'found "\\q"; allowed after \\ is one of " \\ / b f n r t u'],
  ['half a code point', '["\\u12"]', '1:2', 'allowed after \\u are four hexadecimal digits'],
  ['a control character', '["\u0001"]', '1:2', 'control characters are written as \\n, \\t or \\u0000'],
])('%s is found at its place', (_, text, place, message) => {
  expect(problemsOf(text)).toContain(`json-syntax ${place}  `);
  expect(problemsOf(text)).toContain(message);
});

test('one mistake is told once, two in different lines are told both', () => {
  expect(problemsOf('{\n  "a": "x\n,  "b": 80%\n}')).toMatchInlineSnapshot(`
    "json-syntax 2:8  found "x; the closing quotation mark is missing on this line
    json-syntax 3:11  found %; allowed is a number, true, false, or a text in double quotes; 80 % is written 0.8"
  `);
});

test('a field that stands twice is found with its place', () => {
  expect(problemsOf('{ "a": 1, "list": [{}, { "a": 1, "x/y": 2,\n "x/y": 3 }], "a": 2 }')).toMatchInlineSnapshot(`
    "json-twice 2:15 /a found "a"; this field stands in the same object already
    json-twice 2:2 /list/1/x~1y found "x/y"; this field stands in the same object already"
  `);
});

test('what is nested too deeply is refused, not crashed upon', () => {
  expect(problemsOf('['.repeat(200_000))).toMatchInlineSnapshot(
    `"json-syntax 1:1  found nothing; the text is nested too deeply to be read"`,
  );
});

function read(text: string): JsonText {
  const result = parseJson(text);
  if (!result.ok) throw new Error('not read');
  return result.value;
}

describe('a sound text', () => {
  it('is read, with a byte order mark too', () => {
    expect(read('\uFEFF{ "a": [1, null] }')).toMatchObject({ value: { a: [1, null] }, problems: [] });
  });

  it('says where its problems are, in the order of the text, whatever ends its lines', () => {
    const text = read('{\r\n  "a": 1,\r  "b": { "c": 2 }\n}');
    const places = text.locate([
      problem('x', '/b/c', 2, 'x'),
      problem('x', '/a', 1, 'x'),
      problem('x', '/missing', 1, 'x'),
    ]);
    expect(places.map(({ path, line, column }) => [path, line, column])).toEqual([
      ['/missing', 1, 1],
      ['/a', 2, 8],
      ['/b/c', 3, 15],
    ]);
  });
});
