import { expect, it } from 'vitest';
import { decodeLight } from './decode.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const entity = (more: object) => ({
  type: 'Streetlight',
  id: LAMP,
  observationDateTime: '2021-01-11T15:51:02+05:30',
  ...more,
});
const valuesOf = (payload: unknown, asset?: string) => {
  const { readings, problems } = decodeLight(payload, { topic: '', asset });
  return {
    values: Object.fromEntries(readings.map(({ property, value }) => [property, value])),
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
  };
};

it.each([
  ['lux of a light sensor', { illuminance: 12.5 }],
  ['motion', { motion: false }],
  ['a lamp’s meter and failure', { activePower: 61.5, lampFailure: false }],
  ['an air station of the department', { no2: 31, LAeq: 62.4 }],
])('passes native telemetry: %s', (_, readings) => {
  const payload = { asset: LAMP, observedAt: '2026-11-22T16:41:00+01:00', readings };
  expect(valuesOf(payload)).toEqual({ values: readings, problems: [] });
});

it('brings humidity in percent and power in kilowatts to the city’s units', () => {
  const payload = {
    asset: LAMP,
    observedAt: '2026-11-22T16:41:00Z',
    readings: { relativeHumidity: 81, activePower: 0.0615 },
    units: { relativeHumidity: '%', activePower: 'kW' },
  };
  expect(valuesOf(payload).values).toEqual({ relativeHumidity: 0.81, activePower: 61.5 });
});

it('takes from an entity the power and what the status says about the lamp, at the stated time', () => {
  const payload = entity({ powerConsumption: 10, status: 'ok', illuminanceLevel: 0.5, powerState: 'on', current: 250 });
  expect(valuesOf(payload)).toEqual({ values: { activePower: 10, lampFailure: false }, problems: [] });
  expect(decodeLight(payload, { topic: '' }).readings[0]?.observedAt).toBe(Date.parse('2021-01-11T10:21:02Z'));
});

it.each([
  ['defectiveLamp', { lampFailure: true }],
  ['brokenLantern', {}],
  ['columnIssue', {}],
])('says about the lamp only what the status %s says', (status, values) => {
  expect(valuesOf(entity({ status, powerConsumption: 10 })).values).toEqual({ activePower: 10, ...values });
});

it('uses the asset of the form where an entity’s id is no asset of ours', () => {
  const payload = { ...entity({ powerConsumption: 10 }), id: 'streetlight:guadalajara:4567' };
  expect(decodeLight(payload, { topic: '', asset: LAMP }).readings[0]?.asset).toBe(LAMP);
  expect(valuesOf(payload).problems).toHaveLength(1);
});

it('uses the asset of the form where telemetry names none, and never instead of one that it names', () => {
  const telemetry = { observedAt: '2026-11-22T16:41:00Z', readings: { motion: true } };
  expect(decodeLight(telemetry, { topic: '', asset: LAMP }).readings[0]?.asset).toBe(LAMP);
  const named = { ...telemetry, asset: 'urn:ngsi-ld:MotionSensor:river-path-1' };
  expect(decodeLight(named, { topic: '', asset: LAMP }).readings[0]?.asset).toBe(named.asset);
});
