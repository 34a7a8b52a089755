// The schema that the editor checks with while one types.
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { ruleJsonSchema } from './rule-schema.ts';

const EXAMPLES = ['traffic/queue-relief', 'lighting/motion-lift', 'waste/compact'];
const accepts = new Ajv({ strict: false, validateFormats: false }).compile(ruleJsonSchema);

it.each(EXAMPLES)('accepts %s as its author wrote it', (name) => {
  const file = new URL(`../../../examples/rules/${name}.json`, import.meta.url);
  expect(accepts(JSON.parse(readFileSync(file, 'utf8')))).toBe(true);
});

it('refuses what is not a rule', () => {
  expect(accepts({ id: 'traffic/x', title: 'No scope' })).toBe(false);
});
