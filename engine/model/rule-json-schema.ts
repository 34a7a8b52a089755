// The rules' JSON Schema, for editors and documentation, made from the schema that the engine checks with.
import { z } from 'zod';

import { FACTS } from './facts.ts';
import { OPERATOR_NOTES } from './operators.ts';
import { POINTS } from './points.ts';
import { PROPERTIES } from './properties.ts';
import { ruleSchema } from './rule.ts';
import { typeInWords } from './value.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Words that complete what is being typed, with what each means. */
interface Words {
  words: Readonly<Record<string, string>>;
  /** True when no other word can be right; else assets of the city may bring their own. */
  isAll: boolean;
}

/**
 * Draft 7, as Monaco reads it. As an author writes a rule: what has a default may be left out. Facts, operators, points
 * and types that the model knows are enumerated for completion.
 */
export function ruleJsonSchema(): JsonSchema {
  return z.toJSONSchema(ruleSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => complete(jsonSchema),
  });
}

/** Puts the enumeration in place of our own keyword `completes`. */
function complete(schema: JsonSchema): void {
  const { completes } = schema;
  delete schema['completes'];
  const known = typeof completes === 'string' ? COMPLETIONS[completes] : undefined;
  if (!known) return;
  const enumeration = { enum: Object.keys(known.words), enumDescriptions: Object.values(known.words) };
  if (known.isAll) Object.assign(schema, enumeration);
  else schema.anyOf = [enumeration, { type: 'string' }];
}

const COMPLETIONS: Readonly<Record<string, Words>> = {
  facts: { words: factWords(), isAll: false },
  operators: {
    words: Object.fromEntries(Object.entries(OPERATOR_NOTES).map(([name, { description }]) => [name, description])),
    isAll: true,
  },
  points: { words: pointWords(), isAll: false },
  types: {
    words: Object.fromEntries(
      Object.entries(POINTS).map(([type, points]) => [type, `points: ${Object.keys(points).join(', ')}`]),
    ),
    isAll: false,
  },
};

function factWords(): Record<string, string> {
  const properties = Object.entries(PROPERTIES).map(([name, { description, value }]) => [
    name,
    `${description}: ${typeInWords(value)}`,
  ]);
  const others = Object.entries(FACTS).map(([name, { description, value }]) => [
    name,
    value ? `${description}: ${typeInWords(value)}` : description,
  ]);
  return { ...Object.fromEntries(properties), ...Object.fromEntries(others) };
}

function pointWords(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(POINTS).flatMap(([type, points]) =>
      Object.entries(points).map(([name, { value }]) => [name, `${type}: ${typeInWords(value)}`]),
    ),
  );
}
