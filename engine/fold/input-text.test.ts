import { array, assert, constant, constantFrom, integer, oneof, property, record, string } from 'fast-check';
import { expect, it } from 'vitest';

import type { Input } from '../model/input.ts';
import { readingSchema, type Reading } from '../model/reading.ts';
import { readInput, writeInput } from './input-text.ts';

const reading: Required<Reading> = {
  id: '17/occupancy',
  asset: 'urn:ngsi-ld:Detector:x',
  property: 'occupancy',
  value: 0.5,
  unit: '1',
  observedAt: 1_000,
  receivedAt: 1_100,
  quality: 'good',
  source: 'flow:traffic',
};

/** Few values of each field, so that neighbours often share some of them and often differ in one. */
const anyReading = record<Reading>(
  {
    id: string({ minLength: 1, maxLength: 8 }),
    asset: constantFrom('urn:ngsi-ld:Detector:x', 'urn:ngsi-ld:Detector:y'),
    property: constantFrom('occupancy', 'speed'),
    value: oneof(integer(), constantFrom(true, false, 'closed', 0.1)),
    unit: constant('km/h'),
    observedAt: constantFrom(1_000, 2_000),
    receivedAt: constantFrom(1_100, 2_100),
    quality: constantFrom('good', 'bad'),
    source: constantFrom('flow:traffic', 'adapter:mqtt'),
  },
  { requiredKeys: ['id', 'asset', 'property', 'value', 'observedAt', 'receivedAt', 'quality', 'source'] },
);

it('gives back the readings that were written, in their order, whatever they share', () => {
  assert(
    property(array(anyReading, { minLength: 1, maxLength: 12 }), (readings) => {
      const input: Input = { kind: 'readings', readings };
      expect(readInput(writeInput(input))).toEqual(input);
    }),
  );
});

it('keeps every field that a reading can have', () => {
  expect(Object.keys(reading).toSorted()).toEqual(Object.keys(readingSchema.shape).toSorted());
  expect(readInput(writeInput({ kind: 'readings', readings: [reading] }))).toEqual({
    kind: 'readings',
    readings: [reading],
  });
});

it('writes once what the readings of one message share', () => {
  const readings = ['occupancy', 'speed', 'count'].map((name) => ({ ...reading, id: `17/${name}`, property: name }));
  expect(writeInput({ kind: 'readings', readings }).split(reading.asset)).toHaveLength(2);
});

it('reads readings that were written one by one, and every other input as it is', () => {
  const inputs: Input[] = [{ kind: 'readings', readings: [reading] }, { kind: 'tick' }];
  for (const input of inputs) expect(readInput(JSON.stringify(input))).toEqual(input);
  expect(writeInput({ kind: 'tick' })).toBe('{"kind":"tick"}');
});
