// Sentences about the city, in both languages.
import { describe, expect, it } from 'vitest';

import type { Manner } from '../format/format.ts';
import { de } from '../texts/de.ts';
import { en } from '../texts/en.ts';
import { asset, claim, decision, point } from './city-builders.testsuite.ts';
import {
  bareFact,
  commandInWords,
  factInWords,
  holderOf,
  isHeldLocally,
  noReadingsInWords,
  ownerInWords,
  partsOfPoint,
  titleOf,
  titleOfName,
  whyInWords,
} from './words.ts';

const english: Manner = { locale: en.locale, timeZone: 'UTC', words: en.words };
const german: Manner = { locale: de.locale, timeZone: 'UTC', words: de.words };
const J4 = 'urn:ngsi-ld:TrafficController:J4';

/** What a command says whose claim is this owner's. */
const by = (owner: string) => ({ cause: { arbitration: point('a#level', claim(1, { owner })).arbitration } });

const relief = decision('d1', 0, {
  trace: [
    { path: '/conditions/all', outcome: true },
    {
      path: '/conditions/all/0',
      outcome: true,
      fact: 'occupancy of approach/detectors, max, avg over 15 s',
      operator: 'greaterThan',
      wanted: 0.35,
      found: 0.462,
      unit: '1',
    },
    {
      path: '/conditions/all/1',
      outcome: true,
      fact: 'controlMode',
      operator: 'equal',
      wanted: 'control',
      found: 'control',
    },
  ],
});

describe('a decision', () => {
  it('says why it began, with what was found and needed', () => {
    expect(whyInWords(english, en, relief)).toBe(
      'Occupancy of approach/detectors, max, avg over 15 s 46.2 % > 35 % · Mode in control = in control',
    );
  });

  it('says why it ended in the reader’s language', () => {
    const ended = { ...relief, kind: 'ended' as const, reason: 'it cleared', trace: relief.trace.slice(1, 2) };
    expect(whyInWords(german, de, ended)).toBe(
      'die Ende-Bedingung ist erfüllt (Belegung of approach/detectors, max, avg over 15 s 46,2 % > 35 %)',
    );
  });

  it.each([
    ['not:greaterThan', 0.5, 'Occupancy 20 % ≤ 50 %', 'Belegung 20 % ≤ 50 %'],
    ['swap:contains', [0.2, 0.5], 'Occupancy 20 % ∈ 20 %, 50 %', 'Belegung 20 % ∈ 20 %, 50 %'],
    [
      'someValue:lessThan',
      [0.1, 0.5],
      'Occupancy 20 % < at least one of 10 %, 50 %',
      'Belegung 20 % < mindestens eines von 10 %, 50 %',
    ],
  ])('says what %s asks, in either language', (operator, wanted, inEnglish, inGerman) => {
    const trace = [{ path: '/conditions', outcome: true as const, fact: 'occupancy', operator, wanted, found: 0.2 }];
    expect(whyInWords(english, en, { ...relief, trace })).toBe(inEnglish);
    expect(whyInWords(german, de, { ...relief, trace }).replaceAll('\u00A0', ' ')).toBe(inGerman);
  });

  it('does not read as if it held when it did not', () => {
    const trace = [
      {
        path: '/conditions',
        outcome: false as const,
        fact: 'fillingLevel',
        operator: 'greaterThan',
        wanted: 0.7,
        found: 0.31,
      },
    ];
    const ended = { ...relief, kind: 'ended' as const, reason: 'the conditions no longer hold', trace };
    expect(whyInWords(english, en, ended)).toBe('the conditions no longer hold (Filling 31 % not > 70 %)');
  });

  it('keeps an unknown value visible as such', () => {
    const trace = [{ path: '/conditions', outcome: 'unknown' as const, fact: 'illuminance', operator: 'lessThan' }];
    expect(whyInWords(english, en, { ...relief, trace })).toBe('Light ? < ?');
  });
});

describe('a point', () => {
  it('is held by its winner, or by the bound that shapes the device’s own programme', () => {
    const bound = claim(0.8, { effect: 'atLeast', owner: 'rule lighting/motion-lift' });
    expect(holderOf(point('a#level', claim(1)))?.value).toBe(1);
    const shaped = point('a#level');
    expect(holderOf(shaped)).toBeUndefined();
    expect(holderOf({ ...shaped, arbitration: { ...shaped.arbitration, bounds: [bound] } })).toBe(bound);
  });

  it('knows a hand at the cabinet', () => {
    expect(isHeldLocally(point('a#level', claim(1, { owner: 'local J4' })))).toBe(true);
    expect(isHeldLocally(point('a#level', claim(1)))).toBe(false);
  });

  it('is taken apart at the last #', () => {
    expect(partsOfPoint('urn:x:y#z#level')).toEqual({ asset: 'urn:x:y#z', point: 'level' });
  });
});

describe('a command without readings', () => {
  it('was asked for by somebody, or its readings are no longer kept', () => {
    expect(noReadingsInWords(en, by('operator ann'))).toBe('None: an operator asked for it.');
    expect(noReadingsInWords(de, by('operator ann'))).toBe('Keine: jemand hat es von Hand verlangt.');
    expect(noReadingsInWords(en, by('flow traffic'))).toBe('None on record: a department’s flow asked for it.');
    expect(noReadingsInWords(en, { cause: { arbitration: point('a#level').arbitration } })).toBe(
      'None: no rule decided it.',
    );
    expect(noReadingsInWords(en, { cause: { ...by('rule lighting/dusk').cause, decisionId: 'd1' } })).toBe(
      'The readings behind it are not in the record (any more).',
    );
  });
});

describe('names', () => {
  it('say what a command is for', () => {
    const assets = new Map([[J4, asset(J4, { title: 'J4 Market Square' })]]);
    const command = (want: Parameters<typeof commandInWords>[3]['want']) => ({ point: `${J4}#timePlan`, want });
    expect(commandInWords(english, en, assets, command({ value: 3, rampSeconds: 0 }))).toBe(
      'J4 Market Square → Plan 3',
    );
    expect(commandInWords(german, de, assets, command({ release: true }))).toBe('J4 Market Square → Freigabe');
  });

  it('use a rule’s title when it is known', () => {
    const titles = new Map([['traffic/queue-relief', 'Queue relief']]);
    expect(ownerInWords(en, 'rule traffic/queue-relief', titles)).toBe('Queue relief');
    expect(ownerInWords(en, 'rule traffic/other', titles)).toBe('traffic/other');
    expect(ownerInWords(en, 'operator ann', titles)).toBe('operator ann');
    expect(ownerInWords(en, 'stand-down */f632555b', titles)).toBe('a stand-down');
    expect(ownerInWords(de, 'stand-down */f632555b', titles)).toBe('Stillsetzung');
  });

  it('of places and assets that nobody has named are made from their ids', () => {
    expect(titleOfName('river-path')).toBe('River Path');
    expect(titleOf(new Map(), J4)).toBe('J4');
  });

  it('of facts leave out what narrows them down', () => {
    expect(bareFact('occupancy of approach/detectors, max')).toBe('occupancy');
    expect(bareFact('attribute queueAbove of approach')).toBe('queueAbove');
    expect(factInWords(en, 'attribute queueAbove of approach')).toBe('Relief from of approach');
  });
});
