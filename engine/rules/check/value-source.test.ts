// Values that claims read from facts and attributes: out of the point's unit or range they are refused, or warned of.
import { describe, expect, test } from 'vitest';

import { assetSchema } from '../../model/asset.ts';
import { describeProblems } from '../../model/result.ts';
import { checkRule } from '../parse-rule.ts';
import { createRuleCatalogue } from './catalogue.ts';

const point = (value: unknown) => ({
  value,
  safe: { release: true },
  afterDeath: 'stays',
  notAfter: '10 s',
  provenWithin: '10 s',
  tolerance: 0,
  endsItself: false,
});
const lamp = (name: string, attributes: Record<string, unknown>) =>
  assetSchema.parse({
    id: `urn:ngsi-ld:Streetlight:${name}`,
    type: 'Streetlight',
    title: name,
    department: 'lighting',
    attributes,
    reports: { activePower: { every: '1 h' }, batteryLevel: { every: '1 h' }, queueLength: { every: '1 h' } },
    points: {
      level: {},
      step: point({ type: 'number', unit: '1', min: 0, max: 5, integer: true }),
      warmth: point({ type: 'number', unit: 'Cel', min: 2_000, max: 3_000 }),
      mode: point({ type: 'word', words: ['active', 'none'] }),
      state: point({ type: 'word', words: ['warm', 'cold'] }),
    },
    binding: { adapter: 'mqtt', device: 'c1' },
  });
const CATALOGUE = createRuleCatalogue({
  assets: [lamp('l1', { watts: 60, night: 0.3, share: 0.5 }), lamp('l2', { watts: 70, night: 30, share: 0.7 })],
  conditions: [],
});

/** What is said of the action: problems, then warnings. */
function saidOf(action: Record<string, unknown>): string[] {
  const checked = checkRule(
    {
      id: 'lighting/q',
      title: 'Q',
      scope: { type: 'Streetlight' },
      conditions: { fact: 'activePower', operator: 'greaterThan', value: 1 },
      actions: [action],
    },
    CATALOGUE,
  );
  const problems = checked.ok ? [] : checked.problems;
  return [...problems, ...checked.warnings].map((one) => `${one.code} ${describeProblems([one])}`);
}

describe('a value read from a fact', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['fits', { point: 'level', set: { fact: 'batteryLevel' } }, []],
    [
      'in another unit is refused',
      { point: 'level', set: { fact: 'activePower' } },
      ['rule-unit /actions/0/set: found "activePower"; the fact is in W, the point is a share of 1'],
    ],
    [
      'that is a share where a plain number is wanted is refused',
      { point: 'step', atLeast: { fact: 'batteryLevel' } },
      ['rule-unit /actions/0/atLeast: found "batteryLevel"; the fact is a share of 1, the point is a plain number'],
    ],
    [
      'that can never be within the range is refused',
      { point: 'warmth', set: { fact: 'temperature' } },
      [
        'rule-value /actions/0/set: found "temperature"; the fact is a number from -60 to 1000 Cel, the point takes a number from 2000 to 3000 Cel',
        'rule-unreported /actions/0/set/fact: found "temperature"; a Streetlight does not say that it reports temperature: unknown until one does',
      ],
    ],
    [
      'that can be out of the range is warned of',
      { point: 'step', set: { fact: 'queueLength' } },
      [
        'rule-beyond /actions/0/set: found "queueLength"; the fact is a number from 0 to 1000, the point takes a whole number from 0 to 5: while the fact is anything else the claim is not made',
      ],
    ],
    [
      'of which some words are none of the point’s is warned of',
      { point: 'mode', set: { fact: 'activation', params: { name: 'lighting/q' } } },
      [
        'rule-beyond /actions/0/set: found "activation"; the fact is one of active, pending, none, the point takes one of active, none: while the fact is anything else the claim is not made',
      ],
    ],
    [
      'of which no word is the point’s is refused',
      { point: 'state', set: { fact: 'calendar' } },
      [
        'rule-value /actions/0/set: found "calendar"; the fact is one of workday, saturday, sunday, holiday, the point takes one of warm, cold',
      ],
    ],
    [
      'how often something was read has no unit, and its range is open',
      { point: 'step', set: { fact: 'activePower', params: { window: '1 h', aggregate: 'count' } } },
      [
        'rule-beyond /actions/0/set: found "activePower"; the fact is a number, 0 or more, the point takes a whole number from 0 to 5: while the fact is anything else the claim is not made',
      ],
    ],
  ])('%s', (_, action, expected) => {
    expect(saidOf(action)).toEqual(expected);
  });
});

describe('a value read from an attribute', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['fits', { point: 'level', set: { attribute: 'share' } }, []],
    [
      'that is out of range for every asset is refused',
      { point: 'level', set: { attribute: 'watts' } },
      [
        'rule-value /actions/0/set/attribute: found "watts"; the attribute is 60, 70, the point takes a number from 0 to 1',
      ],
    ],
    [
      'that is out of range for some assets is warned of',
      { point: 'level', atMost: { attribute: 'night' } },
      [
        'rule-beyond /actions/0/atMost/attribute: found "night"; the attribute is 30 for some assets, the point takes a number from 0 to 1: for those the claim is not made',
      ],
    ],
  ])('%s', (_, action, expected) => {
    expect(saidOf(action)).toEqual(expected);
  });
});
