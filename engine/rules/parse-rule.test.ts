// Rules that cannot work are refused when they are saved: every problem at once, with its place and what is allowed.
import { describe, expect, test } from 'vitest';

import { describeProblems, type Problem } from '../model/result.ts';
import type { Condition, NamedCondition } from '../model/rule.ts';
import { assetSchema } from '../model/asset.ts';
import { createRuleCatalogue } from './check/catalogue.ts';
import { checkRule, parseRule } from './parse-rule.ts';

const named = (id: string, name: string, conditions: Condition): NamedCondition => ({
  id,
  name,
  title: name,
  conditions,
});
const lamp = assetSchema.parse({
  id: 'urn:ngsi-ld:Streetlight:l1',
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  zone: 'river-path',
  relations: { cabinet: ['urn:ngsi-ld:StreetlightControlCabinet:c1'] },
  attributes: { nightLevel: 0.3, watts: 60, full: 0.9 },
  reports: { tilt: { every: '1 h' }, motion: { every: '1 h' } },
  points: {
    level: {},
    colour: {
      value: { type: 'word', words: ['warm', 'cold'] },
      safe: 'warm',
      afterDeath: 'stays',
      notAfter: '10 s',
      provenWithin: '10 s',
      tolerance: 0,
      endsItself: false,
    },
  },
  binding: { adapter: 'mqtt', device: 'c1' },
});
const CATALOGUE = createRuleCatalogue({
  assets: [lamp],
  conditions: [
    named('lighting/dark', 'dark', { fact: 'illuminance', operator: 'lessThan', value: 10 }),
    named('lighting/quiet', 'quiet', { fact: 'LAeq', operator: 'lessThan', value: 50 }),
  ],
});

const LIFT = {
  id: 'lighting/motion-lift',
  title: 'Somebody near',
  scope: { type: 'Streetlight', zone: 'river-path' },
  conditions: { all: [{ fact: 'motion', operator: 'equal', value: true }, { condition: 'dark' }] },
  actions: [{ point: 'level', atLeast: 0.8 }],
};

/** The rule with some parts replaced. */
const lift = (parts: Record<string, unknown>): string => JSON.stringify({ ...LIFT, ...parts });
/** The rule with one comparison as its conditions. */
const comparing = (comparison: Record<string, unknown>): string => lift({ conditions: { all: [comparison] } });

/** Code, place and message of each problem, a line each. */
function problemsOf(text: string, catalogue = CATALOGUE): string {
  const result = parseRule(text, catalogue);
  return result.ok ? 'accepted' : linesOf(result.problems);
}
const linesOf = (problems: readonly Problem[]): string =>
  problems.map((one) => `${one.code} ${describeProblems([one])}`).join('\n');

