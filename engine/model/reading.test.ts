// Raw values brought to the property's own unit, or refused with a reason.
import { describe, expect, test } from 'vitest';

import { check } from './check.ts';
import { normalise, readingSchema } from './reading.ts';

test.each([
  ['a number in the property’s own unit', 'occupancy', 0.45, undefined, { value: 0.45, unit: '1' }],
  ['a number in the same unit by name', 'occupancy', 0.45, '1', { value: 0.45, unit: '1' }],
  ['a number in a unit that converts', 'occupancy', 45, '%', { value: 0.45, unit: '1' }],
  ['a temperature in Fahrenheit', 'temperature', 212, '[degF]', { value: 100, unit: 'Cel' }],
  ['a truth value', 'motion', false, undefined, { value: false }],
  ['a word', 'door', 'open', undefined, { value: 'open' }],
  ['a word with a unit, which means nothing', 'door', 'open', '%', { value: 'open' }],
  ['the lowest value', 'temperature', -60, undefined, { value: -60, unit: 'Cel' }],
  ['the highest value', 'occupancy', 1, undefined, { value: 1, unit: '1' }],
  ['any value of a property that the city does not know', 'tilt', 12, undefined, { value: 12 }],
  ['such a value with its own unit', 'tilt', 12, 'deg', { value: 12, unit: 'deg' }],
  ['a property named like a word of the language', 'constructor', 12, undefined, { value: 12 }],
])('takes %s', (...[, property, raw, unit, expected]) => {
  expect(normalise(property, raw, unit)).toEqual(expected);
});

describe('refuses', () => {
  test.each([
    ['80 where 0.8 is meant', 'occupancy', 80, undefined, 'reading-value'],
    ['too much after conversion', 'occupancy', 101, '%', 'reading-value'],
    ['an unknown unit', 'occupancy', 45, 'furlong', 'reading-unit'],
    ['a unit named like a word of the language', 'occupancy', 45, 'constructor', 'reading-unit'],
    ['a number as text', 'occupancy', '0.45', undefined, 'reading-value'],
    ['a number as text with a unit', 'occupancy', '45', '%', 'reading-value'],
    ['nothing', 'occupancy', null, undefined, 'reading-value'],
    ['no number', 'occupancy', Number.NaN, '%', 'reading-value'],
    ['endlessness', 'illuminance', Number.POSITIVE_INFINITY, undefined, 'reading-value'],
    ['a truth value as a number', 'motion', 1, undefined, 'reading-value'],
    ['an unknown word', 'door', 'ajar', undefined, 'reading-value'],
    ['a structure under a name of the asset’s own', 'tilt', { x: 1 }, undefined, 'reading-value'],
  ])('%s', (...[, property, raw, unit, code]) => {
    expect(normalise(property, raw, unit)).toMatchObject({ code, path: `/${property}` });
  });
});

test('says what was found and what is allowed', () => {
  expect(normalise('occupancy', 80)).toMatchInlineSnapshot(`
    {
      "allowed": "a number from 0 to 1",
      "code": "reading-value",
      "found": "80",
      "message": "found 80; allowed is a number from 0 to 1",
      "path": "/occupancy",
    }
  `);
  expect(normalise('occupancy', 45, 'furlong')).toMatchInlineSnapshot(`
    {
      "allowed": "1, %",
      "code": "reading-unit",
      "found": ""furlong"",
      "message": "found "furlong"; allowed is 1, %",
      "path": "/occupancy",
    }
  `);
  expect(normalise('averageVehicleSpeed', 900)).toMatchInlineSnapshot(`
    {
      "allowed": "a number from 0 to 250 km/h",
      "code": "reading-value",
      "found": "900",
      "message": "found 900; allowed is a number from 0 to 250 km/h",
      "path": "/averageVehicleSpeed",
    }
  `);
  expect(normalise('tilt', null)).toMatchInlineSnapshot(`
    {
      "allowed": "a number, true, false or a word",
      "code": "reading-value",
      "found": "null",
      "message": "found null; allowed is a number, true, false or a word",
      "path": "/tilt",
    }
  `);
});

test('a reading is of good quality unless it says otherwise', () => {
  const reading = {
    id: 'm1/motion',
    asset: 'urn:ngsi-ld:MotionSensor:m1',
    property: 'motion',
    value: true,
    observedAt: 0,
    receivedAt: 0,
    source: 'flow:lighting',
  };
  expect(check(readingSchema, reading)).toMatchObject({ ok: true, value: { quality: 'good' } });
});
