// Formatting: units, the city's zone, dates where it is not today, counting.
import { describe, expect, it } from 'vitest';

import { formatAge, formatCount, formatStep, formatTime, formatValue, isRatio, type Manner } from './format.ts';

const english: Manner = { locale: 'en-GB', timeZone: 'Europe/Berlin', words: { true: 'yes', false: 'no' } };
const german: Manner = { ...english, locale: 'de-DE', words: { true: 'ja', compacting: 'presst' } };
const NOON = Date.UTC(2026, 10, 22, 11, 0, 5);

describe('values', () => {
  it.each([
    ['occupancy', 0.46, undefined, '46 %'],
    ['level', 0.805, undefined, '80.5 %'],
    ['batteryLevel', 1, '1', '100 %'],
    ['queueLength', 12, '1', '12'],
    ['timePlan', 3, undefined, '3'],
    ['temperature', -4.25, 'Cel', '-4.25 °C'],
    ['no2', 41.23, undefined, '41.2 µg/m³'],
    ['illuminance', 12_345.6, 'lx', '12,346 lx'],
    ['motion', true, undefined, 'yes'],
    ['somethingElse', 7, 'bar', '7 bar'],
    ['controlMode', 'standby', undefined, 'standby'],
  ] as const)('%s %s %s reads %s', (name, value, unit, text) => {
    expect(formatValue(english, name, value, unit)).toBe(text);
  });

  it('follow the language', () => {
    expect(formatValue(german, 'level', 0.805)).toBe('80,5 %');
    expect(formatValue(german, 'compaction', 'compacting')).toBe('presst');
    expect(formatValue(german, 'motion', false)).toBe('false');
  });

  it('a queue of one vehicle is not 100 %', () => {
    expect(isRatio('queueLength')).toBe(false);
  });
});

describe('times', () => {
  it('are in the city’s zone, wherever the browser is', () => {
    expect(formatTime(english, NOON, NOON)).toBe('12:00:05');
    expect(formatTime({ ...english, timeZone: 'America/New_York' }, NOON, NOON)).toBe('06:00:05');
  });

  it('carry the date where it is not today in the city', () => {
    expect(formatTime(english, NOON - 86_400_000, NOON)).toBe('21 Nov, 12:00:05');
    expect(formatTime(german, NOON - 86_400_000, NOON)).toBe('21. Nov., 12:00:05');
    // 23:30 UTC is already tomorrow in Berlin.
    expect(formatTime(english, Date.UTC(2026, 10, 21, 23, 30), NOON)).toBe('00:30:00');
  });

  it('midnight reads 00, not 24', () => {
    expect(formatTime(english, Date.UTC(2026, 10, 21, 23, 0), NOON)).toBe('00:00:00');
  });
});

describe('durations', () => {
  it.each([
    [-5, '0:00'],
    [7_900, '0:07'],
    [725_000, '12:05'],
    [3_723_000, '1:02:03'],
  ])('%i ms counts %s', (durationMs, text) => expect(formatCount(durationMs)).toBe(text));

  it.each([
    [-1, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_100_000, '118 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('%i ms is %s old', (ageMs, text) => expect(formatAge(ageMs)).toBe(text));

  it('a step is short', () => {
    expect(formatStep(english, 420)).toBe('+0.4 s');
    expect(formatStep(german, 420)).toBe('+0,4 s');
    expect(formatStep(english, 12_000)).toBe('+12 s');
  });
});