describe('accepts', () => {
  test.each([
    ['the rule as it is', lift({})],
    ['a property that an asset declares', comparing({ fact: 'tilt', operator: 'equal', value: 'steep' })],
    ['a point that an asset of the type declares', lift({ actions: [{ point: 'colour', set: 'warm' }] })],
    ['a point of somebody else', lift({ actions: [{ point: 'timePlan', of: 'cabinet', set: 3 }] })],
    [
      'an attribute with a name',
      comparing({ fact: 'attribute', params: { name: 'watts' }, operator: 'greaterThan', value: 5_000 }),
    ],
    [
      'a zone whose values become one',
      comparing({
        fact: 'occupancy',
        params: { of: 'zone:x/Detector', across: 'max' },
        operator: 'lessThan',
        value: 0.5,
      }),
    ],
    [
      'a fact beside a fact',
      comparing({ fact: 'occupancy', operator: 'lessThan', value: { fact: 'attribute', params: { name: 'full' } } }),
    ],
    ['a list of words', comparing({ fact: 'status', operator: 'notIn', value: ['burning', 'moved'] })],
    [
      'a count above the property’s range',
      comparing({
        fact: 'occupancy',
        params: { window: '1 h', aggregate: 'count' },
        operator: 'greaterThan',
        value: 30,
      }),
    ],
    [
      'a count across assets',
      comparing({
        fact: 'occupancy',
        params: { of: 'zone:x/Detector', across: 'count' },
        operator: 'greaterThan',
        value: 30,
      }),
    ],
    [
      'a fall, which is below zero',
      comparing({
        fact: 'occupancy',
        params: { window: '1 h', aggregate: 'delta' },
        operator: 'lessThan',
        value: -0.5,
      }),
    ],
    [
      'a sum above the property’s range',
      comparing({
        fact: 'precipitation',
        params: { window: '24 h', aggregate: 'sum' },
        operator: 'greaterThan',
        value: 600,
      }),
    ],
    [
      'an action that takes its value from an attribute',
      lift({ actions: [{ point: 'level', set: { attribute: 'nightLevel' } }] }),
    ],
    ['clear conditions', lift({ clear: { fact: 'motion', operator: 'equal', value: false } })],
    ['the opposite of an operator', comparing({ fact: 'status', operator: 'not:in', value: ['burning', 'moved'] })],
    ['each of several values', comparing({ fact: 'tilt', operator: 'everyValue:greaterThan', value: [1, 2] })],
    [
      'a value that looks for the fact in a list',
      comparing({ fact: 'door', operator: 'swap:contains', value: ['open'] }),
    ],
    [
      'a fact beside a fact the other way round',
      comparing({
        fact: 'occupancy',
        operator: 'swap:lessThan',
        value: { fact: 'attribute', params: { name: 'full' } },
      }),
    ],
  ])('%s', (_, text) => {
    expect(problemsOf(text)).toBe('accepted');
  });

  test('and fills in what the author left out', () => {
    expect(checkRule(LIFT, CATALOGUE)).toMatchObject({ ok: true, value: { onUnknown: 'release' } });
  });
});

