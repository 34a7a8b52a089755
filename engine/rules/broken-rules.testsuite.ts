// Rules that somebody broke by hand: what stood there, what stands there now, and what must be said about it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { assetSchema } from '../model/asset.ts';
import type { Condition, NamedCondition } from '../model/rule.ts';
import { createRuleCatalogue } from './check/catalogue.ts';

const HARBOURTON = join(import.meta.dirname, '../../examples/harbourton/assets');

const named = (id: string, name: string, conditions: Condition): NamedCondition => ({
  id,
  name,
  title: name,
  conditions,
});
const isDark: Condition = {
  fact: 'illuminance',
  params: { of: 'zone:river-path/LightSensor', across: 'avg' },
  operator: 'lessThan',
  value: 10,
};
const sixty = Array.from({ length: 60 }, (_, index): Condition => ({ fact: 'no2', operator: 'equal', value: index }));

/** Harbourton with named conditions of several departments, some of them unfit. */
export const CITY = createRuleCatalogue({
  assets: globSync('*.json', { cwd: HARBOURTON }).flatMap((file) =>
    assetSchema.array().parse(JSON.parse(readFileSync(join(HARBOURTON, file), 'utf8'))),
  ),
  conditions: [
    named('lighting/dark', 'dark', isDark),
    named('traffic/rush', 'rush', { fact: 'occupancy', operator: 'greaterThan', value: 0.5 }),
    named('waste/rush', 'rush', { fact: 'fillingLevel', operator: 'greaterThan', value: 0.5 }),
    named('water/there', 'there', { any: [isDark, { condition: 'back' }] }),
    named('water/back', 'back', { not: { condition: 'there' } }),
    named('water/huge', 'huge', { all: Array.from({ length: 5 }, () => ({ any: sixty })) }),
    ...Array.from({ length: 9 }, (_, index) =>
      named(`water/deep${index}`, `deep${index}`, index === 0 ? isDark : { condition: `deep${index - 1}` }),
    ),
  ],
});

/** Sound rules, line by line as the expectations below count them. */
export const SOUND = {
  queue: `{
  "id": "traffic/queue-relief",
  "title": "Relief plan for the approach that queues",
  "scope": { "type": "TrafficController", "tag": "relief", "each": "approach" },
  "conditions": {
    "all": [
      {
        "fact": "occupancy",
        "params": { "of": "approach/detectors", "across": "max", "window": "3 min", "aggregate": "avg" },
        "operator": "greaterThan",
        "value": { "fact": "attribute", "params": { "of": "approach", "name": "queueAbove" } }
      },
      { "fact": "controlMode", "operator": "equal", "value": "control" }
    ]
  },
  "for": "1 min",
  "clear": { "fact": "controlMode", "operator": "notEqual", "value": "control" },
  "clearFor": "2 min",
  "onUnknown": "release",
  "actions": [
    { "point": "timePlan", "set": { "attribute": "approach.reliefPlan" }, "maxDuration": "2 h" }
  ]
}`,
  lift: `{
  "id": "lighting/motion-lift",
  "title": "Somebody near: at least 80 % on the lamps within 50 m",
  "scope": { "type": "MotionSensor", "zone": "river-path" },
  "conditions": {
    "all": [
      { "fact": "motion", "operator": "equal", "value": true },
      { "condition": "dark" }
    ]
  },
  "clearFor": "3 min",
  "actions": [
    { "point": "level", "of": "near:50m/Streetlight", "atLeast": 0.8, "ramp": "2 s" }
  ]
}`,
  press: `{
  "id": "waste/press",
  "title": "Press before the container is full",
  "scope": { "type": "WasteContainer", "tag": "compactor" },
  "conditions": {
    "all": [
      { "fact": "fillingLevel", "operator": "greaterThanInclusive", "value": 0.8 },
      { "fact": "status", "operator": "notIn", "value": ["burning", "moved"] },
      { "fact": "door", "operator": "equal", "value": "closed" }
    ]
  },
  "for": "2 s",
  "onUnknown": "release",
  "actions": [
    { "point": "compaction", "set": "compacting", "maxDuration": "60 s" }
  ]
}`,
};

/** The rule, the piece of it that is replaced, by what, and all problems: `code pointer line`. */
export type Break = [rule: keyof typeof SOUND, was: string, is: string, ...problems: string[]];

