// Public holidays by country, state and region.
import { expect, test } from 'vitest';

import { isHoliday, isHolidayRegion } from './holidays.ts';

test.each([
  ['GB-ENG', '2026-12-25', true],
  ['GB-ENG', '2026-12-28', true], // Boxing Day falls on a Saturday: the Monday after is off.
  ['GB-ENG', '2026-12-24', false],
  ['DE', '2026-10-03', true],
  ['DE', '2026-01-06', false],
  ['DE-BY', '2026-01-06', true],
  ['DE-BY', '2026-02-02', false], // Candlemas is observed, not a day off.
  ['FI', '2026-12-06', true],
  ['US', '2026-11-26', true],
  ['US', '2026-11-27', false],
])('%s: %s is one: %j', (region, date, expected) => {
  expect(isHoliday(region, date)).toBe(expected);
});

test('one that begins at sunset is the day after', () => {
  const days = ['2026-05-26', '2026-05-27', '2026-05-28'].filter((date) => isHoliday('TR', date));
  expect(days).toContain('2026-05-27');
});

test.each([
  ['FI', true],
  ['DE-BY', true],
  ['DE-BY-A', true],
  ['XX', false],
  ['DE-XX', false],
  ['DE-BY-XX', false],
  ['DE-BY-A-B', false],
  ['constructor', false],
  ['', false],
])('%j is a region whose holidays are known: %j', (region, expected) => {
  expect(isHolidayRegion(region)).toBe(expected);
});
