// Units on the way in.
import { expect, test } from 'vitest';

import { convert, knownUnitsFor } from './units.ts';

test.each([
  [45, '%', '1', 0.45],
  [45, '1', '1', 45],
  [10, 'm/s', 'km/h', 36],
  [0.15, 'kW', 'W', 150],
  [150, 'mW', 'W', 0.15],
  [250, 'cm', 'm', 2.5],
  [250, 'mm', 'm', 0.25],
  [300, 'K', 'Cel', 26.85],
  [212, '[degF]', 'Cel', 100],
  [32, '[degF]', 'Cel', 0],
  [10, '/min', '/h', 600],
  [2, '/s', '/h', 7_200],
  [0.04, 'mg/m3', 'ug/m3', 40],
  [1_500, 'ms', 's', 1.5],
  [2, 'min', 's', 120],
])('%d %s in %s is %d', (value, from, to, expected) => {
  expect(convert(value, from, to)).toBeCloseTo(expected, 9);
});

test('keeps what people write: 7 % is 0.07 and nothing beside', () => {
  expect(Array.from({ length: 101 }, (_, percent) => convert(percent, '%', '1'))).toEqual(
    Array.from({ length: 101 }, (_, percent) => percent / 100),
  );
});

test.each([
  ['W', 'km/h'],
  ['furlong', 'm'],
  ['lx', 'W'],
  ['%', 'lx'],
  ['constructor', '1'],
  ['toString', 'W'],
])('knows no way from %s to %s', (from, to) => {
  expect(convert(1, from, to)).toBeUndefined();
});

test('lists the units that can be sent, the property’s own first', () => {
  expect(knownUnitsFor('W')).toEqual(['W', 'kW', 'mW']);
  expect(knownUnitsFor('lx')).toEqual(['lx']);
});
