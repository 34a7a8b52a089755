import { expect, it } from 'vitest';
import { encodeCompaction } from '../bin-compactor/encode.ts';
import { encodeTimePlan } from '../signal-controller/encode.ts';
import { encodeLevel } from '../streetlight/encode.ts';
import { valueTypeOf } from './wish.ts';

it.each([
  [encodeTimePlan, 3, { value: 3, rampSeconds: 0 }],
  [encodeTimePlan, { value: 255 }, { value: 255, rampSeconds: 0 }],
  [encodeTimePlan, { release: true }, { release: true }],
  [encodeLevel, 0, { value: 0, rampSeconds: 0 }],
  [encodeLevel, { value: 0.8, ramp: '2 s' }, { value: 0.8, rampSeconds: 2 }],
  [encodeLevel, { value: 0.8, ramp: 'PT1H' }, { value: 0.8, rampSeconds: 3_600 }],
  [encodeCompaction, 'compacting', { value: 'compacting', rampSeconds: 0 }],
])('%o reads %j', (encode, payload, value) => {
  expect(encode(payload)).toEqual({ ok: true, value });
});

it.each([
  [encodeTimePlan, 0, ': found 0; allowed is a whole number from 1 to 255'],
  [encodeTimePlan, '3', ': found "3"; allowed is a whole number from 1 to 255'],
  [encodeTimePlan, undefined, ': found nothing; allowed is a whole number from 1 to 255'],
  [encodeTimePlan, null, ': found null; allowed is a whole number from 1 to 255'],
  [encodeLevel, 80, ': found 80; allowed is a number from 0 to 1'],
  [encodeLevel, { value: 0.8, ramp: 2 }, '/ramp: found 2; allowed is a duration such as "2 s", at most 1 h'],
  [encodeLevel, { value: 0.8, ramp: '2 h' }, '/ramp: found "2 h"; allowed is a duration such as "2 s", at most 1 h'],
  [
    encodeLevel,
    { level: 0.8 },
    '/level: found 0.8; allowed is value, ramp or release\n/value: found nothing; allowed is a number from 0 to 1',
  ],
  [encodeLevel, { release: false }, ': found {"release":false}; allowed is {"release": true} by itself'],
  [
    encodeLevel,
    { release: true, value: 1 },
    ': found {"release":true,"value":1}; allowed is {"release": true} by itself',
  ],
  [encodeCompaction, true, ': found true; allowed is one of idle, compacting'],
])('%o refuses %j and says what is allowed', (encode, payload, problems) => {
  const result = encode(payload);
  expect(result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')).toBe(problems);
});

it('knows only points that the city declares', () => {
  expect(() => valueTypeOf('Streetlight', 'colour')).toThrow('Streetlight has no point colour');
});
