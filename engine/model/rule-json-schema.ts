// The rules' JSON Schema, for editors and documentation, made from the schema that the engine checks with.
import { z } from 'zod';

import { FACTS } from './facts.ts';
import { operatorChoices, OPERATOR_PATTERN } from './operators.ts';
import { POINTS } from './points.ts';
import { PROPERTIES } from './properties.ts';
import { ruleSchema } from './rule.ts';
import { typeInWords } from './value.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Words that complete what is being typed, with what each means. */
interface Words {
  words: Readonly<Record<string, string>>;
  /** The form of every other word that may be right; without it any, because assets of the city may bring their own. */
  pattern?: string;
}

/**
 * Draft 7, as Monaco reads it. As an author writes a rule: what has a default may be left out. Facts, operators, points
 * and types that the model knows are enumerated for completion. Every field has a title.
 */
export function ruleJsonSchema(): JsonSchema {
  const schema = ruleForm();
  giveTitles(schema);
  return schema;
}

/** The same without titles that only repeat a field's name: for the page of documentation, which names fields anyway. */
export function ruleForm(): JsonSchema {
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
  schema.anyOf = [enumeration, { type: 'string', ...(known.pattern === undefined ? {} : { pattern: known.pattern }) }];
}

/** Titles for all fields within a part of a schema that have none, from their names. */
function giveTitles(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [name, field] of Object.entries<JsonSchema>(Object(Reflect.get(part, 'properties'))))
    if (field.$ref === undefined) field.title ??= titleOf(name);
  for (const inner of Object.values(part)) giveTitles(inner);
}

/** A field's name in words: `Max per hour`. */
const titleOf = (name: string): string => {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

const COMPLETIONS: Readonly<Record<string, Words>> = {
  facts: { words: factWords() },
  operators: { words: operatorChoices(), pattern: OPERATOR_PATTERN },
  points: { words: pointWords() },
  types: {
    words: Object.fromEntries(
      Object.entries(POINTS).map(([type, points]) => [type, `points: ${Object.keys(points).join(', ')}`]),
    ),
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
