// Warnings, fixes, named conditions, interlocks, tables, size: what the hundred broken rules do not show.
import { performance } from 'node:perf_hooks';

import { describe, expect, test } from 'vitest';

import { assetSchema } from '../model/asset.ts';
import type { Problem } from '../model/result.ts';
import { CITY, SOUND } from './broken-rules.testsuite.ts';
import { createRuleCatalogue, type RuleCatalogue } from './check/catalogue.ts';
import { checkInterlock, checkNamedCondition, checkRule, parseRule } from './parse-rule.ts';

const EMPTY = createRuleCatalogue({ assets: [], conditions: [] });
const lines = (problems: readonly Problem[]): string[] =>
  problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);
const codes = (problems: readonly Problem[]): string[] => problems.map(({ code, path }) => `${code} ${path}`);

const press: object = JSON.parse(SOUND.press);
const level = { fact: 'fillingLevel', operator: 'greaterThan', value: 0.5 };
const warningsOf = (parts: object, catalogue: RuleCatalogue = CITY): string[] => {
  const checked = checkRule({ ...press, ...parts }, catalogue);
  expect(checked).toMatchObject({ ok: true });
  return lines(checked.warnings);
};
const problemsOf = (parts: object, catalogue: RuleCatalogue = CITY): string[] => {
  const checked = checkRule({ ...press, ...parts }, catalogue);
  return checked.ok ? [] : codes(checked.problems);
};

test('refuses values that need two people', () => {
  const parts = {
    id: 'traffic/flash',
    scope: { type: 'TrafficController' },
    conditions: { fact: 'controlMode', operator: 'equal', value: 'standby' },
  };
  const setting = (set: string) => problemsOf({ ...parts, actions: [{ point: 'functionalPosition', set }] });
  expect([setting('Dark'), setting('NormalControl')]).toEqual([['two-people /actions/0/set'], []]);
});

const reads = (name: string) => ({
  conditions: { fact: 'activation', params: { name }, operator: 'equal', value: 'active' },
});

describe('warns, and accepts all the same,', () => {
  test.each<[string, object, string]>([
    [
      'of a type without assets',
      { scope: { type: 'WasteContaner' }, conditions: level, actions: [{ point: 'compaction', set: 'idle' }] },
      'rule-no-assets /scope/type: found "WasteContaner"; the rule applies to 0 assets: there is no WasteContaner yet',
    ],
    [
      'of a scope in which no asset is',
      { scope: { type: 'WasteContainer', zone: 'nowhere' } },
      'rule-no-assets /scope: found {"type":"WasteContainer","zone":"nowhere"}; the rule applies to 0 assets: none of the 24 fits',
    ],
    [
      'of a zone in which no sensor is',
      {
        conditions: {
          fact: 'illuminance',
          params: { of: 'zone:pier/LightSensor', across: 'avg' },
          operator: 'lessThan',
          value: 9,
        },
      },
      'rule-no-assets /conditions/params/of: found "LightSensor"; there is no LightSensor in the zone pier yet',
    ],
    [
      'of a type near which nothing is',
      {
        conditions: {
          fact: 'illuminance',
          params: { of: 'near:9m/Lux', across: 'avg' },
          operator: 'lessThan',
          value: 9,
        },
      },
      'rule-no-assets /conditions/params/of: found "Lux"; there is no Lux yet',
    ],
    [
      'of an asset that does not exist',
      {
        conditions: { fact: 'no2', params: { of: 'urn:ngsi-ld:AirQualityStation:x' }, operator: 'lessThan', value: 9 },
      },
      'rule-no-assets /conditions/params/of: found "urn:ngsi-ld:AirQualityStation:x"; there is no such asset yet',
    ],
    [
      'of a property that no such asset reports',
      { conditions: { fact: 'illuminance', operator: 'lessThan', value: 9 } },
      'rule-unreported /conditions/fact: found "illuminance"; a WasteContainer does not say that it reports illuminance',
    ],
  ])('%s', (_, parts, warning) => {
    expect(warningsOf(parts)).toEqual([expect.stringContaining(warning)]);
  });

  test('of a rule that does not exist yet', () => {
    const catalogue = { ...CITY, rules: new Set(['waste/press', 'waste/collect']) };
    expect(warningsOf(reads('waste/press'), catalogue)).toEqual([]);
    expect(warningsOf(reads('waste/colect'), catalogue)).toEqual([
      'rule-no-rule /conditions/params/name: found "waste/colect"; there is no such rule yet; allowed is one of waste/collect, waste/press',
    ]);
    expect(warningsOf(reads('waste/unheard-of'))).toEqual([]);
  });

  test('of an "each" in which nobody is', () => {
    const lonely = assetSchema.parse({
      id: 'urn:ngsi-ld:WasteContainer:lonely',
      type: 'WasteContainer',
      title: 'Lonely',
      department: 'waste',
      relations: { lids: [] },
      reports: { fillingLevel: { every: '1 h' }, status: { every: '1 h' }, door: { every: '1 h' } },
      points: { compaction: {} },
      binding: { adapter: 'mqtt', device: 'lonely' },
    });
    const catalogue = createRuleCatalogue({ assets: [lonely], conditions: [] });
    expect(warningsOf({ scope: { type: 'WasteContainer', each: 'lids' } }, catalogue)).toEqual([
      'rule-no-assets /scope/each: found "lids"; the rule applies to 0 assets: none has any',
    ]);
  });

  test('with line and column, also where something else is wrong', () => {
    const text = SOUND.press.replace('"tag": "compactor"', '"tag": "nobodys"').replace('0.8', '80');
    expect(parseRule(text, CITY)).toMatchObject({
      ok: false,
      problems: [{ code: 'rule-value', line: 7, column: 78, fix: { value: 0.8 } }],
      warnings: [{ code: 'rule-no-assets', path: '/scope', line: 4, column: 3 }],
    });
  });
});