const LEVEL = '{ "fact": "fillingLevel", "operator": "greaterThanInclusive", "value": 0.8 }';
const AT_LEVEL = '/conditions/all/0';
const nested = (depth: number): string => `${'{ "not": '.repeat(depth)}${LEVEL}${' }'.repeat(depth)}`;
const many = (count: number): string => Array.from({ length: count }, () => LEVEL).join(', ');

const NOT_JSON: Break[] = [
  ['press', '"for": "2 s",', '"for": "2 s"', 'json-syntax  13'],
  ['press', '"maxDuration": "60 s" }', '"maxDuration": "60 s", }', 'json-syntax  15'],
  ['press', '"value": 0.8 }', '"value": 80% }', 'json-syntax  7'],
  ['press', '"value": 0.8 }', '"value": ,8 }', 'json-syntax  7'],
  ['press', '"for": "2 s"', '"for: "2 s"', 'json-syntax  12'],
  ['press', '"for": "2 s"', 'for: "2 s"', 'json-syntax  12'],
  ['press', '"for": "2 s"', "'for': '2 s'", 'json-syntax  12'],
  ['press', '"for": "2 s",', '"for": "2 s", // short', 'json-syntax  12'],
  ['press', '"onUnknown": "release"', '"onUnknown": NaN', 'json-syntax  13'],
  ['press', '"for": "2 s",', '"for": "2 s", "for": "3 s",', 'json-twice /for 12'],
  [
    'press',
    '"operator": "equal"',
    '"operator": "equal", "operator": "notEqual"',
    'json-twice /conditions/all/2/operator 9',
  ],
];

const WRONG_FORM: Break[] = [
  ['press', '"id": "waste/press"', '"id": "press"', 'schema /id 2'],
  ['press', '"id": "waste/press"', '"id": "Waste/Press"', 'schema /id 2'],
  ['press', '"id": "waste/press",', '', 'schema /id 1'],
  ['press', '"title": "Press before the container is full"', '"title": ""', 'schema /title 3'],
  ['press', '"title"', '"titel": "x", "title"', 'schema /titel 3'],
  ['press', '"for": "2 s"', '"for": "2 weeks"', 'schema /for 12'],
  ['press', '"for": "2 s"', '"for": 2', 'schema /for 12'],
  ['press', '"for": "2 s"', '"for": "0 s"', 'schema /for 12'],
  ['press', '"onUnknown": "release"', '"onUnknown": "fire"', 'schema /onUnknown 13'],
  ['press', '"for": "2 s"', '"when": { "calendar": ["schoolday"] }', 'schema /when/calendar/0 12'],
  ['press', '"for": "2 s"', '"when": { "days": "weekdays" }', 'schema /when/days 12'],
  ['press', '"for": "2 s"', '"when": { "timeZone": "Europe/London" }', 'schema /when 12'],
  ['press', '"tag": "compactor"', '"zones": ["harbour"]', 'schema /scope/zones 4'],
  ['press', '"tag": "compactor"', '"ids": []', 'schema /scope/ids 4'],
  ['press', '"tag": "compactor"', '"ids": ["bin 7"]', 'schema /scope/ids/0 4'],
  ['press', '"tag": "compactor"', '"except": "bin 7"', 'schema /scope/except 4'],
  ['press', '"tag": "compactor"', '"department": "Waste"', 'schema /scope/department 4'],
  ['press', '"for": "2 s"', '"event": { "type": "x" }', 'schema /event 12'],
  ['press', '"for": "2 s"', '"onSuccess": "() => 1"', 'schema /onSuccess 12'],
  ['press', '"value": 0.8', '"value": null', `schema ${AT_LEVEL}/value 7`],
  ['press', '"value": 0.8', '"value": { "fact": 7 }', `schema ${AT_LEVEL}/value/fact 7`],
  ['press', ', "value": 0.8', '', `schema ${AT_LEVEL}/value 7`],
  ['press', '"operator": "greaterThanInclusive", ', '', `schema ${AT_LEVEL}/operator 7`],
  ['press', '"operator": "greaterThanInclusive"', '"operator": ["equal"]', `schema ${AT_LEVEL}/operator 7`],
  ['press', '"value": 0.8', '"value": 0.8, "priority": 5', `schema ${AT_LEVEL}/priority 7`],
  ['press', LEVEL, '"fillingLevel > 0.8"', `schema ${AT_LEVEL} 7`],
  ['press', LEVEL, '[]', `schema ${AT_LEVEL} 7`],
  ['press', '"value": ["burning", "moved"]', '"value": []', 'schema /conditions/all/1/value 8'],
  ['press', '"set": "compacting", ', '', 'schema /actions/0 15'],
  [
    'press',
    '"set": "compacting"',
    '"set": "compacting", "atMost": "idle"',
    'schema /actions/0 15',
    'rule-bound /actions/0/atMost 15',
  ],
  ['press', '"set": "compacting"', '"set": "compacting", "slot": 5', 'schema /actions/0/slot 15'],
  ['press', '"set": "compacting"', '"set": "compacting", "slot": 17', 'schema /actions/0/slot 15'],
  ['press', '"set": "compacting"', '"set": "compacting", "until": "06:00"', 'schema /actions/0/until 15'],
  [
    'queue',
    '"attribute": "approach.reliefPlan"',
    '"attribute": "approach..reliefPlan"',
    'schema /actions/0/set/attribute 21',
  ],
  ['queue', '"window": "3 min"', '"window": "three minutes"', 'schema /conditions/all/0/params/window 9'],
  ['queue', '"across": "max"', '"across": "most"', 'schema /conditions/all/0/params/across 9'],
  ['queue', '"aggregate": "avg"', '"aggregate": "mean"', 'schema /conditions/all/0/params/aggregate 9'],
  ['queue', '"aggregate": "avg"', '"filter": "x"', 'schema /conditions/all/0/params/filter 9'],
  ['lift', '{ "condition": "dark" }', '{ "condition": "so dark" }', 'schema /conditions/all/1/condition 8'],
  ['lift', '{ "condition": "dark" }', '{ "condition": "dark", "not": true }', 'schema /conditions/all/1/not 8'],
];

