// Finds rules that take too long. What is measured never decides by itself: it enters the log, for replay to agree.
import { documentOf } from '../rules/table.ts';
import { evaluateInstance, examineInstance } from './activations.ts';
import type { Instance } from './ready-rule.ts';
import type { RuleWork } from './rule-work.ts';

/** The longest that one rule may take for one asset, in milliseconds of this thread's own time. */
const SLOWEST_MS = 50;

/** Measures what evaluations cost, and is told of a rule that is too slow. */
export interface SlownessWatch {
  /** Time that this thread has worked, in milliseconds from any beginning. */
  cpuMs(): number;
  onSlow(rule: { rule: string; version: number; why: string }): void;
}

/** Evaluates an instance, and tells when that took too long, and so does a second look: then it was the rule, not the machine. */
export async function evaluateWatched(rules: RuleWork, instance: Instance, watch: SlownessWatch): Promise<void> {
  const begun = watch.cpuMs();
  await evaluateInstance(rules, instance);
  const evaluated = watch.cpuMs();
  if (evaluated - begun <= SLOWEST_MS) return;
  await examineInstance(rules, instance);
  const tookMs = Math.round(watch.cpuMs() - evaluated);
  if (tookMs <= SLOWEST_MS) return;
  const { ready, subject } = instance;
  const why = `it took ${tookMs} ms for ${subject.asset.id}; allowed are ${SLOWEST_MS} ms`;
  watch.onSlow({ rule: documentOf(ready.rule.id), version: ready.version, why });
}
