// What can never hold across nesting: found exactly where no values of the facts make the whole conditions true.
import { array, assert, constantFrom, letrec, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Condition, NamedCondition } from '../../model/rule.ts';
import { NamedConditions } from '../named-conditions.ts';
import { compare } from '../operators.ts';
import { checkRule } from '../parse-rule.ts';
import { createRuleCatalogue } from './catalogue.ts';
import { checkComparison } from './comparison.ts';
import { Findings, type Checking } from './findings.ts';
import { canHold, formulaOf } from './formula.ts';
import { everyPart, readPart } from './part.ts';

const over = (value: number, fact = 'occupancy'): Condition => ({ fact, operator: 'greaterThan', value });
const under = (value: number, fact = 'occupancy'): Condition => ({ fact, operator: 'lessThan', value });
const named = (name: string, conditions: Condition): NamedCondition => ({
  id: `lighting/${name}`,
  name,
  title: name,
  conditions,
});
const CATALOGUE = createRuleCatalogue({
  assets: [],
  conditions: [
    named('low', { any: [under(0.2), { all: [under(0.3), over(0.5, 'fillingLevel')] }] }),
    named('lowOrDark', { any: [under(0.2), under(10, 'illuminance')] }),
  ],
});

function problemsOf(parts: Record<string, unknown>): string[] {
  const rule = { id: 'lighting/q', title: 'Q', scope: { type: 'Streetlight' }, actions: [{ point: 'level', set: 1 }] };
  const checked = checkRule({ ...rule, ...parts }, CATALOGUE);
  return checked.ok ? [] : checked.problems.map(({ code, path }) => `${code} ${path}`);
}

describe('alternatives are judged together with what stands around them:', () => {
  test.each<[string, Condition, string[]]>([
    [
      'each alternative that can never be the one that holds',
      { all: [over(0.5), { any: [under(0.3), under(0.2)] }] },
      ['rule-contradiction /conditions/all/1/any/0', 'rule-contradiction /conditions/all/1/any/1'],
    ],
    [
      'also where it stands before what it disagrees with',
      { all: [{ any: [under(0.3), over(1, 'fillingLevel')] }, over(0.5)] },
      ['rule-contradiction /conditions/all/0/any/0', 'rule-never /conditions/all/0/any/1'],
    ],
    [
      'several demands within one alternative',
      { all: [over(0.5), { any: [{ all: [under(0.1), over(0.5, 'fillingLevel')] }, over(0.7)] }] },
      ['rule-contradiction /conditions/all/1/any/0/all/0'],
    ],
    [
      'the opposite of several that must all hold',
      { all: [over(0.5), { not: { all: [over(0.3), over(0.4)] } }] },
      ['rule-contradiction /conditions/all/1/not/all/0', 'rule-contradiction /conditions/all/1/not/all/1'],
    ],
    [
      'two lists of alternatives that have none in common',
      {
        all: [
          { any: [under(0.2), over(0.8)] },
          { any: [{ all: [over(0.3), under(0.4)] }, { all: [over(0.5), under(0.6)] }] },
        ],
      },
      ['rule-contradiction /conditions/all/1'],
    ],
    [
      'a named condition of which no alternative can hold',
      { all: [over(0.5), { condition: 'low' }] },
      ['rule-contradiction /conditions/all/1'],
    ],
    ['not a named condition of which one alternative can', { all: [over(0.5), { condition: 'lowOrDark' }] }, []],
    ['nothing where every alternative can hold', { all: [over(0.5), { any: [under(0.7), under(0.8)] }] }, []],
  ])('%s', (_, conditions, expected) => {
    expect(problemsOf({ conditions })).toEqual(expected);
  });

  test('says of lists of alternatives which they are', () => {
    const conditions = { all: [over(0.5), { condition: 'low' }] };
    const rule = { id: 'lighting/q', title: 'Q', scope: { type: 'X' }, actions: [{ point: 'level', set: 1 }] };
    const checked = checkRule({ ...rule, conditions }, CATALOGUE);
    expect(checked.ok ? [] : checked.problems[0]).toMatchObject({
      found: '"occupancy lessThan 0.2 or occupancy lessThan 0.3 and fillin…',
      allowed: 'whichever of them holds, it can never be true together with what else must hold there',
    });
  });
});

/** Problems of a table with these cells. */
const table = (when: unknown[][], hit = 'first') =>
  problemsOf({
    table: {
      hit,
      columns: [
        { fact: 'occupancy', operator: 'greaterThan' },
        { fact: 'motion', operator: 'equal' },
      ],
      rows: when.map((cells) => ({ when: cells })),
    },
  });

