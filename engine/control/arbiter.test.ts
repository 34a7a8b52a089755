// Who wins a point, what bounds the value, and who hears why not.
import { array, assert, constantFrom, integer, option, property, record, shuffledSubarray, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { effectSchema, type Claim } from '../model/claim.ts';
import type { Arbitration } from '../model/command.ts';
import { POINTS, type Point } from '../model/points.ts';
import type { Value } from '../model/value.ts';
import { areOpposed, naive } from './arbiter-model.testsuite.ts';
import { arbitrate, shapingClaims } from './arbiter.ts';

const LEVEL = POINTS['Streetlight']!['level']!;
const point = (safe: Point['safe'], ranks: Value[] = []): Point => ({ ...LEVEL, safe, ranks });

/** `set 8 ann 0.5`: a claim by its effect, slot, id and value; it began with its number in the list. */
const claim = (effect: Claim['effect'], slot: number, value: Value, fields: Partial<Claim> = {}): Claim => ({
  id: `${effect}-${slot}-${String(value)}`,
  point: 'urn:ngsi-ld:Streetlight:1#level',
  effect,
  value,
  slot,
  rampSeconds: 0,
  owner: { kind: 'rule', id: 'lighting/x' },
  department: 'lighting',
  reason: 'test',
  since: 0,
  leaseUntil: 1,
  ...fields,
});

/** What came of it in a line: the value, who set it, what bounded it, who lost. */
function outcome({ want, winner, bounds, losers }: Arbitration): Record<string, unknown> {
  return {
    want: 'release' in want ? 'release' : want.value,
    winner: winner?.claimId,
    bounds: bounds.map((one) => one.claimId),
    losers: Object.fromEntries(losers.map((one) => [one.claimId, one.why])),
  };
}

const decide = (claims: Claim[], programme?: Value, safe: Point['safe'] = 1) =>
  outcome(arbitrate(claims, { point: point(safe), programme }));

const IDLE = 'the value is within this bound already';

describe('without bounds', () => {
  test('nobody wants anything: the device keeps to its own programme', () => {
    expect(decide([])).toEqual({ want: 'release', winner: undefined, bounds: [], losers: {} });
    expect(decide([], 0.3)).toMatchObject({ want: 'release' });
  });

  test('the most urgent set wins', () => {
    expect(decide([claim('set', 12, 0.3), claim('set', 8, 0.5)])).toEqual({
      want: 0.5,
      winner: 'set-8-0.5',
      bounds: [],
      losers: { 'set-12-0.3': 'slot 8 is more urgent than slot 12' },
    });
  });

  test('of equal slots the older stays', () => {
    expect(decide([claim('set', 12, 0.3, { since: 9 }), claim('set', 12, 0.5, { since: 5 })])).toMatchObject({
      want: 0.5,
      losers: { 'set-12-0.3': 'slot 12 was taken earlier by rule lighting/x' },
    });
  });

  test('of equal slots the value that the point ranks first wins, also over an older one, which waits', () => {
    const route = { ...POINTS['TrafficController']!['emergencyRoute']!, ranks: [3, 1] };
    const claims = [claim('set', 2, 1, { since: 5 }), claim('set', 2, 3, { since: 9 }), claim('set', 2, 2)];
    expect(outcome(arbitrate(claims, { point: route }))).toMatchObject({
      want: 3,
      losers: {
        'set-2-1': 'waits: 3 of rule lighting/x ranks before 1',
        'set-2-2': 'waits: 3 of rule lighting/x ranks before 2',
      },
    });
    expect(outcome(arbitrate([claim('set', 2, 2), claim('set', 8, 3)], { point: route }))).toMatchObject({ want: 2 });
  });

  test('a word wins as a number does', () => {
    expect(decide([claim('set', 12, 'compacting')], 'idle', 'idle')).toMatchObject({ want: 'compacting' });
  });

  test('the winner’s ramp is the command’s', () => {
    expect(arbitrate([claim('set', 12, 0.3, { rampSeconds: 4 })], { point: LEVEL }).want).toEqual({
      value: 0.3,
      rampSeconds: 4,
    });
  });
});

describe('with bounds', () => {
  test('a bound of the same slot lifts what was set, with the bound’s own ramp', () => {
    const claims = [claim('set', 12, 0.3, { rampSeconds: 4 }), claim('atLeast', 12, 0.8, { rampSeconds: 2 })];
    const arbitration = arbitrate(claims, { point: LEVEL });
    expect(arbitration.want).toEqual({ value: 0.8, rampSeconds: 2 });
    expect(shapingClaims(arbitration).map(({ claimId }) => claimId)).toEqual(['set-12-0.3', 'atLeast-12-0.8']);
  });

  test('a bound that the value keeps already shapes nothing', () => {
    expect(decide([claim('set', 12, 0.9), claim('atLeast', 12, 0.8)])).toEqual({
      want: 0.9,
      winner: 'set-12-0.9',
      bounds: [],
      losers: { 'atLeast-12-0.8': IDLE },
    });
  });

  test('a bound of a less urgent slot does not reach the set', () => {
    expect(decide([claim('set', 8, 0.1), claim('atLeast', 12, 0.8)])).toMatchObject({
      want: 0.1,
      losers: { 'atLeast-12-0.8': 'a set in the more urgent slot 8 holds' },
    });
  });

  test('the narrowest of several bounds counts', () => {
    expect(decide([claim('set', 12, 0.1), claim('atLeast', 12, 0.3), claim('atLeast', 10, 0.5)])).toMatchObject({
      want: 0.5,
      bounds: ['atLeast-10-0.5'],
    });
  });

  test.each([
    ['lifts the programme', 'atLeast', 0.3, 0.8],
    ['lowers the programme', 'atMost', 0.9, 0.8],
    ['leaves alone a programme that keeps it', 'atLeast', 0.9, 'release'],
    ['takes its own value where the programme was never seen', 'atMost', undefined, 0.8],
  ] as const)('alone it %s', (...[, effect, programme, want]) => {
    expect(decide([claim(effect, 12, 0.8)], programme)).toMatchObject({ want, winner: undefined });
  });
});

describe('opposed bounds', () => {
  test('the more urgent holds', () => {
    expect(decide([claim('atLeast', 12, 0.8), claim('atMost', 8, 0.4), claim('set', 12, 0.6)])).toMatchObject({
      want: 0.4,
      bounds: ['atMost-8-0.4'],
      losers: { 'atLeast-12-0.8': 'an opposed bound in slot 8 holds' },
    });
  });

  test.each([
    [1, 0.8],
    [0, 0.4],
  ])('in one slot the one nearer the safe value %d holds', (safe, want) => {
    const claims = [claim('atLeast', 12, 0.8), claim('atMost', 12, 0.4), claim('set', 12, 0.6)];
    expect(decide(claims, undefined, safe)).toMatchObject({ want });
  });

  test('in one slot the older holds where the safe state is a release', () => {
    const claims = [
      claim('atLeast', 12, 0.8, { since: 2 }),
      claim('atMost', 12, 0.4, { since: 1 }),
      claim('set', 12, 0.6),
    ];
    expect(decide(claims, undefined, { release: true })).toMatchObject({ want: 0.4 });
    expect(
      decide(
        claims.map((one) => ({ ...one, since: -one.since })),
        undefined,
        { release: true },
      ),
    ).toMatchObject({
      want: 0.8,
    });
  });

  test('a bound that is opposed takes no other bound of its kind with it', () => {
    const claims = [
      claim('set', 12, 0.1),
      claim('atLeast', 6, 0.5),
      claim('atMost', 8, 0.7),
      claim('atLeast', 12, 0.9),
    ];
    expect(decide(claims)).toEqual({
      want: 0.5,
      winner: 'set-12-0.1',
      bounds: ['atLeast-6-0.5'],
      losers: { 'atMost-8-0.7': IDLE, 'atLeast-12-0.9': 'an opposed bound in slot 8 holds' },
    });
  });

  test('a bound that lost opposes nobody', () => {
    const claims = [
      claim('set', 12, 0.1),
      claim('atMost', 6, 0.5),
      claim('atLeast', 8, 0.9),
      claim('atMost', 12, 0.05),
    ];
    expect(decide(claims)).toMatchObject({ want: 0.05, bounds: ['atMost-12-0.05'] });
  });
});

describe('for every set of claims', () => {
  const wishes = array(
    record({
      effect: constantFrom(...effectSchema.options),
      slot: constantFrom(2, 6, 8, 12, 13),
      value: integer({ min: 0, max: 10 }),
      since: integer({ min: 0, max: 3 }),
    }),
    { maxLength: 9 },
  ).map((list) =>
    list.map(({ effect, slot, value, since }, index) => claim(effect, slot, value, { id: `c${index}`, since })),
  );
  const inTwoOrders = wishes.chain((list) =>
    tuple(shuffledSubarray(list, { minLength: list.length }), shuffledSubarray(list, { minLength: list.length })),
  );
  const safes = constantFrom<Point['safe'][]>(0, 10, 4, { release: true });
  const rankings = constantFrom<number[]>([], [], [7, 3], [0, 10, 5]);
  const programmes = option(integer({ min: 0, max: 10 }), { nil: undefined });
  const RUNS = { numRuns: 10_000 };

  test('the answer is that of the plain rule, and the order of the claims does not matter', () => {
    assert(
      property(inTwoOrders, safes, rankings, programmes, ([claims, reordered], safe, ranks, programme) => {
        const arbitration = arbitrate(claims, { point: point(safe, ranks), programme });
        const expected = naive(claims, { safe, ranks }, programme);
        expect(outcome(arbitration)).toMatchObject({ want: expected.want, winner: expected.winner });
        expect(arbitrate(reordered, { point: point(safe, ranks), programme })).toEqual(arbitration);
      }),
      RUNS,
    );
  });

  test('every bound that reaches the value is kept, or an opposed one of the same or a more urgent slot is', () => {
    assert(
      property(wishes, safes, programmes, (claims, safe, programme) => {
        const { want, winner } = arbitrate(claims, { point: point(safe), programme });
        const value = 'release' in want ? programme : Number(want.value);
        if (value === undefined) return;
        const keeps = (one: Claim) =>
          one.effect === 'atLeast' ? value >= Number(one.value) : value <= Number(one.value);
        const reaching = claims.filter((one) => one.effect !== 'set' && one.slot <= (winner?.slot ?? 16));
        const broken = reaching.filter(
          (one) => !keeps(one) && !reaching.some((two) => two.slot <= one.slot && areOpposed(one, two) && keeps(two)),
        );
        expect(broken).toEqual([]);
      }),
      RUNS,
    );
  });

  test('every claim is exactly one of winner, bound and loser, and every loser hears why', () => {
    assert(
      property(wishes, safes, programmes, (claims, safe, programme) => {
        const arbitration = arbitrate(claims, { point: point(safe), programme });
        const named = [...shapingClaims(arbitration), ...arbitration.losers].map(({ claimId }) => claimId);
        expect(named.toSorted()).toEqual(claims.map(({ id }) => id).toSorted());
        expect(arbitration.losers.filter(({ why }) => why === '')).toEqual([]);
      }),
      RUNS,
    );
  });

  test('a bound that is told of an opposed one has one, and one that is told it is kept is kept', () => {
    assert(
      property(wishes, safes, programmes, (claims, safe, programme) => {
        const { want, losers } = arbitrate(claims, { point: point(safe), programme });
        const { held } = naive(claims, { safe, ranks: [] }, programme);
        const value = 'release' in want ? programme : Number(want.value);
        const isKept = (one: Claim) =>
          one.effect === 'atLeast' ? value! >= Number(one.value) : value! <= Number(one.value);
        const told = (words: string) =>
          claims.filter(({ id }) => losers.some(({ claimId, why }) => claimId === id && why.startsWith(words)));
        expect(told(IDLE).filter((one) => !isKept(one))).toEqual([]);
        expect(told('an opposed bound').filter((one) => !held.some((two) => areOpposed(one, two)))).toEqual([]);
      }),
      RUNS,
    );
  });
});
