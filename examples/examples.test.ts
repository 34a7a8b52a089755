// Every document under examples/ is one that Signalbox would accept.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { checkInterlock, checkNamedCondition, checkRule, createRuleCatalogue } from '../engine/index.ts';
import { assetSchema } from '../engine/model/asset.ts';
import { check } from '../engine/model/check.ts';
import { interlockSchema } from '../engine/model/interlock.ts';
import { departmentOf, namedConditionSchema, ruleSchema } from '../engine/model/rule.ts';

const read = (pattern: string): unknown[] =>
  globSync(pattern, { cwd: import.meta.dirname }).map((path) =>
    JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')),
  );

const KINDS: Record<string, z.ZodType<{ id: string }>> = {
  rules: ruleSchema,
  'real-times': ruleSchema,
  conditions: namedConditionSchema,
  interlocks: interlockSchema,
};

describe.each(Object.entries(KINDS))('%s', (kind, schema) => {
  const folder = join(import.meta.dirname, kind);
  const files = globSync('*/*.json', { cwd: folder });

  test('exist', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  test.each(files)('%s is accepted, and its id is its place', (file) => {
    const result = check(schema, JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(result).toMatchObject({ ok: true });
    if (!result.ok) return;
    expect(result.value.id).toBe(`${dirname(file)}/${basename(file, '.json')}`);
    expect(departmentOf(result.value.id)).toBe(dirname(file));
  });
});

describe('the engine', () => {
  const assets = read('harbourton/assets/*.json').flatMap((list) => assetSchema.array().parse(list));
  const conditions = read('conditions/*/*.json').map((body) => namedConditionSchema.parse(body));
  const catalogue = createRuleCatalogue({ assets, conditions });
  const isSound = { ok: true, warnings: [] };

  test('finds nothing in the rules that cannot work in Harbourton', () => {
    for (const rule of read('{rules,real-times}/*/*.json')) expect(checkRule(rule, catalogue)).toMatchObject(isSound);
  });

  test('finds nothing in the named conditions and interlocks that cannot work', () => {
    for (const one of conditions) expect(checkNamedCondition(one, catalogue)).toMatchObject(isSound);
    for (const one of read('interlocks/*/*.json')) expect(checkInterlock(one, catalogue)).toMatchObject(isSound);
  });
});
