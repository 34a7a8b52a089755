// What docs/rules.md takes from the code: fields, params, operators, facts, the grammar of "of", durations, examples.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DURATION_EXAMPLES, durationMs } from '../engine/model/duration.ts';
import { FACTS } from '../engine/model/facts.ts';
import { OF_FORMS } from '../engine/model/of.ts';
import { DECORATORS, operatorInWords, OPERATOR_NOTES } from '../engine/model/operators.ts';
import { PROPERTIES } from '../engine/model/properties.ts';
import { ruleForm, type JsonSchema } from '../engine/model/rule-json-schema.ts';
import { typeInWords } from '../engine/model/value.ts';
import { code, table } from './markdown.ts';

const ROOT = join(import.meta.dirname, '..');

/** The page about rules. */
export const RULES_PAGE = join(ROOT, 'docs/rules.md');

const TEST = ['properties', 'tests', 'items', 'properties'];

/** Every generated part of the page by the name of its markers. */
export function ruleParts(): Record<string, string> {
  const schema = ruleForm();
  const part = (...path: string[]) => fieldTable(at(schema, path), schema);
  return {
    rule: part(),
    scope: part('properties', 'scope'),
    comparison: fieldTable(comparisonOf(schema), schema),
    params: part('definitions', 'params'),
    actions: actionForms(schema),
    times: part('properties', 'times'),
    when: part('properties', 'when'),
    table: part('properties', 'table'),
    rows: part('properties', 'table', 'properties', 'rows', 'items'),
    tests: part('properties', 'tests', 'items'),
    given: part(...TEST, 'given', 'items'),
    expect: expectationParts(at(schema, [...TEST, 'expect', 'anyOf', '0']), schema),
    of: table(
      ['of', 'means'],
      Object.entries(OF_FORMS).map(([form, meaning]) => [code(form), meaning]),
    ),
    durations: DURATION_EXAMPLES.map((text) => `${code(text)} (${durationMs(text) / 1_000} s)`).join(', '),
    operators: operatorTable(),
    decorators: decoratorTable(),
    facts: factTable(),
    properties: propertyTable(),
    examples: examples(),
  };
}

const operatorTable = (): string =>
  table(
    ['operator', 'true when the fact …', 'compares'],
    Object.entries(OPERATOR_NOTES).map(([name, { description, compares }]) => [
      code(name),
      description,
      { numbers: 'numbers', list: 'with a list of values of one kind', 'same type': 'any two values of one kind' }[
        compares
      ],
    ]),
  );

/** Each decorator with an example, and what a sentence makes of that. */
const decoratorTable = (): string =>
  table(
    ['decorator', 'what it does', 'example', 'in words: the fact is …'],
    Object.entries(DECORATORS).map(([name, { description, example }]) => [
      code(`${name}:`),
      description,
      code(example),
      operatorInWords(example),
    ]),
  );

const factTable = (): string =>
  table(
    ['fact', 'what it is', 'values', 'params', 'changes', 'example'],
    Object.entries(FACTS).map(([name, fact]) => [
      code(name),
      fact.description,
      fact.value ? typeInWords(fact.value) : `those of the ${fact.names}`,
      [...(fact.names ? ['name'] : []), ...fact.takes].map(code).join(', '),
      fact.changes,
      code(JSON.stringify(fact.example)),
    ]),
  );

const propertyTable = (): string =>
  table(
    ['property', 'what it is', 'values'],
    Object.entries(PROPERTIES).map(([name, { description, value }]) => [code(name), description, typeInWords(value)]),
  );

function examples(): string {
  const files = globSync('examples/{conditions,rules}/*/*.json', { cwd: ROOT }).toSorted();
  return files
    .map((file) => `${code(file)}:\n\n\`\`\`json\n${readFileSync(join(ROOT, file), 'utf8').trim()}\n\`\`\``)
    .join('\n\n');
}

/** Each kind of action under its title. What it takes inside stands below it. */
function actionForms(schema: JsonSchema): string {
  const forms = at(schema, ['properties', 'actions', 'items']).anyOf ?? [];
  return forms
    .map((form) =>
      [`### ${form.title}`, form.description, fieldTable(form, schema), ...innerTables(form, schema)].join('\n\n'),
    )
    .join('\n\n');
}

/** The fields of what stands in the fields of a form without a title of its own (`notify`, `webhook`). */
const innerTables = (form: JsonSchema, root: JsonSchema): string[] =>
  Object.entries(form.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && field.properties && field.title === undefined
      ? [`In ${code(name)}:`, fieldTable(field, root)]
      : [],
  );

/** What a test expects, and what stands in each of its lists. */
function expectationParts(expectation: JsonSchema, root: JsonSchema): string {
  const lists = Object.entries(expectation.properties ?? {}).flatMap(([name, field]) => {
    const items = typeof field === 'object' && !Array.isArray(field.items) ? field.items : undefined;
    return typeof items === 'object' && items.properties ? [`Each of ${code(name)}:`, fieldTable(items, root)] : [];
  });
  return [fieldTable(expectation, root), ...lists].join('\n\n');
}

/** One row per field of an object: its name, what stands there, whether it must, what it means. */
function fieldTable(schema: JsonSchema, root: JsonSchema): string {
  const required = new Set(schema.required);
  return table(
    ['field', 'value', '', 'what it means'],
    Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const shape = typeof field === 'object' ? field : {};
      const preset = typeof shape.default === 'string' ? shape.default : JSON.stringify(shape.default);
      const byDefault = preset === undefined ? '' : `default ${code(preset)}`;
      return [
        code(name),
        valueOf(shape, root),
        required.has(name) ? 'required' : byDefault,
        shape.description ?? meaning(shape, root),
      ];
    }),
  );
}

const meaning = (schema: JsonSchema, root: JsonSchema): string => resolved(schema, root).description ?? '';

/** What stands at a field, in a few words: its title, its words, or its kind. */
function valueOf(schema: JsonSchema, root: JsonSchema): string {
  const shape = resolved(schema, root);
  if (shape.enum) return shape.enum.map((word) => code(String(word))).join(', ');
  if (shape.title !== undefined) return shape.title.toLowerCase();
  if (shape.anyOf) return [...new Set(shape.anyOf.map((one) => valueOf(one, root)))].join(' or ');
  if (shape.type === 'array') {
    const items = Array.isArray(shape.items) ? shape.items[0] : shape.items;
    return `list of ${typeof items === 'object' ? valueOf(items, root) : 'values'}`;
  }
  if (shape.type === 'object') return 'object';
  return shape.type === 'string' ? 'text' : String(shape.type ?? 'any value');
}

/** The schema itself, or what it refers to. */
function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema.$ref ?? schema.allOf?.map((one) => one.$ref).find((one) => one !== undefined);
  return reference === undefined ? schema : at(root, reference.split('/').slice(1));
}

/** The part of a schema at a path. Throws when there is none: then the page would miss it. */
function at(schema: JsonSchema, path: readonly string[]): JsonSchema {
  let here: unknown = schema;
  for (const step of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
  if (!isSchema(here)) throw new Error(`the rules' schema has no ${path.join('/')}`);
  return here;
}

const isSchema = (here: unknown): here is JsonSchema => typeof here === 'object' && here !== null;

/** The form of a condition that compares. */
function comparisonOf(schema: JsonSchema): JsonSchema {
  const forms = at(schema, ['definitions', 'condition']).anyOf ?? [];
  const found = forms.find(({ properties }) => properties && 'operator' in properties);
  if (!found) throw new Error('the rules’ schema has no comparison');
  return found;
}