const EMPTY_OR_ENDLESS: Break[] = [
  ['press', LEVEL, '{ "all": [] }', `rule-empty ${AT_LEVEL}/all 7`],
  ['press', LEVEL, '{ "not": { "any": [] } }', `rule-empty ${AT_LEVEL}/not/any 7`],
  ['press', LEVEL, nested(9), `rule-depth ${AT_LEVEL}${'/not'.repeat(7)} 7`],
  ['press', LEVEL, nested(300), `rule-depth ${AT_LEVEL}${'/not'.repeat(7)} 7`],
  ['press', LEVEL, nested(100_000), 'json-syntax  1'],
  ['press', LEVEL, `{ "any": [${many(65)}] }`, `schema ${AT_LEVEL}/any 7`],
  ['press', LEVEL, Array.from({ length: 5 }, () => `{ "any": [${many(60)}] }`).join(', '), 'rule-size /conditions 5'],
  ['lift', '"condition": "dark"', '"condition": "huge"', 'rule-size /conditions 5'],
  ['lift', '"condition": "dark"', '"condition": "deep8"', 'rule-depth /conditions/all/1/condition 8'],
  ['lift', '"condition": "dark"', '"condition": "there"', 'rule-circle /conditions/all/1/condition 8'],
  ['lift', '"condition": "dark"', '"condition": "back"', 'rule-circle /conditions/all/1/condition 8'],
  ['lift', '"condition": "dark"', '"condition": "drak"', 'rule-condition /conditions/all/1/condition 8'],
  ['lift', '"condition": "dark"', '"condition": "traffic/dark"', 'rule-condition /conditions/all/1/condition 8'],
  ['lift', '"condition": "dark"', '"condition": "rush"', 'rule-condition /conditions/all/1/condition 8'],
];

