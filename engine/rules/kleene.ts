// Kleene's strong three-valued logic: unknown stays unknown unless the others settle the answer.
import type { Truth } from '../model/decision.ts';

/** True if all are true, false if any is false, else unknown. */
export function allOf(outcomes: readonly Truth[]): Truth {
  if (outcomes.includes(false)) return false;
  return outcomes.includes('unknown') ? 'unknown' : true;
}

/** True if any is true, false if all are false, else unknown. */
export function anyOf(outcomes: readonly Truth[]): Truth {
  if (outcomes.includes(true)) return true;
  return outcomes.includes('unknown') ? 'unknown' : false;
}

/** Unknown stays unknown. */
export const notOf = (outcome: Truth): Truth => (outcome === 'unknown' ? 'unknown' : !outcome);
