// Moments of a rule's test: from its start, or by the clock on the wall there.
import { describe, expect, test } from 'vitest';

import { check } from './check.ts';
import { momentOf } from './moment.ts';
import { ruleTestSchema } from './rule-test.ts';

const NIGHT = { start: '2026-03-28T23:30:00+01:00', timeZone: 'Europe/Berlin' };
const after = (text: string): number => (momentOf(text, NIGHT) - Date.parse(NIGHT.start)) / 1_000;

describe('a moment', () => {
  test.each([
    ['0 s', 0],
    ['0', 0],
    ['90 s', 90],
    ['PT3M', 180],
    ['23:30', 0],
    ['23:30:05', 5],
    ['00:00', 30 * 60],
    ['03:30', 3 * 3_600],
    ['23:29', 23 * 3_600 - 60],
  ])('%s is %d s after a start at half past eleven, the night that lacks an hour', (text, seconds) => {
    expect(after(text)).toBe(seconds);
  });

  test('by the clock is one of the test’s time zone, UTC unless it says otherwise', () => {
    const result = check(ruleTestSchema, { name: 'x', given: [], expect: [{ at: '13:00', activation: 'none' }] });
    if (!result.ok) throw new Error('refused');
    expect(momentOf('13:00', result.value)).toBe(Date.UTC(2026, 0, 5, 13));
    expect(momentOf('13:00', { ...result.value, timeZone: 'America/New_York' })).toBe(Date.UTC(2026, 0, 5, 18));
  });

  test.each(['soon', '25:00', '7:30', '-5 s', ''])('is not %j', (at) => {
    const result = check(ruleTestSchema, { name: 'x', given: [], expect: [{ at, activation: 'none' }] });
    expect(result).toMatchObject({ ok: false, problems: [{ path: '/expect/0/at' }] });
  });
});

describe('a test', () => {
  const given = { at: '0 s', asset: 'urn:ngsi-ld:Streetlight:l1', property: 'intensity', value: 1 };
  const claim = { point: 'urn:ngsi-ld:Streetlight:l1#level' };

  test('begins on a Monday at noon unless it says otherwise', () => {
    const result = check(ruleTestSchema, { name: 'x', given: [given], expect: [{ at: '0 s', activation: 'none' }] });
    expect(result).toMatchObject({ ok: true, value: { start: '2026-01-05T12:00:00Z', given: [{ quality: 'good' }] } });
  });

  test.each([
    ['nothing', { expect: [] }, '/expect'],
    ['nothing at a moment', { expect: [{ at: '0 s' }] }, '/expect/0'],
    ['a claim without a value', { expect: [{ at: '0 s', claims: [claim] }] }, '/expect/0/claims/0'],
    [
      'a claim with two values',
      { expect: [{ at: '0 s', claims: [{ ...claim, set: 1, atMost: 1 }] }] },
      '/expect/0/claims/0',
    ],
    [
      'an order that is due soon',
      { expect: [{ at: '0 s', orders: [{ order: 'repair', due: 'soon' }] }] },
      '/expect/0/orders/0/due',
    ],
    [
      'an order half done',
      { expect: [{ at: '0 s', orders: [{ order: 'repair', state: 'half' }] }] },
      '/expect/0/orders/0/state',
    ],
    [
      'a notification to nobody',
      { expect: [{ at: '0 s', notifications: [{ text: 'x' }] }] },
      '/expect/0/notifications/0/to',
    ],
    ['no claim nowhere', { expect: [{ at: '0 s', unclaimed: [] }] }, '/expect/0/unclaimed'],
    ['readings every now and then', { given: [{ ...given, every: '12:00' }] }, '/given/0/every'],
    ['readings every nothing', { given: [{ ...given, every: '0 s' }] }, '/given/0/every'],
  ])('may not have or expect %s', (_, parts, path) => {
    const whole = { name: 'x', given: [], expect: [{ at: '0 s', activation: 'none' }], ...parts };
    expect(check(ruleTestSchema, whole)).toMatchObject({ ok: false, problems: [{ path }] });
  });
});