describe('a row of a "first" table for which earlier rows leave no case is refused:', () => {
  test.each<[string, unknown[][], string[]]>([
    [
      'the same row twice',
      [
        [0.3, true],
        [0.3, true],
      ],
      ['rule-table /table/rows/1/when'],
    ],
    [
      'a narrower one later',
      [
        [0.3, null],
        [0.5, true],
      ],
      ['rule-table /table/rows/1/when'],
    ],
    [
      'one that two earlier ones cover together',
      [
        [0.3, true],
        [0.3, false],
        [0.5, null],
      ],
      ['rule-table /table/rows/2/when'],
    ],
    [
      'otherwise, where nothing is left',
      [
        [0.3, true],
        [null, true],
        [null, false],
        [null, null],
      ],
      ['rule-table /table/rows/3/when'],
    ],
    [
      'not a narrower one first',
      [
        [0.5, null],
        [0.3, true],
      ],
      [],
    ],
    [
      'not one that may still apply',
      [
        [0.3, true],
        [0.3, null],
        [null, true],
      ],
      [],
    ],
    [
      'not one after a row that cannot be read',
      [
        [0.3, {}],
        [0.3, true],
      ],
      ['schema /table/rows/0/when/1/fact'],
    ],
  ])('%s', (_, when, expected) => {
    expect(table(when)).toEqual(expected);
  });

  test('every row of a "collect" table applies by itself', () => {
    expect(
      table(
        [
          [0.3, true],
          [0.5, true],
        ],
        'collect',
      ),
    ).toEqual([]);
  });
});

describe('the search', () => {
  const checking: Checking = {
    catalogue: CATALOGUE,
    findings: new Findings(),
    department: 'lighting',
    subject: undefined,
    names: new NamedConditions([]).of('lighting'),
  };
  const formula = (conditions: Condition, isNegated = false) => {
    const part = readPart(conditions, '');
    const comparisons = [...everyPart(part)].filter((one) => one.kind === 'comparison');
    const constraints = new Map(comparisons.map((one) => [one, checkComparison(one.comparison, one.path, checking)]));
    return formulaOf(part, { checking, constraints, areNamesSound: true }, isNegated);
  };

  interface Values {
    occupancy: number;
    fillingLevel: number;
  }
  const holds = (condition: Condition, values: Values): boolean => {
    if ('all' in condition) return condition.all.every((one) => holds(one, values));
    if ('any' in condition) return condition.any.some((one) => holds(one, values));
    if ('not' in condition) return !holds(condition.not, values);
    if ('condition' in condition || typeof condition.value !== 'number') throw new Error('not in this test');
    const found = condition.fact === 'occupancy' ? values.occupancy : values.fillingLevel;
    return compare(condition.operator, found, condition.value) === true;
  };
  const grid = Array.from({ length: 21 }, (_, index) => index / 20);
  const all: Values[] = grid.flatMap((occupancy) => grid.map((fillingLevel) => ({ occupancy, fillingLevel })));

  test('finds that conditions or their opposite can hold exactly where some values make them so', () => {
    const { condition } = letrec<{ condition: Condition }>((tie) => ({
      condition: oneof(
        { depthSize: 'small', maxDepth: 3 },
        record({
          fact: constantFrom('occupancy', 'fillingLevel'),
          operator: constantFrom('lessThan', 'greaterThan', 'lessThanInclusive', 'equal', 'notEqual'),
          value: constantFrom(0, 0.2, 0.5, 0.8, 1),
        }),
        record({ all: array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
        record({ any: array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
        record({ not: tie('condition') }),
      ),
    }));
    assert(
      property(condition, (one) => {
        expect(canHold(formula(one))).toBe(all.some((values) => holds(one, values)));
        expect(canHold(formula(one, true))).toBe(all.some((values) => !holds(one, values)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('gives up on what has too many combinations, in good time, and lets it pass', () => {
    const any = Array.from({ length: 60 }, (_, index) => ({
      all: [over(index / 100), under(index / 100 + 0.005), over(index / 100, 'fillingLevel')],
    }));
    const apart = Array.from({ length: 60 }, (_, index) => ({
      all: [over(index / 100 + 0.005), under(index / 100 + 0.01), over(index / 100, 'fillingLevel')],
    }));
    const started = performance.now();
    expect(canHold(formula({ all: [{ any }, { any: apart }] }))).toBe(true);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
