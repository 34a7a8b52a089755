// Which conditions brought an outcome about: read off the trace of an evaluation, outermost first.
import type { ConditionTrace, Truth } from '../model/decision.ts';
import { operatorInWords } from '../model/operators.ts';
import type { Value } from '../model/value.ts';
import { notOf } from './kleene.ts';

/** A condition that counts for an outcome. */
export interface Stopper {
  trace: ConditionTrace;
  /** True inside of an odd number of `not`: it stands in the way by being true. */
  isExcluded: boolean;
}

interface Node {
  trace: ConditionTrace;
  children: Node[];
}

/**
 * The comparisons that made the whole come out as it did: of an `all` that is false those that are false, of an `any`
 * that is false all of them, of what is unknown the unknown ones.
 *
 * @param trace as `evaluate` or a decision gives it: outer conditions before the inner ones
 */
export function stoppersIn(trace: readonly ConditionTrace[]): Stopper[] {
  return treesOf(trace)
    .slice(0, 1)
    .flatMap((root) => stoppersOf(root, false));
}

function stoppersOf(node: Node, isExcluded: boolean): Stopper[] {
  if (node.children.length === 0) return [{ trace: node.trace, isExcluded }];
  const isNot = node.children.every(({ trace }) => within(trace.path, `${node.trace.path}/not`));
  const counting: Truth = isNot ? notOf(node.trace.outcome) : node.trace.outcome;
  return node.children
    .filter(({ trace }) => trace.outcome === counting)
    .flatMap((child) => stoppersOf(child, isNot ? !isExcluded : isExcluded));
}

function treesOf(trace: readonly ConditionTrace[]): Node[] {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const one of trace) {
    const node = { trace: one, children: [] };
    while (open.length > 0 && !within(one.path, open.at(-1)?.trace.path ?? '')) open.pop();
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

const within = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}/`);

/** A stopper in words: `occupancy was 0.2, wanted > 0.4`. */
export function describeStopper({ trace, isExcluded }: Stopper): string {
  const { fact, operator = '', wanted, found, unit, why, outcome, path } = trace;
  if (outcome === 'unknown') return `${fact ?? path} was unknown: ${why ?? 'nothing says why'}`;
  const limit = wanted === undefined ? '' : ` ${inWords(wanted)}`;
  const was = `${fact ?? path} was ${found === undefined ? String(outcome) : inWords(found)}`;
  return `${was}${unit === undefined || unit === '1' ? '' : ` ${unit}`}, wanted ${isExcluded ? 'not ' : ''}${operatorInWords(operator)}${limit}`;
}

function inWords(value: Value | Value[]): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'number' ? String(Math.round(value * 1e6) / 1e6) : String(value);
}