describe('refuses', () => {
  test('what is not JSON', () => {
    expect(problemsOf('{ "id": "x", }')).toMatchInlineSnapshot(
      `"json-syntax found }; allowed is the name of a field in double quotes; after the last field there is no comma"`,
    );
    expect(problemsOf('')).toMatchInlineSnapshot(
      `"json-syntax found the end of the text; allowed is a value; after the last one there is no comma"`,
    );
  });

  test('what is JSON but no rule', () => {
    expect(problemsOf('[]')).toMatchInlineSnapshot(`"schema allowed is object; found []"`);
    expect(problemsOf('{"id":"lighting/x"}')).toMatchInlineSnapshot(`
      "schema /title: allowed is string; found nothing
      schema /scope: allowed is object; found nothing
      schema /actions: allowed is array; found nothing
      schema /conditions: a rule has either conditions or a table; found nothing"
    `);
  });

  test('80 where 0.8 is meant, with the fix', () => {
    expect(problemsOf(comparing({ fact: 'occupancy', operator: 'greaterThan', value: 80 }))).toMatchInlineSnapshot(
      `"rule-value /conditions/all/0/value: found 80; allowed is a number from 0 to 1; 80 % is written 0.8"`,
    );
    expect(problemsOf(lift({ actions: [{ point: 'level', atLeast: 80 }] }))).toMatchInlineSnapshot(
      `"rule-value /actions/0/atLeast: found 80; allowed is a number from 0 to 1; 80 % is written 0.8"`,
    );
  });

  test('a value out of range where percent were not meant', () => {
    expect(problemsOf(comparing({ fact: 'occupancy', operator: 'greaterThan', value: 800 }))).toMatchInlineSnapshot(
      `"rule-value /conditions/all/0/value: found 800; allowed is a number from 0 to 1"`,
    );
    expect(
      problemsOf(comparing({ fact: 'averageVehicleSpeed', operator: 'greaterThan', value: 800 })),
    ).toMatchInlineSnapshot(`"rule-value /conditions/all/0/value: found 800; allowed is a number from 0 to 250 km/h"`);
  });

  test('a value of the wrong type, each one of a list', () => {
    expect(problemsOf(comparing({ fact: 'motion', operator: 'equal', value: 'true' }))).toMatchInlineSnapshot(
      `"rule-value /conditions/all/0/value: found "true"; allowed is true or false; did you mean true?"`,
    );
    expect(problemsOf(comparing({ fact: 'door', operator: 'in', value: ['open', 'ajar', 3] }))).toMatchInlineSnapshot(
      `"rule-list /conditions/all/0/value: found ["open","ajar",3]; a list holds values of one kind: numbers, words, or true and false"`,
    );
  });

  test('a word in an order, where nothing is known of the property', () => {
    expect(problemsOf(comparing({ fact: 'tilt', operator: 'lessThan', value: 'steep' }))).toMatchInlineSnapshot(
      `"rule-value /conditions/all/0/value: found "steep"; "lessThan" needs a number"`,
    );
  });

  test('an unknown operator', () => {
    expect(problemsOf(comparing({ fact: 'motion', operator: 'is', value: true }))).toMatchInlineSnapshot(
      `"rule-operator /conditions/all/0/operator: found "is"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn"`,
    );
    expect(problemsOf(comparing({ fact: 'motion', operator: 'toString', value: true }))).toMatchInlineSnapshot(
      `"rule-operator /conditions/all/0/operator: found "toString"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn"`,
    );
  });

  test('an operator that does not fit what a fact is: one value', () => {
    expect(problemsOf(comparing({ fact: 'motion', operator: 'everyFact:equal', value: true }))).toMatchInlineSnapshot(
      `"rule-operator-fit /conditions/all/0/operator: found "everyFact:equal"; "everyFact" goes through a list of facts, and a fact is one value: several assets become one by params.across, and "everyValue" goes through a list of values"`,
    );
    expect(problemsOf(comparing({ fact: 'door', operator: 'contains', value: ['open'] }))).toMatchInlineSnapshot(
      `"rule-operator-fit /conditions/all/0/operator: found "contains"; "contains" looks into a fact that is a list, and a fact is one value: "in" looks into a list of values"`,
    );
    expect(problemsOf(comparing({ fact: 'door', operator: 'someValue:in', value: ['open'] }))).toMatchInlineSnapshot(
      `"rule-operator-fit /conditions/all/0/operator: found "someValue:in"; "in" needs a whole list, and here it is given one value at a time"`,
    );
    expect(
      problemsOf(comparing({ fact: 'door', operator: 'not:not:not:not:not:equal', value: 'open' })),
    ).toMatchInlineSnapshot(
      `"rule-operator-fit /conditions/all/0/operator: found "not:not:not:not:not:equal"; allowed are at most 4 decorators before an operator"`,
    );
  });

  test('a decorator that does not exist, and decorators before an operator that does not fit', () => {
    expect(problemsOf(comparing({ fact: 'door', operator: 'never:equal', value: 'open' }))).toMatchInlineSnapshot(
      `"rule-operator /conditions/all/0/operator: found "never:equal"; there is no decorator "never" to stand before an operator; allowed is one of everyFact, everyValue, not, someFact, someValue, swap"`,
    );
    expect(problemsOf(comparing({ fact: 'door', operator: 'not:greaterThan', value: 'open' }))).toMatchInlineSnapshot(
      `"rule-operator-fit /conditions/all/0/operator: found "not:greaterThan"; "not:greaterThan" compares numbers, and door is one of open, closed; allowed is one of equal, in, notEqual, notIn"`,
    );
    expect(
      problemsOf(comparing({ fact: 'occupancy', operator: 'someValue:greaterThan', value: [0.5, 80] })),
    ).toMatchInlineSnapshot(
      `"rule-value /conditions/all/0/value/1: found 80; allowed is a number from 0 to 1; 80 % is written 0.8"`,
    );
    expect(
      problemsOf(comparing({ fact: 'door', operator: 'not:someValue:equal', value: 'open' })),
    ).toMatchInlineSnapshot(
      `"rule-list /conditions/all/0/value: found "open"; "not:someValue:equal" needs a list of values"`,
    );
  });

  test('one value where the operator needs a list, and the other way round', () => {
    expect(problemsOf(comparing({ fact: 'door', operator: 'in', value: 'open' }))).toMatchInlineSnapshot(
      `"rule-list /conditions/all/0/value: found "open"; "in" needs a list of values"`,
    );
    expect(
      problemsOf(comparing({ fact: 'door', operator: 'notIn', value: { fact: 'attribute', params: { name: 'x' } } })),
    ).toMatchInlineSnapshot(
      `
      "rule-list /conditions/all/0/value: found {"fact":"attribute","params":{"name":"x"}}; "notIn" needs a list of values
      rule-attribute /conditions/all/0/value/params/name: found "x"; a Streetlight has no attribute "x"; allowed is one of full, nightLevel, watts"
    `,
    );
    expect(problemsOf(comparing({ fact: 'door', operator: 'equal', value: ['open'] }))).toMatchInlineSnapshot(
      `"rule-list /conditions/all/0/value: found ["open"]; "equal" needs one value; for a list there are in, notIn, someValue: and everyValue:"`,
    );
  });

  test('an unknown fact, on either side', () => {
    expect(problemsOf(comparing({ fact: 'ocupancy', operator: 'equal', value: 0.1 }))).toMatchInlineSnapshot(
      `"rule-fact /conditions/all/0/fact: found "ocupancy"; allowed is attribute, sun.elevation, sun.isUp, time.local, calendar, calendar.includes, silentFor, reported, desired, activation or a property: LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, fillingLevel, illuminance, intensity, lampFailure, manualControl, motion, no2, occupancy, pm10, pm25, policeKey, precipitation, queueLength, relativeHumidity, status, temperature, tilt, waterLevel, windSpeed"`,
    );
    expect(problemsOf(comparing({ fact: 'occupancy', operator: 'equal', value: { fact: 'treshold' } }))).toContain(
      'rule-fact /conditions/all/0/value/fact: found "treshold"',
    );
    expect(problemsOf(comparing({ fact: 'constructor', operator: 'equal', value: 1 }))).toContain(
      'rule-fact /conditions/all/0/fact: found "constructor"',
    );
  });

  test('an attribute without a name, on either side', () => {
    const attribute = { fact: 'attribute', params: { of: 'approach' } };
    expect(problemsOf(comparing({ ...attribute, operator: 'equal', value: 1 }))).toMatchInlineSnapshot(
      `
      "rule-fact /conditions/all/0/params: found {"of":"approach"}; the fact "attribute" needs params.name
      rule-relation /conditions/all/0/params/of: found "approach"; a Streetlight has no relation "approach"; allowed is one of cabinet"
    `,
    );
    expect(
      problemsOf(comparing({ fact: 'occupancy', operator: 'equal', value: { fact: 'attribute' } })),
    ).toMatchInlineSnapshot(
      `"rule-fact /conditions/all/0/value/params: found nothing; the fact "attribute" needs params.name"`,
    );
  });

  test('an empty all and an empty any', () => {
    expect(problemsOf(lift({ conditions: { all: [] } }))).toMatchInlineSnapshot(
      `"rule-empty /conditions/all: an empty all would always be true; found []"`,
    );
    expect(problemsOf(lift({ conditions: { all: [{ not: { any: [] } }] } }))).toMatchInlineSnapshot(
      `"rule-empty /conditions/all/0/not/any: an empty any would never be true; found []"`,
    );
  });

  test('a zone without across, on either side, of attributes too', () => {
    const zone = { of: 'zone:river-path/Detector' };
    expect(
      problemsOf(comparing({ fact: 'occupancy', params: zone, operator: 'equal', value: 0.1 })),
    ).toMatchInlineSnapshot(
      `"rule-across /conditions/all/0/params: found "zone:river-path/Detector"; these can be several assets: "across" says how their values become one"`,
    );
    expect(
      problemsOf(comparing({ fact: 'occupancy', operator: 'equal', value: { fact: 'occupancy', params: zone } })),
    ).toMatchInlineSnapshot(
      `"rule-across /conditions/all/0/value/params: found "zone:river-path/Detector"; these can be several assets: "across" says how their values become one"`,
    );
    expect(
      problemsOf(comparing({ fact: 'attribute', params: { ...zone, name: 'x' }, operator: 'equal', value: 0.1 })),
    ).toMatchInlineSnapshot(
      `"rule-across /conditions/all/0/params: found "zone:river-path/Detector"; these can be several assets: "across" says how their values become one"`,
    );
  });

  test('an unknown condition, at its own place', () => {
    expect(
      problemsOf(lift({ conditions: { all: [{ condition: 'dark' }, { not: { condition: 'drak' } }] } })),
    ).toMatchInlineSnapshot(
      `"rule-condition /conditions/all/1/not/condition: found "drak"; allowed is one of dark, quiet"`,
    );
    expect(problemsOf(lift({}), { ...CATALOGUE, conditions: [] })).toMatchInlineSnapshot(
      `"rule-condition /conditions/all/1/condition: found "dark"; none is defined"`,
    );
  });

  test('an unknown point, and one that assets of the type do not have', () => {
    expect(problemsOf(lift({ actions: [{ point: 'brightness', set: 1 }] }))).toMatchInlineSnapshot(
      `"rule-point /actions/0/point: found "brightness"; a Streetlight has no point "brightness"; allowed is one of colour, level"`,
    );
    expect(problemsOf(lift({ actions: [{ point: 'timePlan', set: 1 }] }))).toMatchInlineSnapshot(
      `"rule-point /actions/0/point: found "timePlan"; a Streetlight has no point "timePlan"; allowed is one of colour, level"`,
    );
    expect(problemsOf(lift({ actions: [{ point: 'brightness', of: 'cabinet', set: 1 }] }))).toMatchInlineSnapshot(
      `"rule-point /actions/0/point: found "brightness"; a StreetlightControlCabinet has no point "brightness"; allowed is one of compaction, emergencyRoute, functionalPosition, level, timePlan"`,
    );
  });

  test('a duration that cannot be read, and a slot that is not a rule’s', () => {
    expect(problemsOf(lift({ for: '3 weeks', actions: [{ point: 'level', set: 1, slot: 2 }] }))).toMatchInlineSnapshot(`
      "schema /actions/0/slot: allowed is at least 10; found 2
      schema /for: allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "3 weeks""
    `);
  });

  test('any path or field beyond the form', () => {
    expect(
      problemsOf(comparing({ fact: 'motion', operator: 'equal', value: true, path: '$..x' })),
    ).toMatchInlineSnapshot(
      `"rule-path /conditions/all/0/path: a fact is one value, there is nothing in it to point to, and no JSONPath is ever run: leave "path" out; found "$..x""`,
    );
    expect(problemsOf(lift({ condition: {} }))).toMatchInlineSnapshot(
      `"schema /condition: there is no such field here; did you mean "conditions"?; found {}"`,
    );
  });

  test('everything at once, in conditions, clear and actions', () => {
    const text = lift({
      conditions: { any: [{ fact: 'a', operator: 'b', value: 1 }, { condition: 'drak' }] },
      clear: { fact: 'occupancy', operator: 'lessThan', value: 15 },
      actions: [
        { point: 'level', set: 2 },
        { point: 'volume', set: 1 },
      ],
    });
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      "rule-fact /conditions/any/0/fact: found "a"; allowed is attribute, sun.elevation, sun.isUp, time.local, calendar, calendar.includes, silentFor, reported, desired, activation or a property: LAeq, activePower, averageVehicleSpeed, batteryLevel, controlMode, door, fillingLevel, illuminance, intensity, lampFailure, manualControl, motion, no2, occupancy, pm10, pm25, policeKey, precipitation, queueLength, relativeHumidity, status, temperature, tilt, waterLevel, windSpeed
      rule-operator /conditions/any/0/operator: found "b"; allowed is one of equal, greaterThan, greaterThanInclusive, in, lessThan, lessThanInclusive, notEqual, notIn
      rule-condition /conditions/any/1/condition: found "drak"; allowed is one of dark, quiet
      rule-value /actions/0/set: found 2; allowed is a number from 0 to 1; 2 % is written 0.02
      rule-point /actions/1/point: found "volume"; a Streetlight has no point "volume"; allowed is one of colour, level
      rule-value /clear/value: found 15; allowed is a number from 0 to 1; 15 % is written 0.15"
    `);
  });
});
