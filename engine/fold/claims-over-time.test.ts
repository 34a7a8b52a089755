// Claims, bounds and leases as they come, are renewed, lapse and are given back, against a model that knows no fold.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import { naive } from '../control/arbiter-model.testsuite.ts';
import { requestClaimId, type Claim } from '../model/claim.ts';
import type { Command } from '../model/command.ts';
import type { PointView } from '../model/live.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:pier-3';
const KEY = `${LAMP}#level`;
const HAND_MS = 15_000;

const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Pier 3',
  department: 'lighting',
  points: { level: { instrument: undefined } },
  binding: { adapter: 'mqtt', device: 'pier' },
};
const OWNERS = [
  { kind: 'person' as const, id: 'ann' },
  { kind: 'person' as const, id: 'bob' },
  { kind: 'flow' as const, id: 'lighting' },
  { kind: 'flow' as const, id: 'lighting/other' },
];

const level = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      claim: fc.constantFrom('set' as const, 'atLeast' as const, 'atMost' as const),
      owner: fc.nat(OWNERS.length - 1),
      slot: fc.constantFrom(2, 8, 8, 12, 13),
      value: level,
      leaseSeconds: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ release: fc.nat(OWNERS.length - 1) }) },
  { weight: 3, arbitrary: fc.record({ passSeconds: fc.integer({ min: 1, max: 25 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ reports: fc.constantFrom('programme' as const, 'local' as const), value: level }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const ownerOf = (index: number): Claim['owner'] => {
  const { kind, id } = OWNERS[index]!;
  return { kind: kind === 'flow' ? 'flow' : 'operator', id };
};
const idOf = (index: number): string => requestClaimId(ownerOf(index), '', KEY);

/** Who wants what until when, and what the device's own programme said last. */
class Model {
  readonly claims = new Map<string, Claim>();
  programme: number | undefined;
  #hand: number | undefined;

  take(one: Step, now: number): void {
    for (const [id, { leaseUntil }] of this.claims) if (leaseUntil <= now) this.claims.delete(id);
    if ('claim' in one) {
      const { claim: effect, owner, slot, value, leaseSeconds } = one;
      this.#put(
        idOf(owner),
        { effect, slot, value, owner: ownerOf(owner), leaseUntil: now + leaseSeconds * 1_000 },
        now,
      );
    } else if ('release' in one) this.claims.delete(idOf(one.release));
    else if ('reports' in one) this.#report(one.reports, one.value, now);
  }

  #report(cause: 'programme' | 'local', value: number, now: number): void {
    const id = `local#${KEY}`;
    if (cause === 'programme') {
      this.programme = value;
      this.claims.delete(id);
    } else if (this.#hand !== value) {
      const owner = { kind: 'local' as const, id: 'Pier 3' };
      this.#put(id, { effect: 'set', slot: 8, value, owner, leaseUntil: now + HAND_MS }, now, true);
    }
    this.#hand = cause === 'local' ? value : undefined;
  }

  #put(
    id: string,
    fields: Pick<Claim, 'effect' | 'slot' | 'value' | 'owner' | 'leaseUntil'>,
    now: number,
    isAnew = false,
  ): void {
    const since = isAnew ? now : (this.claims.get(id)?.since ?? now);
    const rest = { point: KEY, rampSeconds: 0, department: 'lighting', reason: 'a test' };
    this.claims.set(id, { id, ...rest, ...fields, since });
  }
}

async function play(run: FoldRun, one: Step): Promise<void> {
  if ('passSeconds' in one) {
    await run.pass(one.passSeconds);
    return;
  }
  if ('reports' in one) {
    await run.report(LAMP, { points: { level: { value: one.value, cause: one.reports } } });
    return;
  }
  const actor = { ...OWNERS['claim' in one ? one.owner : one.release]!, roles: {} };
  const about = { point: KEY, key: '', reason: 'a test' };
  const request =
    'claim' in one
      ? {
          do: 'claim' as const,
          ...about,
          effect: one.claim,
          value: one.value,
          slot: one.slot,
          rampSeconds: 0,
          leaseSeconds: one.leaseSeconds,
        }
      : { do: 'release' as const, ...about };
  await run.put({ kind: 'request', id: 'r', actor, department: 'lighting', request });
}

/** What the fold shows of the point now: the value, who set it, and everybody who still has a say. */
function shown(run: FoldRun): { want: unknown; winner: string | undefined; claims: string[] } {
  const views = run.outputs.flatMap((output): PointView[] =>
    output.kind === 'live' && output.event.event === 'point' ? [output.event.data] : [],
  );
  const { want, winner, bounds, losers } = views.at(-1)?.arbitration ?? {
    want: { release: true },
    bounds: [],
    losers: [],
  };
  const claims = [...(winner ? [winner] : []), ...bounds, ...losers].map(({ claimId }) => claimId).toSorted();
  return { want: 'release' in want ? 'release' : want.value, winner: winner?.claimId, claims };
}

/** No device is told to keep a value longer than those who shape it want it. */
const outlives = ({ leaseUntil, cause }: Command): boolean => {
  const { winner, bounds } = cause.arbitration;
  const longest = Math.max(0, ...[...(winner ? [winner] : []), ...bounds].map((claim) => claim.leaseUntil));
  return leaseUntil !== undefined && leaseUntil > longest;
};

it(
  'decides as the model does after each of 10,000 random interleavings of claims, bounds, leases, hands and time',
  { timeout: 120_000 },
  async () => {
    const seen = { wanted: 0, lapsed: 0, hands: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const run = new FoldRun({ localHandMs: HAND_MS });
        const model = new Model();
        await run.asset(lamp);
        for (const one of steps) {
          const before = model.claims.size;
          await play(run, one);
          model.take(one, run.now);
          const claims = [...model.claims.values()];
          const { want, winner } = naive(claims, { safe: 1, ranks: [] }, model.programme);
          expect(shown(run)).toEqual({ want, winner, claims: claims.map(({ id }) => id).toSorted() });
          if (want !== 'release') seen.wanted += 1;
          if ('passSeconds' in one && claims.length < before) seen.lapsed += 1;
          if (winner?.startsWith('local') === true) seen.hands += 1;
        }
        expect(run.failures).toEqual([]);
        expect(commandsIn(run.outputs).filter(outlives)).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(1_000);
  },
);
