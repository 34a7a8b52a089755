// Durations as people and machines write them.
import { assert, integer, oneof, property, string, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { check } from './check.ts';
import { durationMs, durationSchema, parseDuration } from './duration.ts';

test.each([
  ['250 ms', 250],
  ['1 s', 1_000],
  ['90s', 90_000],
  ['1 sec', 1_000],
  ['1 second', 1_000],
  ['2 seconds', 2_000],
  ['3 min', 180_000],
  ['1 minute', 60_000],
  ['3 minutes', 180_000],
  ['1.5 h', 5_400_000],
  ['1 hour', 3_600_000],
  ['2 hours', 7_200_000],
  ['1 d', 86_400_000],
  ['1 day', 86_400_000],
  ['2 days', 172_800_000],
  ['  3 Min ', 180_000],
  ['0.0005 s', 1],
  ['PT3M', 180_000],
  ['PT1.5S', 1_500],
  ['P1D', 86_400_000],
  ['P1DT12H', 129_600_000],
  ['PT1H30M5S', 5_405_000],
])('reads %j as %d ms', (text, lengthMs) => {
  expect(parseDuration(text)).toEqual({ ok: true, value: lengthMs });
  expect(durationMs(text)).toBe(lengthMs);
});

describe('refuses', () => {
  test.each([
    ['no number', 'min'],
    ['no unit', '3'],
    ['an unknown unit', '3 weeks'],
    ['a unit that is a word of the language', '3 constructor'],
    ['a sign', '-3 min'],
    ['nothing', ''],
    ['no length', '0 s'],
    ['less than a millisecond', '0.1 ms'],
    ['an empty period', 'P'],
    ['an empty time', 'PT'],
    ['a time that is announced and missing', 'P1DT'],
    ['months, whose length varies', 'P1M'],
    ['years, whose length varies', 'P1Y'],
    ['two spoken parts', '1 h 30 min'],
    ['a little more than a leap year', '31622401 s'],
    ['more milliseconds than can be counted', '9999999999 days'],
    ['more than any number', `${'9'.repeat(400)} days`],
    ['the same in ISO 8601', `P${'9'.repeat(400)}D`],
  ])('%s', (_, text) => {
    expect(parseDuration(text)).toMatchObject({ ok: false, problems: [{ code: 'duration', path: '' }] });
    expect(() => durationMs(text)).toThrow(RangeError);
  });
});

test('says what was found and what is allowed', () => {
  const parsed = parseDuration('soon');
  expect(parsed.ok ? '' : parsed.problems[0]?.message).toMatchInlineSnapshot(
    `"found "soon"; allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days"`,
  );
});

test('stays text in a document, and says once what was found when it cannot be read', () => {
  expect(check(durationSchema, '3 min')).toEqual({ ok: true, value: '3 min' });
  const refused = check(durationSchema, 'soon');
  expect(refused.ok ? '' : refused.problems[0]?.message).toMatchInlineSnapshot(
    `"allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "soon""`,
  );
});

test('reads every whole number of seconds the same in both forms', () => {
  assert(
    property(integer({ min: 1, max: 366 * 86_400 }), (seconds) => {
      expect(durationMs(`${seconds} s`)).toBe(seconds * 1_000);
      expect(durationMs(`PT${seconds}S`)).toBe(seconds * 1_000);
    }),
  );
});

test('either refuses a text or reads whole milliseconds longer than nothing', () => {
  const text = oneof(string(), stringMatching(/^[0-9]{1,25}(\.[0-9]{1,5})? ?(ms|s|min|h|d|P|T)$/));
  assert(
    property(text, (written) => {
      const parsed = parseDuration(written);
      return !parsed.ok || (Number.isSafeInteger(parsed.value) && parsed.value > 0);
    }),
    { numRuns: 2_000 },
  );
});
