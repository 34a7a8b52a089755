import { expect, it } from 'vitest';
import { decodeBin } from './decode.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:rp-1';
const entity = (more: object) => ({ type: 'WasteContainer', id: BIN, dateObserved: '2026-11-22T05:10:00Z', ...more });
const observedAt = (payload: object) => decodeBin(payload, { topic: '' }).readings[0]?.observedAt;
const valuesOf = (payload: unknown) => {
  const { readings, problems } = decodeBin(payload, { topic: '' });
  return {
    values: Object.fromEntries(readings.map(({ property, value }) => [property, value])),
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
  };
};

it.each([
  ['a filling level', { fillingLevel: 0.82 }, { fillingLevel: 0.82 }],
  ['temperature and status', { temperature: 24, status: 'burning' }, { temperature: 24, status: 'burning' }],
  ['not the threshold beside the level', { fillingLevel: 0.82, binFullnessThreshold: 80 }, { fillingLevel: 0.82 }],
  ['an empty bin', { fillingLevel: 0 }, { fillingLevel: 0 }],
])('takes from an entity %s', (_, attributes, values) => {
  expect(valuesOf(entity(attributes))).toEqual({ values, problems: [] });
});

it.each([
  ['a percentage', { fillingLevel: 82 }, '/fillingLevel: found 82; allowed is a number from 0 to 1'],
  [
    'an unknown status',
    { status: 'full' },
    '/status: found "full"; allowed is one of ok, lidOpen, dropped, moved, vandalized, burning, unknown',
  ],
])('refuses %s', (_, attributes, problem) => {
  expect(valuesOf(entity(attributes))).toEqual({ values: {}, problems: [problem] });
});

it('takes a level in percent from telemetry that says so', () => {
  const payload = {
    asset: BIN,
    observedAt: '2026-11-22T05:10:00Z',
    readings: { fillingLevel: 82 },
    units: { fillingLevel: '%' },
    quality: 'uncertain',
  };
  expect(decodeBin(payload, { topic: '' }).readings).toMatchObject([{ value: 0.82, quality: 'uncertain' }]);
});

it('knows the times that bins state', () => {
  const { dateObserved: _, ...rest } = entity({ fillingLevel: 0.5 });
  expect(observedAt({ ...rest, binLoggedTime: '2021-03-01T15:51:02+05:30' })).toBe(Date.parse('2021-03-01T10:21:02Z'));
  expect(observedAt({ ...rest, TimeInstant: '2021-03-01T10:21:02.500Z' })).toBe(Date.parse('2021-03-01T10:21:02.500Z'));
});
