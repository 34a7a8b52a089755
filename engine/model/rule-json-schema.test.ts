// The rules' JSON Schema: says what the engine's own schema says, and helps while one types.
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';

import { check } from './check.ts';
import { FACT_NAMES } from './facts.ts';
import { operatorChoices } from './operators.ts';
import { POINTS } from './points.ts';
import { PROPERTIES } from './properties.ts';
import { ruleJsonSchema } from './rule-json-schema.ts';
import { ruleSchema } from './rule.ts';

const schema = ruleJsonSchema();
const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema);
const rule = {
  id: 'lighting/lift',
  title: 'Lift',
  scope: { type: 'Streetlight' },
  conditions: { all: [{ fact: 'motion', operator: 'equal', value: true }, { condition: 'lighting/dark' }] },
  actions: [{ point: 'level', atLeast: 0.8 }],
};

/** Every schema within the schema. */
function* partsOf(part: unknown): Generator<Record<string, unknown>> {
  if (typeof part !== 'object' || part === null) return;
  if (!Array.isArray(part)) yield { ...part };
  for (const inner of Object.values(part)) yield* partsOf(inner);
}
const enumerations = [...partsOf(schema)].flatMap((part) => (Array.isArray(part['enum']) ? [part] : []));

test('it is draft 7, which Monaco reads', () => {
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
});

test.each([
  ['the rule', rule, true],
  ['a fact that only some asset reports', { ...rule, conditions: { fact: 'tilt', operator: 'equal', value: 1 } }, true],
  ['an unknown operator', { ...rule, conditions: { fact: 'motion', operator: 'is', value: 1 } }, false],
  [
    'an operator with decorators',
    { ...rule, conditions: { fact: 'x', operator: 'not:swap:lessThan', value: 1 } },
    true,
  ],
  ['an unknown decorator', { ...rule, conditions: { fact: 'x', operator: 'is:not:equal', value: 1 } }, false],
  ['an empty all', { ...rule, conditions: { all: [] } }, false],
  ['an unknown field', { ...rule, priority: 1 }, false],
  ['no actions', { ...rule, actions: [] }, false],
])('judges %s: %j is %j', (_, document, isRight) => {
  expect(accepts(document)).toBe(isRight);
  // Only operators does it know better than the engine's schema; the engine's check names those.
  expect(check(ruleSchema, document).ok).toBe(isRight || JSON.stringify(document).includes('"is'));
});

test.each([
  ['facts', [...Object.keys(PROPERTIES), ...FACT_NAMES]],
  ['operators', Object.keys(operatorChoices())],
  ['points', Object.values(POINTS).flatMap(Object.keys)],
  ['types', Object.keys(POINTS)],
])('enumerates %s for completion, each with an explanation', (_, words) => {
  const found = enumerations.find((part) => JSON.stringify(part['enum']) === JSON.stringify(words));
  expect(found?.['enumDescriptions']).toHaveLength(words.length);
});

/** A part of the schema, or what it refers to. */
function referred(part: Record<string, unknown>): Record<string, unknown>[] {
  const [inner] = Array.isArray(part['allOf']) ? part['allOf'] : [];
  const reference: unknown = part['$ref'] ?? Object(inner)['$ref'];
  if (typeof reference !== 'string') return [part];
  return [part, Object(schema['definitions'])[reference.replace('#/definitions/', '')]];
}

test('every field at any depth has a title and a description, of its own or of what it refers to', () => {
  const fields = [...partsOf(schema)].flatMap(({ properties }) => Object.entries<object>(Object(properties)));
  const bare = (word: string): string[] =>
    fields.flatMap(([name, field]) => (referred({ ...field }).some((part) => word in Object(part)) ? [] : [name]));
  expect([bare('title'), bare('description')]).toEqual([[], []]);
  expect(fields.length).toBeGreaterThan(100);
});

test('no word of our own is left in it', () => {
  expect(JSON.stringify(schema)).not.toContain('completes');
});
