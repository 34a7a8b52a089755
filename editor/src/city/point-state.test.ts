// Whether a point is as it is wanted, and what it does while nobody wants anything of it.
import { describe, expect, it } from 'vitest';

import type { CommandRecord } from '../../../engine/model/command.ts';
import { POINTS } from '../../../engine/model/points.ts';
import type { Manner } from '../format/format.ts';
import { de } from '../texts/de.ts';
import { en } from '../texts/en.ts';
import { asset, claim, commandRecord, fact, point, snapshot } from './city-builders.testsuite.ts';
import { fromSnapshot } from './city-state.ts';
import { isAsWanted, METERS, unheldInWords } from './point-state.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const LEVEL = `${LAMP}#level`;
const english: Manner = { locale: en.locale, timeZone: 'UTC', words: en.words };
const german: Manner = { locale: de.locale, timeZone: 'UTC', words: de.words };

const reported = (value: number, cause = 'command', at = 2_000) => ({ reported: { value, cause, at } });
const released = (...states: Parameters<typeof commandRecord>[2] & object): CommandRecord => {
  const record = commandRecord(LEVEL, 1, states);
  return { ...record, command: { ...record.command, want: { release: true } } };
};

/** A lamp of 60 W, with what its meter reads. */
const city = (watts: number, some: Parameters<typeof fact>[3] = {}) =>
  fromSnapshot(
    snapshot({
      assets: [asset(LAMP, { attributes: { watts: 60 } })],
      facts: [fact(LAMP, 'activePower', watts, { observedAt: 9_000, ...some })],
    }),
  );

describe('a point that nobody holds', () => {
  it.each([
    [released('queued', 'sent', 'unverified'), 'still as commanded: 30 %, release unverified'],
    [released('queued', 'sent'), 'still as commanded: 30 %, release sent'],
    [commandRecord(LEVEL, 1, ['queued', 'sent', 'verified']), 'still as commanded: 30 %'],
    [undefined, 'still as commanded: 30 %'],
  ])('says that it still does what it was told (%#)', (newest, words) => {
    expect(unheldInWords(english, en, point(LEVEL, undefined, reported(0.3)), newest)).toBe(words);
  });

  it('says so in German', () => {
    const newest = released('queued', 'sent', 'unverified');
    expect(unheldInWords(german, de, point(LEVEL, undefined, reported(0.3)), newest)).toBe(
      'noch wie befohlen: 30 %, Freigabe unbewiesen',
    );
  });

  it('follows its own programme when it says so, or has said nothing', () => {
    const own = point(LEVEL, undefined, reported(0.3, 'programme'));
    expect(unheldInWords(english, en, own, released('queued', 'sent', 'verified'))).toBe('own programme');
    expect(unheldInWords(english, en, point(LEVEL), undefined)).toBe('own programme');
  });
});

describe('as wanted', () => {
  const unverified = commandRecord(LEVEL, 1_000, ['queued', 'sent', 'unverified']);
  const wanted = point(LEVEL, claim(0.8), reported(0.8));

  it('is a lamp whose meter speaks again and agrees, though its command ended unverified', () => {
    expect(isAsWanted(city(47), wanted, unverified)).toBe(true);
  });

  it.each([
    ['its meter disagrees', city(0), wanted],
    ['its meter is silent', city(47, { state: 'stale' }), wanted],
    ['its meter has not spoken since the command', city(47, { observedAt: 999 }), wanted],
    ['only a flow speaks for its meter', city(47, { source: 'flow:lighting' }), wanted],
    ['it reports something else', city(47), point(LEVEL, claim(0.8), reported(0.3))],
    ['it has not reported since the command', city(47), point(LEVEL, claim(0.8), reported(0.8, 'command', 999))],
    ['it has reported nothing', city(47), point(LEVEL, claim(0.8))],
  ])('is no lamp of which %s', (_why, around, view) => {
    expect(isAsWanted(around, view, unverified)).toBe(false);
  });

  it('is a released point once the device acts by itself, whatever was wanted before', () => {
    expect(isAsWanted(city(0), point(LEVEL, undefined, reported(0.3, 'programme')), unverified)).toBe(true);
    expect(isAsWanted(city(0), point(LEVEL, undefined, reported(0.3)), unverified)).toBe(false);
  });

  it('knows the same meters as the engine', () => {
    const declared = Object.entries(POINTS).flatMap(([type, points]) =>
      Object.entries(points).flatMap(([name, { instrument }]) => (instrument ? [[`${type}#${name}`, instrument]] : [])),
    );
    expect(METERS).toEqual(Object.fromEntries(declared));
  });
});
