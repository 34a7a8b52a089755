// Every document under examples/ is one that Signalbox would accept.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { check } from '../engine/model/check.ts';
import { interlockSchema } from '../engine/model/interlock.ts';
import { departmentOf, namedConditionSchema, ruleSchema } from '../engine/model/rule.ts';

const KINDS: Record<string, z.ZodType<{ id: string }>> = {
  rules: ruleSchema,
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
