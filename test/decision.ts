// A decision for tests.
import type { Decision } from '../engine/model/decision.ts';

/** A decision that began; `more` replaces its fields. */
export const decisionOf = (more: Partial<Decision> = {}): Decision => ({
  decisionId: 'd1',
  kind: 'started',
  rule: 'traffic/queue-relief',
  ruleVersion: 1,
  title: 'Queue relief',
  department: 'traffic',
  asset: 'urn:ngsi-ld:TrafficController:J4',
  related: 'urn:ngsi-ld:Approach:J4-east',
  at: Date.parse('2026-11-22T14:02:11Z'),
  causedBy: '1-0',
  reason: 'conditions true',
  trace: [],
  claims: [],
  ...more,
});
