// ZEN's decision table doing the same work; run as a process of its own, because it has its own packages.
import { ZenEngine } from '@gorules/zen-engine';

import { noteChanges } from '../rules/note-changes.ts';
import { typeOf, type Message, type Workload } from '../rules/workload.ts';

/** The workload's rules as one decision table: a row each, all that hold are collected. */
export function zenContestant(workload: Workload): (messages: readonly Message[]) => Promise<number> {
  const rules = workload.rules.map(({ type, overA, overB, overC }, index) => ({
    _id: `r${index}`,
    type: String(type),
    a: `> ${overA}`,
    either: `b > ${overB} or c > ${overC}`,
    rule: `"${index}"`,
  }));
  const table = {
    hitPolicy: 'collect',
    inputs: [
      { id: 'type', name: 'type', field: 'type' },
      { id: 'a', name: 'a', field: 'a' },
      { id: 'either', name: 'b or c' },
    ],
    outputs: [{ id: 'rule', name: 'rule', field: 'rule' }],
    rules,
  };
  const content = {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
      { id: 'table', type: 'decisionTableNode', name: 'table', position: { x: 0, y: 0 }, content: table },
      { id: 'out', type: 'outputNode', name: 'out', position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: 'e1', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'e2', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  };
  const decision = new ZenEngine().createDecision(content);
  const active = new Map<number, Set<string>>();
  return async (messages) => {
    let changes = 0;
    for (const {
      asset,
      values: [a, b, c],
    } of messages) {
      const { result } = await decision.evaluate({ type: typeOf(asset, workload.size), a, b, c });
      const rows: { rule: string }[] = Array.isArray(result) ? result : [];
      changes += noteChanges(
        active,
        asset,
        rows.map(({ rule }) => rule),
      );
    }
    return changes;
  };
}
