// Writes what the documentation takes from the code: JSON Schemas, the tables of the field contract, the page of rules. `node scripts/build-docs.ts`
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { roleSchema, ROLES_FOR } from '../engine/model/actor.ts';
import { assetSchema } from '../engine/model/asset.ts';
import { ackSchema, fieldCommandSchema, reportSchema, statusSchema, telemetrySchema } from '../engine/model/field.ts';
import { POINTS } from '../engine/model/points.ts';
import { PROPERTIES } from '../engine/model/properties.ts';
import { knownUnitsFor } from '../engine/model/units.ts';
import type { ValueType } from '../engine/model/value.ts';
import { code, replaceBetween, table } from './markdown.ts';
import { ruleParts, RULES_PAGE } from './rule-docs.ts';

const DOCS = join(import.meta.dirname, '../docs');
/** The page with the generated tables. */
export const FIELD_CONTRACT_PAGE = join(DOCS, 'field-contract.md');

/** The page of permissions. */
export const ACCESS_PAGE = join(DOCS, 'access.md');

/** Every schema of the field contract, by the name of its file and of its examples on the page. */
export const FIELD_SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['telemetry', telemetrySchema],
  ['command', fieldCommandSchema],
  ['ack', ackSchema],
  ['report', reportSchema],
  ['status', statusSchema],
  ['asset', assetSchema],
]);

/** Path of one schema's file. */
export const schemaFile = (name: string): string => join(DOCS, 'field-contract', `${name}.schema.json`);

/** A schema as JSON Schema (draft 2020-12), seen from the sender: what has a default may be left out. */
export function jsonSchemaOf(name: string, schema: z.ZodType): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, title: `Signalbox field contract v1: ${name}`, ...rest };
}

/** The field contract's text with fresh tables between its markers. Throws when a marker is missing. */
export const withTables = (page: string): string =>
  withParts(page, { properties: propertyTable(), points: pointTable() });

/** A page's text with fresh parts between its markers, by name. Throws when a marker is missing. */
export const withParts = (page: string, parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts).reduce((text, [name, part]) => replaceBetween(text, name, part), page);

/** The page of permissions with a fresh table between its markers. Throws when a marker is missing. */
export const withPermissions = (page: string): string => withParts(page, { permissions: permissionTable() });

/** One row per verb, one column per role. */
const permissionTable = (): string =>
  table(
    ['may', ...roleSchema.options],
    Object.entries(ROLES_FOR)
      .filter(([, roles]) => roles.length > 0)
      .map(([verb, roles]) => [code(verb), ...roleSchema.options.map((role) => (roles.includes(role) ? 'yes' : ''))]),
  );

const propertyTable = (): string =>
  table(
    ['property', 'values', 'unit', 'other units', 'what it means'],
    Object.entries(PROPERTIES).map(([name, { description, value }]) => {
      const units = value.type === 'number' ? knownUnitsFor(value.unit) : [];
      return [`\`${name}\``, valuesOf(value), ...unitCells(units), description];
    }),
  );

const pointTable = (): string =>
  table(
    ['type', 'point', 'values', 'safe value', 'not sent after', 'proven within', 'proof'],
    Object.entries(POINTS).flatMap(([type, points]) =>
      Object.entries(points).map(([name, point]) => {
        const safe = typeof point.safe === 'object' ? 'release' : `\`${point.safe}\``;
        const meter =
          point.instrument && `report, and \`${point.instrument.property}\` = value × \`${point.instrument.per}\``;
        return [
          `\`${type}\``,
          `\`${name}\``,
          valuesOf(point.value),
          safe,
          point.notAfter,
          point.provenWithin,
          `${meter ?? 'report'}${point.endsItself ? '; the device ends it by itself' : ''}`,
        ];
      }),
    ),
  );

function valuesOf(value: ValueType): string {
  if (value.type === 'boolean') return '`true`, `false`';
  if (value.type === 'word') return value.words.map((word) => `\`${word}\``).join(', ');
  return `${value.min} to ${value.max}${value.integer ? ', whole' : ''}`;
}

function unitCells([own, ...others]: string[]): [string, string] {
  return [own === undefined ? '' : code(own), others.map(code).join(', ')];
}

function buildDocs(): void {
  for (const [name, schema] of FIELD_SCHEMAS)
    writeFileSync(schemaFile(name), `${JSON.stringify(jsonSchemaOf(name, schema), null, 2)}\n`);
  writeFileSync(FIELD_CONTRACT_PAGE, withTables(readFileSync(FIELD_CONTRACT_PAGE, 'utf8')));
  writeFileSync(RULES_PAGE, withParts(readFileSync(RULES_PAGE, 'utf8'), ruleParts()));
  writeFileSync(ACCESS_PAGE, withPermissions(readFileSync(ACCESS_PAGE, 'utf8')));
  const written = [...[...FIELD_SCHEMAS.keys()].map(schemaFile), FIELD_CONTRACT_PAGE, RULES_PAGE, ACCESS_PAGE];
  execFileSync('oxfmt', written, { stdio: 'inherit' });
}

if (import.meta.main) buildDocs();
