// Rules as text.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { ruleText } from './rule-text.ts';

const example = readFileSync(new URL('../../../examples/rules/traffic/queue-relief.json', import.meta.url), 'utf8');

it('keeps what fits on one line and opens the rest up', () => {
  const rule = { id: 'a/b', scope: { type: 'Bridge', ids: [] }, actions: [{ note: 'x'.repeat(90) }, {}] };
  expect(ruleText(rule)).toBe(`{
  "id": "a/b",
  "scope": { "type": "Bridge", "ids": [] },
  "actions": [
    {
      "note": "${'x'.repeat(90)}"
    },
    {}
  ]
}
`);
});

it('reads back as the same value', () => {
  expect(JSON.parse(ruleText(JSON.parse(example)))).toEqual(JSON.parse(example));
  expect(ruleText(null)).toBe('null\n');
});

it('writes no line longer than it must', () => {
  expect(
    Math.max(
      ...ruleText(JSON.parse(example))
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(102);
});