const NO_SUCH_THING: Break[] = [
  [
    'press',
    LEVEL,
    '{ "fact": "calendar", "operator": "in", "value": ["schoolday"] }',
    `rule-value ${AT_LEVEL}/value/0 7`,
  ],
  [
    'press',
    LEVEL,
    '{ "fact": "reported", "params": { "name": "press" }, "operator": "equal", "value": 1 }',
    `rule-point ${AT_LEVEL}/params/name 7`,
  ],
  [
    'press',
    LEVEL,
    '{ "fact": "silentFor", "params": { "name": "fillingLvl" }, "operator": "greaterThan", "value": 60 }',
    `rule-fact ${AT_LEVEL}/params/name 7`,
  ],
  [
    'press',
    LEVEL,
    '{ "fact": "sun.elevation", "params": { "window": "1 h" }, "operator": "lessThan", "value": 0 }',
    `rule-fact ${AT_LEVEL}/params/window 7`,
  ],
  ['press', '"fact": "fillingLevel"', '"fact": "fillingLvel"', `rule-fact ${AT_LEVEL}/fact 7`],
  ['press', '"fact": "fillingLevel"', '"fact": "__proto__"', `rule-fact ${AT_LEVEL}/fact 7`],
  ['press', '"fact": "fillingLevel"', '"fact": "attribute"', `rule-fact ${AT_LEVEL}/params 7`],
  [
    'press',
    '"fact": "fillingLevel"',
    '"fact": "fillingLevel", "params": { "name": "x" }',
    `rule-fact ${AT_LEVEL}/params/name 7`,
  ],
  ['press', '"operator": "greaterThanInclusive"', '"operator": ">="', `rule-operator ${AT_LEVEL}/operator 7`],
  ['press', '"operator": "greaterThanInclusive"', '"operator": "greaterThen"', `rule-operator ${AT_LEVEL}/operator 7`],
  ['press', '"operator": "greaterThanInclusive"', '"operator": "constructor"', `rule-operator ${AT_LEVEL}/operator 7`],
  ['press', '"operator": "equal"', '"operator": "matchesRegex"', 'rule-operator /conditions/all/2/operator 9'],
  ['press', '"operator": "equal"', '"operator": "never:equal"', 'rule-operator /conditions/all/2/operator 9'],
  ['press', '"operator": "equal"', '"operator": "nott:equal"', 'rule-operator /conditions/all/2/operator 9'],
  ['press', '"operator": "notIn"', '"operator": "not:inn"', 'rule-operator /conditions/all/1/operator 8'],
  ['press', '"value": 0.8', '"value": 0.8, "path": "$..level"', `rule-path ${AT_LEVEL}/path 7`],
  ['press', '"value": 0.8', '"value": 0.8, "path": "/level"', `rule-path ${AT_LEVEL}/path 7`],
  ['queue', '"name": "queueAbove"', '"name": "queueabove"', 'rule-attribute /conditions/all/0/value/params/name 11'],
  ['queue', '"of": "approach/detectors"', '"of": "approach/detector"', 'rule-relation /conditions/all/0/params/of 9'],
  ['queue', '"of": "approach/detectors"', '"of": "aproach/detectors"', 'rule-relation /conditions/all/0/params/of 9'],
  ['queue', '"of": "approach/detectors"', '"of": "$.approach"', 'rule-of /conditions/all/0/params/of 9'],
  ['queue', '"of": "approach/detectors"', '"of": "zone:harbour-street"', 'rule-of /conditions/all/0/params/of 9'],
  [
    'queue',
    '"each": "approach"',
    '"each": "approaches"',
    'rule-relation /scope/each 4',
    'rule-across /conditions/all/0/value/params 11',
    'rule-across /actions/0/set/attribute 21',
  ],
  ['queue', 'approach.reliefPlan', 'approach.plan', 'rule-attribute /actions/0/set/attribute 21'],
  ['queue', 'approach.reliefPlan', 'arm.reliefPlan', 'rule-relation /actions/0/set/attribute 21'],
  ['queue', '"point": "timePlan"', '"point": "timeplan"', 'rule-point /actions/0/point 21'],
  ['press', '"point": "compaction"', '"point": "level"', 'rule-point /actions/0/point 15'],
  ['lift', 'near:50m/Streetlight', 'near:50/Streetlight', 'rule-of /actions/0/of 13'],
  ['lift', 'near:50m/Streetlight', 'near:50m/LightSensor', 'rule-point /actions/0/point 13'],
];

