// A decision's flat trace as the tree that the rule's author wrote.
import type { ConditionTrace } from '../../../engine/model/decision.ts';

/** One node: a comparison, or several joined. */
export interface ConditionNode {
  trace: ConditionTrace;
  /** How the children are joined; absent for a comparison. */
  join?: 'all' | 'any' | 'not';
  /** The named condition that stands here. */
  named?: string;
  children: ConditionNode[];
}

/** Builds the tree from the JSON pointers of a trace. What has no parent in the trace is a root. */
export function conditionTree(traces: readonly ConditionTrace[]): ConditionNode[] {
  const nodes = new Map<string, ConditionNode>();
  for (const trace of traces) nodes.set(trace.path, { trace, children: [] });
  const roots: ConditionNode[] = [];
  for (const [path, node] of nodes) {
    const parentPath = parentOf(path, nodes);
    const steps = path.slice(parentPath.length + 1).split('/');
    const named = steps.findLast((step) => step.startsWith(NAMED))?.slice(NAMED.length);
    if (named !== undefined) node.named = named;
    const last = steps.at(-1);
    if (node.trace.fact === undefined && (last === 'all' || last === 'any')) node.join = last;
    const parent = nodes.get(parentPath);
    if (parent && steps[0] === 'not') parent.join = 'not';
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** How a trace's path marks a named condition. */
const NAMED = 'condition:';

/**
 * The comparisons that carry the outcome: those with the outcome of the whole, which comes first in a trace; all of
 * them when there is none. Joins are left out.
 */
export function tellingComparisons(traces: readonly ConditionTrace[]): ConditionTrace[] {
  const all = traces.filter((trace) => trace.fact !== undefined);
  const telling = all.filter((trace) => trace.outcome === traces[0]?.outcome);
  return telling.length > 0 ? telling : all;
}

/** The nearest path above that is in the trace; empty for a root. */
function parentOf(path: string, nodes: ReadonlyMap<string, ConditionNode>): string {
  let above = path;
  do above = above.slice(0, above.lastIndexOf('/'));
  while (above !== '' && !nodes.has(above));
  return above;
}
