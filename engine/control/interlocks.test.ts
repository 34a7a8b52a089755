// Interlocks against a device that moves only as it is commanded, whatever is commanded and whatever changes in between.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { interlockSchema } from '../model/interlock.ts';
import { POINTS } from '../model/points.ts';
import { evaluateObserved } from '../rules/evaluate-observed.ts';
import type { Value } from '../model/value.ts';
import { whyForbidden, whyTripped, type ObservedFact } from './interlocks.ts';

const point = POINTS['WasteContainer']!['compaction']!;
const asset = { id: 'urn:ngsi-ld:WasteContainer:a', attributes: {} };
const press = interlockSchema.parse({
  id: 'waste/press',
  title: 'Closed, and in its place',
  kind: 'invariant',
  scope: { type: 'WasteContainer' },
  point: 'compaction',
  values: ['compacting'],
  requires: {
    all: [
      { fact: 'door', operator: 'equal', value: 'closed' },
      { fact: 'status', operator: 'notIn', value: ['moved', 'burning'] },
    ],
  },
});

type Facts = Record<string, ObservedFact>;
type Step =
  | { observe: 'door' | 'status'; value: Value; staysMs: number }
  | { pass: number }
  | { command: 'compacting' | 'idle' | 'release' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ observe: fc.constant('door' as const), value: fc.constantFrom('open', 'closed'), staysMs: fc.nat(20) }),
  fc.record({
    observe: fc.constant('status' as const),
    value: fc.constantFrom('ok', 'moved', 'burning'),
    staysMs: fc.nat(20),
  }),
  fc.record({ pass: fc.nat(8) }),
  fc.record({ command: fc.constantFrom('compacting' as const, 'idle' as const, 'release' as const) }),
);

/** The requirement in plain words of its own: known, not stale, closed and in place. */
function isSafe({ door, status }: Facts, now: number): boolean {
  const isFresh = (fact?: ObservedFact): boolean => fact !== undefined && now < (fact.staleAt ?? Infinity);
  return isFresh(door) && isFresh(status) && door?.value === 'closed' && status?.value === 'ok';
}

it('lets no device move against an interlock in 100,000 random command sequences, and every stop pass', () => {
  let violations = 0;
  let moved = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const facts: Facts = {};
      let [now, device]: [number, Value] = [0, 'idle'];
      for (const one of steps) {
        if ('pass' in one) now += one.pass;
        else if ('observe' in one)
          facts[one.observe] = { value: one.value, observedAt: now, staleAt: now + one.staysMs };
        else {
          const want = one.command === 'release' ? { release: true as const } : { value: one.command, rampSeconds: 0 };
          const refused = whyForbidden([press], { asset, point, want, facts, now, evaluate: evaluateObserved });
          if (one.command !== 'compacting' && refused !== undefined) violations += 1;
          if (refused === undefined) device = one.command === 'compacting' ? 'compacting' : 'idle';
        }
        const question = { asset, point, facts, now, evaluate: evaluateObserved };
        if (whyTripped(press, [device], question) !== undefined) device = 'idle';
        if (device === 'compacting') moved += 1;
        if (device === 'compacting' && !isSafe(facts, now)) violations += 1;
      }
    }),
    { numRuns: 100_000 },
  );
  expect(violations).toBe(0);
  expect(moved).toBeGreaterThan(1_000);
}, 60_000);