describe('says what was meant:', () => {
  test.each<[string, object, unknown]>([
    ['a share', { conditions: { ...level, value: 80 } }, 0.8],
    ['a share as text', { conditions: { ...level, value: '80%' } }, 0.8],
    ['a number as text', { conditions: { fact: 'temperature', operator: 'greaterThan', value: '60' } }, 60],
    ['another unit', { conditions: { fact: 'temperature', operator: 'greaterThan', value: '300 K' } }, 26.85],
    ['a truth value as text', { conditions: { fact: 'motion', operator: 'equal', value: 'false' } }, false],
    ['a word', { conditions: { fact: 'door', operator: 'equal', value: 'close' } }, 'closed'],
    ['a word with swapped letters', { conditions: { fact: 'door', operator: 'equal', value: 'colsed' } }, 'closed'],
    ['an operator of other languages', { conditions: { ...level, operator: '>' } }, 'greaterThan'],
    ['a list', { conditions: { fact: 'door', operator: 'in', value: 'open' } }, ['open']],
    ['an attribute', { actions: [{ point: 'compaction', set: { attribute: 'presAt' } }] }, 'pressAt'],
    ['a unit that nothing converts to', { conditions: { ...level, value: '5 lx' } }, undefined],
    ['nothing that would be in range', { conditions: { ...level, value: '900 %' } }, undefined],
    ['no word at all', { conditions: { fact: 'door', operator: 'equal', value: 1 } }, undefined],
    ['no number at all', { conditions: { ...level, value: 'full' } }, undefined],
  ])('%s', (_, parts, value) => {
    const checked = checkRule({ ...press, ...parts }, CITY);
    expect(checked.ok ? [] : checked.problems.map(({ fix }) => fix?.value)).toEqual([value]);
  });

  test('a relation before an attribute', () => {
    const text = SOUND.queue.replace('approach.reliefPlan', 'aproach.reliefPlan');
    expect(parseRule(text, CITY)).toMatchObject({ problems: [{ fix: { value: 'approach.reliefPlan' } }] });
  });
});

