// Problems in our own words: all of them, each at its place.
import { expect, test } from 'vitest';
import { z } from 'zod';

import { check, toPointer } from './check.ts';
import { describeFound, describeProblems, ok, problem, refused } from './result.ts';

const textOf = (schema: z.ZodType, value: unknown): string => {
  const result = check(schema, value);
  return result.ok ? 'accepted' : describeProblems(result.problems);
};

test('fills in what a document leaves to its defaults', () => {
  expect(check(z.object({ tags: z.array(z.string()).default([]) }), {})).toEqual({ ok: true, value: { tags: [] } });
});

test('names every problem, not only the first', () => {
  const schema = z.strictObject({ name: z.string(), at: z.array(z.number().min(1)) });
  expect(textOf(schema, { at: [1, 0, 'x'], extra: true, more: 1 })).toMatchInlineSnapshot(`
    "/name: allowed is string; found nothing
    /at/1: allowed is at least 1; found 0
    /at/2: allowed is number; found "x"
    /extra: there is no such field; found true
    /more: there is no such field; found 1"
  `);
});

test('names a problem of the whole document without a path', () => {
  expect(textOf(z.string(), 5)).toMatchInlineSnapshot(`"allowed is string; found 5"`);
});

test('names what is missing, and what is of another kind', () => {
  const schema = z.object({ a: z.object({ b: z.string() }) });
  expect(textOf(schema, {})).toMatchInlineSnapshot(`"/a: allowed is object; found nothing"`);
  expect(textOf(schema, { a: null })).toMatchInlineSnapshot(`"/a: allowed is object; found null"`);
});

const either = z.union([
  z.strictObject({ all: z.array(z.strictObject({ fact: z.string(), value: z.union([z.number(), z.boolean()]) })) }),
  z.strictObject({ not: z.string() }),
]);

test('where several forms are allowed, speaks of the one that was meant', () => {
  expect(textOf(either, { all: [{ fact: 1, value: 2 }] })).toMatchInlineSnapshot(
    `"/all/0/fact: allowed is string; found 1"`,
  );
  expect(textOf(either, { all: [{ fact: 'x', value: null }] })).toMatchInlineSnapshot(
    `"/all/0/value: allowed is number, boolean; found null"`,
  );
  expect(
    textOf(z.union([z.union([z.number(), z.string()]), z.strictObject({ fact: z.string() })]), { fact: 3 }),
  ).toMatchInlineSnapshot(`"/fact: allowed is string; found 3"`);
  expect(textOf(either, { not: 'x', extra: 1 })).toMatchInlineSnapshot(`"/extra: there is no such field; found 1"`);
});

test('where nothing says which form was meant, says what would be allowed', () => {
  expect(textOf(either, 5)).toMatchInlineSnapshot(`"allowed is object; found 5"`);
  expect(textOf(either, {})).toMatchInlineSnapshot(`"allowed is an object with all, an object with not; found {}"`);
  expect(
    textOf(z.union([z.union([z.number(), z.string()]), z.strictObject({ fact: z.string() })]), null),
  ).toMatchInlineSnapshot(`"allowed is number, string, object; found null"`);
  expect(textOf(z.union([z.string().refine(() => false, 'odd'), z.string().min(9)]), 'c')).toMatchInlineSnapshot(
    `"odd, or allowed is at least 9 characters; found "c""`,
  );
  expect(textOf(z.union([z.literal('a'), z.literal('b')]), 'c')).toMatchInlineSnapshot(
    `"allowed is "a", "b"; found "c""`,
  );
});

test('says which words may stand at a fork', () => {
  const fork = z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('claim') }),
    z.strictObject({ do: z.literal('release') }),
  ]);
  expect(textOf(fork, { do: 'dance' })).toMatchInlineSnapshot(`"/do: ; found "dance""`);
});

test('an error of the schema’s own is no problem of the document', () => {
  const broken = z.string().refine(() => {
    throw new TypeError('a mistake of ours');
  });
  expect(() => check(broken, 'x')).toThrow('a mistake of ours');
  expect(() => describeFound(1n)).toThrow(TypeError);
});

test('writes places as JSON pointers, RFC 6901', () => {
  expect(toPointer([])).toBe('');
  expect(toPointer(['a/b', 0, 'c~d'])).toBe('/a~1b/0/c~0d');
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  ['x', '"x"'],
  [{ a: 1 }, '{"a":1}'],
  ['x'.repeat(100), `"${'x'.repeat(59)}…`],
  [Symbol.iterator, 'symbol'],
])('shows %s as found', (found, text) => {
  expect(describeFound(found)).toBe(text);
});

test('writes one line per problem', () => {
  const result = refused(problem('x', '', 1, 'allowed is 2'), problem('y', '/a', undefined, 'allowed is 3'));
  expect(describeProblems(result.problems)).toBe('found 1; allowed is 2\n/a: found nothing; allowed is 3');
  expect(ok(1)).toEqual({ ok: true, value: 1 });
});
