// The generated documentation: as the code says, and every example on the field contract's page valid.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { assetSchema } from '../engine/model/asset.ts';
import { check } from '../engine/model/check.ts';
import { ackSchema, causeSchema, channelSchema } from '../engine/model/field.ts';
import {
  ACCESS_PAGE,
  FIELD_CONTRACT_PAGE,
  FIELD_SCHEMAS,
  jsonSchemaOf,
  schemaFile,
  withParts,
  withPermissions,
  withTables,
} from './build-docs.ts';
import { ruleParts, RULES_PAGE } from './rule-docs.ts';

const page = readFileSync(FIELD_CONTRACT_PAGE, 'utf8');
const schemas = [...FIELD_SCHEMAS];
const schemaOf = (name = '') => FIELD_SCHEMAS.get(name)!;
const examples = [...page.matchAll(/^```json (\w+)\n([^]*?)^```$/gm)].map(([, name, text]) => ({
  name: name ?? '',
  value: JSON.parse(text ?? ''),
}));
const shell = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text]) => text).join('\n');

/** A message from the commands with its variables filled in. */
const filled = (text: string) =>
  text
    .replaceAll('\\"', '"')
    .replaceAll('$(now)', '2026-11-22T10:00:00Z')
    .replaceAll('$COMMAND_ID', 'urn:ngsi-ld:Bollard:quay-1#position:1')
    .replaceAll('$SEQUENCE', '1');

/** Tables are aligned by the formatter: compare them without their spaces and rulers. */
const plain = (text: string): string => text.replaceAll(/-{3,}/g, '---').replaceAll(/\s+/g, ' ');

test.each(schemas)('%s.schema.json is what the code says (node scripts/build-docs.ts)', (name, schema) => {
  expect(JSON.parse(readFileSync(schemaFile(name), 'utf8'))).toEqual(jsonSchemaOf(name, schema));
});

test('the tables of properties and points are what the code says (node scripts/build-docs.ts)', () => {
  expect(plain(page)).toBe(plain(withTables(page)));
});

test('the table of permissions is what the code says (node scripts/build-docs.ts)', () => {
  const access = readFileSync(ACCESS_PAGE, 'utf8');
  expect(plain(access)).toBe(plain(withPermissions(access)));
});

test('the page of rules is what the code says (node scripts/build-docs.ts)', () => {
  const rules = readFileSync(RULES_PAGE, 'utf8');
  expect(plain(rules)).toBe(plain(withParts(rules, ruleParts())));
});

test('every field on the page of rules is explained', () => {
  const rows = readFileSync(RULES_PAGE, 'utf8').match(/^\| `.*\|$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

test('a page without the place for a part says so', () => {
  expect(() => withParts('# Rules', { rule: 'x' })).toThrow('the page has no place for rule');
});

describe('every message on the page', () => {
  test('there is one of each', () => {
    expect(new Set(examples.map(({ name }) => name))).toEqual(
      new Set(['telemetry', 'command', 'ack', 'report', 'status']),
    );
  });

  test.each(examples)('$name is valid, for the code and for its JSON Schema', ({ name, value }) => {
    expect(check(schemaOf(name), value)).toMatchObject({ ok: true });
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(jsonSchemaOf(name, schemaOf(name)));
    expect({ valid: validate(value), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });
});

test('every asset document in the commands is accepted', () => {
  const documents = [...shell.matchAll(/<<'END'\n([^]*?)^END$/gm)].map(([, text]) => JSON.parse(text ?? ''));
  expect(documents).toHaveLength(2);
  for (const document of documents) expect(check(assetSchema, document)).toMatchObject({ ok: true });
});

test('every message in the commands is valid once its variables are filled in', () => {
  const said = [...shell.matchAll(/^say (\w+) "(\{.*\})"/gm)].map(([, channel, text]) => ({ channel, text }));
  const published = [...shell.matchAll(/quay-gauge\/(\w+) \\\n\s+-m "(\{.*\})"/g)].map(([, channel, text]) => ({
    channel,
    text,
  }));
  expect(said.length + published.length).toBe(7);
  for (const { channel, text } of [...said, ...published]) {
    expect(check(schemaOf(channel), JSON.parse(filled(text ?? '')))).toMatchObject({ ok: true });
  }
});

test('every channel, result and cause is explained', () => {
  const words = [...channelSchema.options, ...ackSchema.shape.result.options, ...causeSchema.options];
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(words.filter((word) => !rows.some((row) => row.startsWith(`| \`${word}\``)))).toEqual([]);
});