const NO_FIT: Break[] = [
  [
    'press',
    '"operator": "greaterThanInclusive"',
    '"operator": "someFact:greaterThanInclusive"',
    `rule-operator-fit ${AT_LEVEL}/operator 7`,
  ],
  ['press', '"operator": "notIn"', '"operator": "doesNotContain"', 'rule-operator-fit /conditions/all/1/operator 8'],
  ['press', '"operator": "notIn"', '"operator": "everyValue:notIn"', 'rule-operator-fit /conditions/all/1/operator 8'],
  [
    'press',
    '"operator": "notIn"',
    '"operator": "not:swap:someValue:equal"',
    'rule-operator-fit /conditions/all/1/operator 8',
  ],
  [
    'press',
    '"operator": "equal"',
    '"operator": "not:not:not:swap:swap:equal"',
    'rule-operator-fit /conditions/all/2/operator 9',
  ],
  ['press', '"operator": "equal"', '"operator": "someValue:equal"', 'rule-list /conditions/all/2/value 9'],
  [
    'press',
    '"operator": "equal", "value": "closed"',
    '"operator": "swap:lessThan", "value": 1',
    'rule-operator-fit /conditions/all/2/operator 9',
  ],
  [
    'press',
    '"operator": "notIn"',
    '"operator": "someValue:greaterThan"',
    'rule-operator-fit /conditions/all/1/operator 8',
  ],
  [
    'queue',
    '"operator": "greaterThan"',
    '"operator": "everyValue:greaterThan"',
    'rule-list /conditions/all/0/value 11',
  ],
  ['press', '"value": 0.8', '"value": 80', `rule-value ${AT_LEVEL}/value 7`],
  ['press', '"value": 0.8', '"value": "80 %"', `rule-value ${AT_LEVEL}/value 7`],
  ['press', '"value": 0.8', '"value": -0.1', `rule-value ${AT_LEVEL}/value 7`],
  ['press', '"value": 0.8', '"value": true', `rule-value ${AT_LEVEL}/value 7`],
  ['press', '"moved"', '"Moved"', 'rule-value /conditions/all/1/value/1 8'],
  ['press', '"moved"', '7', 'rule-list /conditions/all/1/value 8'],
  ['press', '["burning", "moved"]', '"burning"', 'rule-list /conditions/all/1/value 8'],
  ['press', '"value": "closed"', '"value": ["closed"]', 'rule-list /conditions/all/2/value 9'],
  ['press', '"value": "closed"', '"value": "shut"', 'rule-value /conditions/all/2/value 9'],
  [
    'press',
    '"operator": "equal", "value": "closed"',
    '"operator": "lessThan", "value": 1',
    'rule-operator-fit /conditions/all/2/operator 9',
  ],
  ['press', '"value": "closed"', '"value": { "fact": "fillingLevel" }', 'rule-operator-fit /conditions/all/2/value 9'],
  ['press', '"value": 0.8', '"value": { "fact": "temperature" }', `rule-unit ${AT_LEVEL}/value 7`],
  [
    'lift',
    '"operator": "equal", "value": true',
    '"operator": "greaterThan", "value": 0',
    'rule-operator-fit /conditions/all/0/operator 7',
  ],
  ['lift', '"value": true', '"value": "true"', 'rule-value /conditions/all/0/value 7'],
  [
    'lift',
    '"fact": "motion"',
    '"fact": "motion", "params": { "window": "1 min" }',
    'rule-window /conditions/all/0/params/window 7',
  ],
  [
    'press',
    '"fact": "fillingLevel"',
    '"fact": "fillingLevel", "params": { "aggregate": "max" }',
    `rule-window ${AT_LEVEL}/params/aggregate 7`,
  ],
  [
    'queue',
    '"params": { "of": "approach", ',
    '"params": { "of": "approach", "maxAge": "1 h", ',
    'rule-window /conditions/all/0/value/params/maxAge 11',
  ],
  ['queue', '"across": "max", ', '', 'rule-across /conditions/all/0/params 9'],
  ['queue', '"across": "max"', '"across": "any"', 'rule-across /conditions/all/0/params/across 9'],
  [
    'queue',
    ', "each": "approach"',
    '',
    'rule-across /conditions/all/0/value/params 11',
    'rule-across /actions/0/set/attribute 21',
  ],
  ['lift', '"atLeast": 0.8', '"atLeast": 80', 'rule-value /actions/0/atLeast 13'],
  ['lift', '"atLeast": 0.8', '"atLeast": { "fact": "motion" }', 'rule-value /actions/0/atLeast 13'],
  ['lift', '"atLeast": 0.8', '"atLeast": { "fact": "dimming%" }', 'rule-fact /actions/0/atLeast/fact 13'],
  [
    'queue',
    '{ "attribute": "approach.reliefPlan" }',
    '{ "fact": "occupancy", "params": { "of": "approach/detectors" } }',
    'rule-across /actions/0/set/params 21',
  ],
  ['lift', '"atLeast": 0.8', '"atLeast": "full"', 'rule-value /actions/0/atLeast 13'],
  ['lift', '"ramp": "2 s"', '"ramp": "2 h"', 'rule-ramp /actions/0/ramp 13'],
  ['press', '"maxDuration": "60 s"', '"ramp": "2 s"', 'rule-ramp /actions/0/ramp 15'],
  ['press', '"set": "compacting"', '"atLeast": "compacting"', 'rule-bound /actions/0/atLeast 15'],
  ['press', '"set": "compacting"', '"set": "pressing"', 'rule-value /actions/0/set 15'],
  ['press', '"set": "compacting"', '"set": { "attribute": "pressAt" }', 'rule-value /actions/0/set/attribute 15'],
  ['queue', '{ "attribute": "approach.reliefPlan" }', '2.5', 'rule-value /actions/0/set 21'],
];

