import { describe, expect, test } from 'vitest';

import { CITY, SOUND } from '../broken-rules.testsuite.ts';
import { checkInterlock, checkRule } from '../parse-rule.ts';

const press: Record<string, unknown> = JSON.parse(SOUND.press);
const fill = (operator: string, value: unknown) => ({ fact: 'fillingLevel', operator, value });
const door = (value: string) => ({ fact: 'door', operator: 'equal', value });
const warningsOf = (parts: object): string[] => {
  const { clear: _, ...others } = press;
  const checked = checkRule({ ...others, ...parts }, CITY);
  expect(checked).toMatchObject({ ok: true });
  return checked.warnings.map(({ code, path }) => `${code} ${path}`);
};

describe('conditions that are always true', () => {
  test.each<[string, object]>([
    ['the least that there is, and more', fill('greaterThanInclusive', 0)],
    ['one of all words', { fact: 'door', operator: 'in', value: ['open', 'closed'] }],
    ['alternatives that leave nothing out', { any: [fill('lessThan', 0.5), fill('greaterThan', 0.4)] }],
    ['the same by another fact', { any: [door('open'), { all: [door('closed'), fill('lessThanInclusive', 1)] }] }],
    ['what cannot be, turned round', { not: { all: [door('open'), door('closed')] } }],
  ])('are warned of: %s', (_, conditions) => {
    expect(warningsOf({ conditions })).toEqual(['rule-always /conditions']);
  });

  test.each<[string, object]>([
    ['a limit', fill('greaterThan', 0)],
    ['alternatives with a gap', { any: [fill('lessThan', 0.4), fill('greaterThan', 0.4)] }],
    ['a limit that is a fact', fill('lessThan', { fact: 'attribute', params: { name: 'fullAt' } })],
    ['more ways than are tried', { any: Array.from({ length: 9 }, () => ({ all: [door('open'), door('open')] })) }],
  ])('are not seen in %s', (_, conditions) => {
    expect(warningsOf({ conditions })).toEqual([]);
  });

  test('are warned of in an interlock too, which would never trip', () => {
    const interlock = {
      id: 'waste/door',
      title: 'Door',
      kind: 'permissive',
      scope: { type: 'WasteContainer' },
      point: 'compaction',
      values: ['compacting'],
      requires: { fact: 'door', operator: 'in', value: ['open', 'closed'] },
    };
    expect(checkInterlock(interlock, CITY).warnings).toMatchObject([{ code: 'rule-always', path: '/requires' }]);
  });
});

describe('a clear that can be true while the conditions are', () => {
  const either = { any: [fill('greaterThan', 0.8), door('open')] };

  test.each<[string, object, object]>([
    ['limits that lie the wrong way round', fill('greaterThan', 0.5), fill('lessThan', 0.7)],
    ['any where all is meant', either, { any: [fill('lessThan', 0.5), door('closed')] }],
  ])('is warned of: %s', (_, conditions, clear) => {
    expect(warningsOf({ conditions, clear })).toEqual(['rule-clear /clear']);
  });

  test.each<[string, object, object]>([
    ['hysteresis', fill('greaterThan', 0.7), fill('lessThan', 0.5)],
    ['all where it was any', either, { all: [fill('lessThan', 0.5), door('closed')] }],
    ['another fact, which the author knows', fill('greaterThan', 0.7), door('closed')],
    [
      'another look at the same fact',
      { ...fill('greaterThan', 0.5), params: { window: '1 min' } },
      fill('lessThan', 0.7),
    ],
  ])('is not seen in %s', (_, conditions, clear) => {
    expect(warningsOf({ conditions, clear })).toEqual([]);
  });
});
