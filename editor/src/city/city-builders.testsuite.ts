// Small builders of what a page receives, for tests.
import type { ClaimBrief, CommandRecord, CommandState } from '../../../engine/model/command.ts';
import type { Decision } from '../../../engine/model/decision.ts';
import type { ActivationView, AssetView, CitySnapshot, FactView, PointView } from '../../../engine/model/live.ts';
import type { Value } from '../../../engine/model/value.ts';

/** A snapshot with nothing but what the test names. */
export const snapshot = (some: Partial<CitySnapshot> = {}): CitySnapshot => ({
  at: 0,
  assets: [],
  facts: [],
  points: [],
  activations: [],
  decisions: [],
  commands: [],
  ...some,
});

/** An asset whose type is the one in its URN. */
export const asset = (id: string, some: Partial<AssetView> = {}): AssetView => ({
  id,
  type: id.split(':')[2] ?? '',
  title: id.split(':')[3] ?? id,
  department: 'lighting',
  points: [],
  ...some,
});

/** A known fact, seen at 0. */
export const fact = (assetId: string, property: string, value: Value, some: Partial<FactView> = {}): FactView => ({
  asset: assetId,
  property,
  value,
  observedAt: 0,
  state: 'known',
  source: 'adapter:mqtt',
  ...some,
});

/** A rule's claim on slot 12. */
export const claim = (value: Value, some: Partial<ClaimBrief> = {}): ClaimBrief => ({
  claimId: 'c1',
  owner: 'rule:lighting/dusk',
  slot: 12,
  effect: 'set',
  value,
  reason: 'Dusk',
  leaseUntil: 60_000,
  ...some,
});

/** A point that nobody holds, or that the winner holds. */
export const point = (key: string, winner?: ClaimBrief, some: Partial<PointView> = {}): PointView => ({
  point: key,
  arbitration: winner
    ? { want: { value: winner.value, rampSeconds: 0 }, winner, bounds: [], losers: [] }
    : { want: { release: true }, bounds: [], losers: [] },
  ...some,
});

/** An active activation. */
export const activation = (rule: string, assetId: string, some: Partial<ActivationView> = {}): ActivationView => ({
  rule,
  ruleVersion: 1,
  asset: assetId,
  phase: 'active',
  since: 0,
  title: rule,
  key: `${rule}|${assetId}|`,
  ...some,
});

/** A decision with one comparison. */
export const decision = (decisionId: string, at: number, some: Partial<Decision> = {}): Decision => ({
  decisionId,
  kind: 'started',
  rule: 'lighting/dusk',
  ruleVersion: 1,
  title: 'Dusk',
  department: 'lighting',
  asset: 'urn:ngsi-ld:Streetlight:river-path-17',
  at,
  causedBy: '1-0',
  reason: 'the conditions hold',
  trace: [
    {
      path: '/conditions',
      outcome: true,
      fact: 'illuminance',
      operator: 'lessThan',
      wanted: 20,
      found: 12,
      unit: 'lx',
    },
  ],
  claims: ['c1'],
  ...some,
});

/** A command with its steps one second apart, issued at its sequence. */
export const commandRecord = (
  pointKey: string,
  sequence: number,
  states: CommandState[] = ['queued'],
): CommandRecord => ({
  command: {
    commandId: `${pointKey}:${sequence}`,
    point: pointKey,
    department: 'lighting',
    device: 'cabinet-1',
    sequence,
    fence: 1,
    issuedAt: sequence,
    notAfter: sequence + 10_000,
    slot: 12,
    want: { value: 0.8, rampSeconds: 0 },
    leaseUntil: 60_000,
    cause: { arbitration: point(pointKey, claim(0.8)).arbitration },
  },
  steps: states.map((state, index) => ({ state, at: sequence + index * 1_000 })),
});