const NEVER_TRUE: Break[] = [
  [
    'press',
    '"value": 0.8 }',
    '"value": { "fact": "batteryLevel" } }, { "fact": "batteryLevel", "operator": "greaterThan", "value": { "fact": "fillingLevel" } }',
    'rule-contradiction /conditions/all/1 7',
  ],
  [
    'press',
    '"value": 0.8 }',
    '"value": { "fact": "batteryLevel" } }, { "fact": "fillingLevel", "operator": "lessThan", "value": { "fact": "batteryLevel" } }',
    'rule-contradiction /conditions/all/1 7',
  ],
  [
    'press',
    '"operator": "greaterThanInclusive", "value": 0.8',
    '"operator": "notEqual", "value": { "fact": "fillingLevel", "params": { "maxAge": "1 h" } }',
    `rule-never ${AT_LEVEL} 7`,
  ],
  [
    'press',
    LEVEL,
    '{ "fact": "time.local", "operator": "greaterThan", "value": 1320 }, { "fact": "time.local", "operator": "lessThan", "value": 1321 }',
    'rule-contradiction /conditions/all/1 7',
  ],
  [
    'press',
    LEVEL,
    `${LEVEL}, { "fact": "fillingLevel", "operator": "not:greaterThan", "value": 0.3 }`,
    'rule-contradiction /conditions/all/1 7',
  ],
  [
    'press',
    LEVEL,
    `{ "fact": "fillingLevel", "operator": "everyValue:equal", "value": [0.8, 0.9] }`,
    `rule-never ${AT_LEVEL} 7`,
  ],
  [
    'press',
    LEVEL,
    `{ "fact": "door", "operator": "not:swap:contains", "value": ["closed", "open"] }`,
    `rule-never ${AT_LEVEL} 7`,
  ],
  [
    'press',
    '"operator": "greaterThanInclusive", "value": 0.8',
    '"operator": "greaterThan", "value": 1',
    `rule-never ${AT_LEVEL} 7`,
  ],
  [
    'press',
    LEVEL,
    `${LEVEL}, { "fact": "fillingLevel", "operator": "lessThan", "value": 0.3 }`,
    'rule-contradiction /conditions/all/1 7',
  ],
  [
    'press',
    LEVEL,
    `{ "all": [{ "fact": "door", "operator": "equal", "value": "open" }] }`,
    'rule-contradiction /conditions/all/2 9',
  ],
  [
    'press',
    LEVEL,
    `{ "not": { "any": [{ "fact": "door", "operator": "equal", "value": "closed" }] } }`,
    'rule-contradiction /conditions/all/2 9',
  ],
  [
    'press',
    '"operator": "notIn", "value": ["burning", "moved"]',
    '"operator": "notIn", "value": ["ok", "lidOpen", "dropped", "moved", "vandalized", "burning", "unknown"]',
    'rule-never /conditions/all/1 8',
  ],
  [
    'press',
    LEVEL,
    `{ "fact": "status", "operator": "in", "value": ["moved"] }`,
    'rule-contradiction /conditions/all/1 8',
  ],
  [
    'press',
    LEVEL,
    `{ "any": [${LEVEL}, { "all": [{ "fact": "temperature", "operator": "greaterThan", "value": 5 }, { "fact": "temperature", "params": { "of": "self" }, "operator": "lessThan", "value": 3 }] }] }`,
    `rule-contradiction ${AT_LEVEL}/any/1/all/1 7`,
  ],
  [
    'lift',
    '{ "condition": "dark" }',
    '{ "condition": "dark" }, { "not": { "condition": "lighting/dark" } }',
    'rule-contradiction /conditions/all/2/not 8',
  ],
];

/** Every one of them, by what is wrong. */
export const BROKEN: Readonly<Record<string, readonly Break[]>> = {
  'is not JSON': NOT_JSON,
  'has a wrong form': WRONG_FORM,
  'is empty, too large, or comes back to itself': EMPTY_OR_ENDLESS,
  'names what does not exist': NO_SUCH_THING,
  'puts together what does not fit': NO_FIT,
  'can never be true': NEVER_TRUE,
};
