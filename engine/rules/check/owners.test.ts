// Claims on assets of other departments: a warning when the rule is saved, before the claim is refused in the street.
import { expect, test } from 'vitest';

import { assetSchema } from '../../model/asset.ts';
import { checkRule } from '../parse-rule.ts';
import { createRuleCatalogue } from './catalogue.ts';

const lamp = (name: string, department: string, more: Record<string, unknown> = {}) =>
  assetSchema.parse({
    id: `urn:ngsi-ld:Streetlight:${name}`,
    type: 'Streetlight',
    title: name,
    department,
    zone: 'quay',
    reports: { motion: { every: '1 min' } },
    points: { level: {} },
    binding: { adapter: 'mqtt', device: 'c1' },
    ...more,
  });
const controller = assetSchema.parse({
  id: 'urn:ngsi-ld:TrafficController:j4',
  type: 'TrafficController',
  title: 'J4',
  department: 'traffic',
  relations: { lamps: ['urn:ngsi-ld:Streetlight:l1', 'urn:ngsi-ld:Streetlight:l2'] },
  reports: { motion: { every: '1 min' } },
  points: { timePlan: {} },
  binding: { adapter: 'mqtt', device: 'j4' },
});
const CATALOGUE = createRuleCatalogue({
  assets: [lamp('l1', 'lighting'), lamp('l2', 'parks'), lamp('l3', 'parks', { zone: 'park' }), controller],
  conditions: [],
});

/** Place and text of each warning that the department gets. */
function warningsOf(id: string, scope: Record<string, unknown>, action: Record<string, unknown>): string[] {
  const conditions = { fact: 'motion', operator: 'equal', value: true };
  const checked = checkRule({ id, title: 'Q', scope, conditions, actions: [action] }, CATALOGUE);
  expect(checked.ok).toBe(true);
  return checked.warnings.filter(({ code }) => code === 'rule-department').map((one) => `${one.path} ${one.allowed}`);
}

const lamps = { type: 'Streetlight' };
const refused = (department: string) =>
  `a rule of ${department} claims only what is ${department}’s, and there the claim is refused`;

test.each<[string, string, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ['its own assets', 'lighting/q', { ...lamps, department: 'lighting' }, { point: 'level', set: 1 }, []],
  [
    'every asset of its scope is another’s',
    'lighting/q',
    { type: 'TrafficController' },
    { point: 'timePlan', set: 3 },
    [`/actions/0/point these assets, all of them, belong to traffic: ${refused('lighting')}`],
  ],
  [
    'some of its scope are another’s',
    'lighting/q',
    lamps,
    { point: 'level', set: 1 },
    [`/actions/0/point these assets, 2 of 3, belong to parks: ${refused('lighting')}`],
  ],
  [
    'some of a zone',
    'lighting/q',
    { type: 'TrafficController' },
    { point: 'level', of: 'zone:quay/Streetlight', set: 1 },
    [`/actions/0/of these assets, 1 of 2, belong to parks: ${refused('lighting')}`],
  ],
  [
    'related ones',
    'traffic/q',
    { type: 'TrafficController' },
    { point: 'level', of: 'lamps', set: 1 },
    [`/actions/0/of these assets, all of them, belong to lighting, parks: ${refused('traffic')}`],
  ],
  [
    'one by its id',
    'lighting/q',
    lamps,
    { point: 'timePlan', of: 'urn:ngsi-ld:TrafficController:j4', set: 3 },
    [`/actions/0/of these assets, all of them, belong to traffic: ${refused('lighting')}`],
  ],
  [
    'near ones, none of which can be its own',
    'traffic/q',
    { type: 'TrafficController' },
    { point: 'level', of: 'near:50m/Streetlight', set: 1 },
    [`/actions/0/of these assets, all of them, belong to lighting, parks: ${refused('traffic')}`],
  ],
  [
    'not near ones, of which some may be its own',
    'lighting/q',
    { type: 'TrafficController' },
    { point: 'level', of: 'near:50m/Streetlight', set: 1 },
    [],
  ],
])('warns where it must of %s', (...[, id, scope, action, expected]) => {
  expect(warningsOf(id, scope, action)).toEqual(expected);
});