describe('judges what it can of a rule whose form is wrong elsewhere:', () => {
  test.each<[string, object, string[]]>([
    [
      'conditions beside a wrong action',
      { conditions: { ...level, value: 80 }, actions: [7] },
      ['schema /actions/0', 'rule-value /conditions/value'],
    ],
    [
      'a comparison with a field too many',
      { conditions: { ...level, value: 80, path: '$' } },
      ['rule-path /conditions/path', 'rule-value /conditions/value'],
    ],
    [
      'actions beside a wrong scope',
      { scope: 7, actions: [{ point: 'levl', set: 1 }] },
      ['schema /scope', 'rule-point /actions/0/point'],
    ],
    [
      'what stands beside something broken',
      { conditions: { all: [7, { ...level, value: 80 }] } },
      ['schema /conditions/all/0', 'rule-value /conditions/all/1/value'],
    ],
    [
      'both sides of nothing',
      { conditions: { not: 7 }, clear: { any: 'x' } },
      ['schema /conditions/not', 'schema /clear/any'],
    ],
    [
      'an id that is none',
      { id: 7, conditions: { ...level, value: 80 } },
      ['schema /id', 'rule-value /conditions/value'],
    ],
    [
      'actions that are no list',
      { actions: { point: 'x' }, clear: { ...level, value: 80 } },
      ['schema /actions', 'rule-value /clear/value'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(problemsOf(parts)).toEqual(expected);
  });

  test.each([[null], [7], ['rule'], [[]], [undefined]])('%j, which is no rule at all', (document) => {
    expect(checkRule(document, CITY)).toMatchObject({ ok: false, problems: [{ code: 'schema', path: '' }] });
  });
});

describe('what closes an order is judged like other conditions:', () => {
  const deep = Array.from({ length: 20_000 }).reduce<object>((inner) => ({ not: inner }), level);
  test.each<[string, unknown, string[]]>([
    ['as it should be', { ...level, operator: 'lessThan' }, []],
    ['a value out of range', { ...level, value: 80 }, ['rule-value /actions/0/done/value']],
    ['empty', { all: [] }, ['rule-empty /actions/0/done/all']],
    ['nested without end', deep, [`rule-depth /actions/0/done${'/not'.repeat(8)}`]],
  ])('%s', (_, done, expected) => {
    expect(problemsOf({ actions: [{ order: 'collection', done }] })).toEqual(expected);
  });

  test('also beside something else that is wrong with it', () => {
    expect(problemsOf({ actions: [{ order: 'collection', dueBy: 'soon', done: { ...level, value: 80 } }] })).toEqual([
      'schema /actions/0/dueBy',
      'rule-value /actions/0/done/value',
    ]);
  });
});

describe('of a city without assets', () => {
  test('nothing is refused for what nobody has yet', () => {
    const conditions = {
      fact: 'occupancy',
      params: { of: 'a/b' },
      operator: 'lessThan',
      value: { fact: 'attribute', params: { name: 'x', of: 'c' } },
    };
    const actions = [
      { point: 'level', of: 'lamps', atLeast: 0.5 },
      { point: 'compaction', set: { attribute: 'x' } },
      { point: 'compaction', set: { attribute: 'a.x' } },
    ];
    expect(problemsOf({ conditions, actions }, EMPTY)).toEqual([]);
  });

  test('the model’s own points and properties count', () => {
    expect(
      problemsOf({ conditions: { ...level, fact: 'tilt' }, actions: [{ point: 'level', set: 1 }] }, EMPTY),
    ).toEqual(['rule-fact /conditions/fact', 'rule-point /actions/0/point']);
  });
});

describe('facts that are narrowed down', () => {
  const of = { of: 'zone:river-path/WasteContainer' };
  test.each<[string, object, string[]]>([
    ['a sum has no limit above', { ...level, params: { window: '1 h', aggregate: 'sum' }, value: 40 }, []],
    [
      'a sum of shares is not below zero',
      { ...level, operator: 'lessThan', params: { window: '1 h', aggregate: 'sum' }, value: -1 },
      ['rule-value /conditions/value'],
    ],
    [
      'a sum of temperatures may be anything',
      { fact: 'temperature', operator: 'lessThan', params: { window: '1 h', aggregate: 'sum' }, value: -9_000 },
      [],
    ],
    [
      'a difference of shares is from -1 to 1',
      { ...level, params: { window: '1 h', aggregate: 'delta' }, value: 2 },
      ['rule-value /conditions/value'],
    ],
    [
      'a count is no share',
      { ...level, params: { ...of, across: 'count' }, value: -1 },
      ['rule-value /conditions/value'],
    ],
    [
      'a count of doors',
      { fact: 'door', operator: 'greaterThan', params: { window: '1 h', aggregate: 'count' }, value: 3 },
      [],
    ],
    [
      'a count is no word',
      { fact: 'door', operator: 'equal', params: { ...of, across: 'count' }, value: 'open' },
      ['rule-value /conditions/value'],
    ],
    [
      'all of words',
      { fact: 'door', operator: 'equal', params: { ...of, across: 'all' }, value: 'open' },
      ['rule-across /conditions/params/across'],
    ],
    [
      'the average of an attribute’s words',
      { fact: 'attribute', params: { ...of, name: 'material', across: 'avg' }, operator: 'lessThan', value: 1 },
      ['rule-attribute /conditions/params/name'],
    ],
    [
      'an attribute of another kind',
      { fact: 'attribute', params: { name: 'pressAt' }, operator: 'equal', value: 'full' },
      ['rule-value /conditions/value'],
    ],
    [
      'a property beside an attribute of another kind',
      { fact: 'door', operator: 'equal', value: { fact: 'attribute', params: { name: 'pressAt' } } },
      ['rule-operator-fit /conditions/value'],
    ],
    [
      'a list operator beside a fact',
      { fact: 'door', operator: 'in', value: { fact: 'door' } },
      ['rule-list /conditions/value'],
    ],
    ['a plain number beside a share', { ...level, value: { fact: 'queueLength' } }, ['rule-unit /conditions/value']],
    ['two of one unit', { ...level, value: { fact: 'batteryLevel' } }, []],
    ['a count beside a share', { ...level, params: { ...of, across: 'count' }, value: { fact: 'batteryLevel' } }, []],
  ])('%s', (_, conditions, expected) => {
    expect(problemsOf({ conditions })).toEqual(expected);
  });
});

describe('a named condition', () => {
  const dim = {
    id: 'lighting/dim',
    name: 'dim',
    title: 'Dim',
    conditions: { fact: 'illuminance', operator: 'lessThan', value: 50 },
  };
  const problemsIn = (parts: object) => {
    const checked = checkNamedCondition({ ...dim, ...parts }, CITY);
    return checked.ok ? [] : lines(checked.problems);
  };

  test('may replace its older version, use others, and read what any asset has', () => {
    expect(problemsIn({ id: 'lighting/dark', name: 'dark' })).toEqual([]);
    expect(
      problemsIn({
        conditions: {
          all: [
            { condition: 'dark' },
            { fact: 'occupancy', params: { of: 'detectors', across: 'max' }, operator: 'lessThan', value: 0.1 },
          ],
        },
      }),
    ).toEqual([]);
  });

  test('may have the name of another department’s, with a warning to those who have none', () => {
    expect(checkNamedCondition({ ...dim, id: 'traffic/dark', name: 'dark' }, CITY)).toMatchObject({
      ok: true,
      warnings: [
        {
          code: 'rule-name-shared',
          path: '/name',
          message:
            'found "dark"; lighting/dark has this name too: rules of departments without one of their own write the whole id, and are unknown until they do',
        },
      ],
    });
  });

  test('may not come back to itself, take a name twice, or compare what does not fit', () => {
    expect(problemsIn({ id: 'lighting/dark', name: 'dark', conditions: { not: { condition: 'dark' } } })).toEqual([
      'rule-circle /conditions/not/condition: found "dark"; it comes back to itself: lighting/dark → lighting/dark',
    ]);
    expect(problemsIn({ name: 'dark' })).toEqual([
      'rule-name-taken /name: found "dark"; lighting/dark has this name in the same department already',
    ]);
    expect(problemsIn({ conditions: { ...level, value: 80 }, name: '' })).toEqual([
      expect.stringContaining('schema /name'),
      'rule-value /conditions/value: found 80; allowed is a number from 0 to 1; 80 % is written 0.8',
    ]);
  });
});

describe('an interlock', () => {
  const closed = { fact: 'door', operator: 'equal', value: 'closed' };
  const interlock = {
    id: 'waste/x',
    title: 'X',
    scope: { type: 'WasteContainer' },
    point: 'compaction',
    requires: closed,
  };
  test.each<[string, object, string[]]>([
    ['as it should be', { values: ['compacting'] }, []],
    [
      'that names a condition',
      { requires: { all: [closed, { condition: 'dark' }] } },
      ['interlock-fact /requires/all/1'],
    ],
    ['that looks back', { requires: { ...level, params: { window: '1 h' } } }, ['interlock-fact /requires']],
    ['with decorators', { requires: { fact: 'door', operator: 'not:in', value: ['open'] } }, []],
    [
      'with decorators that fit no fact',
      { requires: { ...closed, operator: 'not:contains' } },
      ['rule-operator-fit /requires/operator'],
    ],
    [
      'that compares with another fact',
      { requires: { ...level, value: { fact: 'batteryLevel' } } },
      ['interlock-fact /requires'],
    ],
    ['of another department’s assets', { id: 'lighting/x' }, ['interlock-department /scope']],
    ['of a point that nobody has', { point: 'press' }, ['rule-point /point']],
    ['of a value that the point does not take', { values: ['idle', 'pressing'] }, ['rule-value /values/1']],
    [
      'of a wrong form',
      { scope: {}, requires: { ...level, value: 80 } },
      ['schema /scope/type', 'rule-value /requires/value'],
    ],
  ])('%s', (_, parts, expected) => {
    const checked = checkInterlock({ ...interlock, ...parts }, CITY);
    expect(checked.ok ? [] : codes(checked.problems)).toEqual(expected);
  });
});

test('cells of a table’s row that cannot hold together are refused where the later one stands', () => {
  const table = {
    hit: 'collect',
    columns: [
      { fact: 'fillingLevel', operator: 'greaterThan' },
      { fact: 'fillingLevel', operator: 'lessThan' },
      { condition: 'dark' },
      { condition: 'lighting/dark' },
    ],
    rows: [{ when: [0.5, 0.9, true, null] }, { when: [0.9, 0.5, null, null] }, { when: [null, 0.5, true, false] }],
  };
  expect(problemsOf({ conditions: undefined, table })).toEqual([
    'rule-contradiction /table/rows/1/when/1',
    'rule-contradiction /table/rows/2/when/3',
  ]);
});

test('of the alternatives inside a named condition one must be able to hold; which of them is that document’s affair', () => {
  const either = {
    any: [
      { ...level, value: 0.9 },
      { ...level, operator: 'lessThan', value: 0.1 },
    ],
  };
  const catalogue = { ...CITY, conditions: [{ id: 'waste/odd', name: 'odd', title: 'Odd', conditions: either }] };
  const beside = (value: number) =>
    problemsOf({ conditions: { all: [{ condition: 'odd' }, { ...level, operator: 'equal', value }] } }, catalogue);
  expect(beside(0.95)).toEqual([]);
  expect(beside(0.5)).toEqual(['rule-contradiction /conditions/all/0']);
});

test('names that cannot be followed are told once, and contradictions elsewhere all the same', () => {
  const all = [{ condition: 'drak' }, { ...level, value: 0.9 }, { ...level, operator: 'lessThan' }];
  expect(problemsOf({ conditions: { all } })).toEqual([
    'rule-condition /conditions/all/0/condition',
    'rule-contradiction /conditions/all/2',
  ]);
});

test('a rule is checked in less than 50 ms with 10,000 assets', () => {
  const assets = Array.from({ length: 10_000 }, (_, index) =>
    assetSchema.parse({
      id: `urn:ngsi-ld:Type${index % 50}:a${index}`,
      type: `Type${index % 50}`,
      title: 'A',
      department: 'waste',
      relations: { next: [`urn:ngsi-ld:Type${(index + 1) % 50}:a${index + 1}`] },
      attributes: { full: 0.9 },
      reports: { fillingLevel: { every: '1 min' }, status: { every: '1 min' } },
      points: {
        compaction: {
          value: { type: 'word', words: ['idle', 'compacting'] },
          safe: 'idle',
          afterDeath: 'stays',
          notAfter: '10 s',
          provenWithin: '10 s',
          tolerance: 0,
          endsItself: false,
        },
      },
      binding: { adapter: 'mqtt', device: 'd' },
    }),
  );
  const catalogue = createRuleCatalogue({ assets, conditions: CITY.conditions });
  const text = SOUND.press.replace('"type": "WasteContainer", "tag": "compactor"', '"type": "Type7"');
  const began = performance.now();
  const checked = parseRule(
    text.replace('"fillingLevel"', '"fillingLevel", "params": { "of": "next/next" }'),
    catalogue,
  );
  const tookMs = performance.now() - began;
  expect(checked).toMatchObject({ ok: true });
  expect(tookMs).toBeLessThan(50);
});
