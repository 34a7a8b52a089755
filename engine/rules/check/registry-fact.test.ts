// Facts of the registry in conditions: each as its example writes it, and what is refused of them.
import { expect, test } from 'vitest';

import { assetSchema } from '../../model/asset.ts';
import { FACTS } from '../../model/facts.ts';
import { describeProblems } from '../../model/result.ts';
import type { Comparison } from '../../model/rule.ts';
import { checkRule } from '../parse-rule.ts';
import { createRuleCatalogue } from './catalogue.ts';

const controller = assetSchema.parse({
  id: 'urn:ngsi-ld:TrafficController:J4',
  type: 'TrafficController',
  title: 'J4',
  department: 'traffic',
  attributes: { lanes: 2 },
  relations: { approach: ['urn:ngsi-ld:Approach:east', 'urn:ngsi-ld:Approach:west'] },
  reports: { waterLevel: { every: '1 min' }, tilt: { every: '1 min' } },
  points: { timePlan: {}, level: { ...levelLike() } },
  binding: { adapter: 'mqtt', device: 'j4' },
});

function levelLike() {
  const value = { type: 'number', unit: '1', min: 0, max: 1 };
  const times = { notAfter: '10 s', provenWithin: '10 s' };
  return { value, safe: 1, afterDeath: 'stays', tolerance: 0, endsItself: false, ...times };
}

const CATALOGUE = createRuleCatalogue({ assets: [controller], conditions: [] });

/** Every problem and every warning of a rule with this comparison, a line each. */
function found(comparison: unknown): string {
  const checked = checkRule(
    {
      id: 'traffic/test',
      title: 'Test',
      scope: { type: 'TrafficController' },
      conditions: { all: [comparison] },
      actions: [{ point: 'timePlan', set: 1 }],
    },
    CATALOGUE,
  );
  const problems = [...(checked.ok ? [] : checked.problems), ...checked.warnings];
  return problems.map((one) => `${one.code} ${describeProblems([one]).replace('/conditions/all/0', '')}`).join('\n');
}

test.each(Object.entries(FACTS))('%s is accepted as its example writes it', (_, { example }) => {
  expect(found(example)).toBe('');
});

test.each<Partial<Comparison>>([
  { fact: 'silentFor', params: { name: 'tilt', of: 'self' }, operator: 'greaterThan', value: 60 },
  { fact: 'silentFor', params: { name: 'tilt', of: 'approach', across: 'max' }, operator: 'greaterThan', value: 60 },
  { fact: 'reported', params: { name: 'timePlan', maxAge: '1 h' }, operator: 'equal', value: 3 },
  {
    fact: 'desired',
    params: { name: 'level' },
    operator: 'lessThan',
    value: { fact: 'reported', params: { name: 'level' } },
  },
])('%j is accepted', (comparison) => {
  expect(found(comparison)).toBe('');
});

test.each<[string, Partial<Comparison>]>([
  [
    'rule-fact /params: found nothing; the fact "silentFor" needs params.name: the name of a property',
    { fact: 'silentFor', operator: 'greaterThan', value: 60 },
  ],
  [
    'rule-fact /params/name: found "waterLvel"; allowed is one of',
    { fact: 'silentFor', params: { name: 'waterLvel' }, operator: 'greaterThan', value: 60 },
  ],
  [
    'rule-unreported /params/name: found "motion"; nobody who is meant says that it reports motion: unknown until one does',
    { fact: 'silentFor', params: { name: 'motion' }, operator: 'greaterThan', value: 60 },
  ],
  [
    'rule-value /value: found "15 min"; allowed is a whole number from 0 to 31622400 s; did you mean 900?',
    { fact: 'silentFor', params: { name: 'tilt' }, operator: 'greaterThan', value: '15 min' },
  ],
  [
    'rule-value /value: found "06:30"; allowed is a whole number from 0 to 1439 min; did you mean 390?',
    { fact: 'time.local', operator: 'equal', value: '06:30' },
  ],
  [
    'rule-value /value: found "workdays"; allowed is one of workday, saturday, sunday, holiday; did you mean "workday"?',
    { fact: 'calendar', operator: 'equal', value: 'workdays' },
  ],
  [
    'rule-operator-fit /operator: found "greaterThan"; "greaterThan" compares numbers, and calendar is one of',
    { fact: 'calendar', operator: 'greaterThan', value: 'workday' },
  ],
  [
    'rule-fact /params/of: found "approach"; the fact "time.local" takes no of; none is defined',
    { fact: 'time.local', params: { of: 'approach' }, operator: 'equal', value: 1 },
  ],
  [
    'rule-fact /params/window: found "3 min"; the fact "sun.elevation" takes no window; allowed is one of across, of',
    { fact: 'sun.elevation', params: { window: '3 min' }, operator: 'lessThan', value: -6 },
  ],
  [
    'rule-fact /params/name: found "dark"; the fact "sun.isUp" takes no name',
    { fact: 'sun.isUp', params: { name: 'dark' }, operator: 'equal', value: true },
  ],
  [
    'rule-value /value: found -100; allowed is a number from -90 to 90 deg',
    { fact: 'sun.elevation', operator: 'lessThan', value: -100 },
  ],
  [
    'rule-point /params/name: found "timePlam"; a TrafficController has no point "timePlam"; allowed is one of level, timePlan',
    { fact: 'reported', params: { name: 'timePlam' }, operator: 'equal', value: 3 },
  ],
  [
    'rule-value /value: found 80; allowed is a number from 0 to 1; 80 % is written 0.8',
    { fact: 'desired', params: { name: 'level' }, operator: 'equal', value: 80 },
  ],
  [
    'rule-across /params: found "near:50m/TrafficController"; these can be several assets',
    { fact: 'desired', params: { name: 'timePlan', of: 'near:50m/TrafficController' }, operator: 'equal', value: 3 },
  ],
  [
    'rule-fact /params/name: found "queue"; allowed is the id of a rule: <department>/<name>',
    { fact: 'activation', params: { name: 'queue' }, operator: 'equal', value: 'active' },
  ],
  [
    'rule-across /params/of: found "approach"; these can be several assets, and the fact "activation" is one asset’s',
    { fact: 'activation', params: { name: 'traffic/queue', of: 'approach' }, operator: 'equal', value: 'active' },
  ],
  [
    'rule-value /value: found "running"; allowed is one of active, pending, none',
    { fact: 'activation', params: { name: 'traffic/queue' }, operator: 'equal', value: 'running' },
  ],
])('%s', (expected, comparison) => {
  expect(found(comparison)).toContain(expected);
});
