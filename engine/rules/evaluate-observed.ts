// Conditions on facts that adapters observed of one asset: what interlocks are checked on, right before the wire.
import type { Truth } from '../model/decision.ts';
import type { Condition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { evaluate } from './evaluate.ts';
import { NO_NAMES } from './named-conditions.ts';

/** A value that an adapter observed; it is unknown from `staleAt` on (milliseconds since the epoch). */
export interface ObservedFact {
  value: Value;
  observedAt: number;
  staleAt?: number;
}

/**
 * Are the conditions true on these facts? A fact that is absent or stale is unknown, and so is everything an interlock
 * may not look at: named conditions, other assets, windows.
 *
 * @param facts by property
 * @param now milliseconds since the epoch
 */
export function evaluateObserved(
  conditions: Condition,
  facts: Readonly<Record<string, ObservedFact>>,
  now: number,
): Truth {
  return evaluate(conditions, {
    now,
    names: NO_NAMES,
    read: (name, params) => {
      const fact = facts[name];
      if (params !== undefined)
        return { known: false, why: 'an interlock reads the asset’s own present values', changesAt: Infinity };
      if (!fact || (fact.staleAt !== undefined && now >= fact.staleAt)) {
        return { known: false, why: `${name} is not known`, changesAt: Infinity };
      }
      return {
        known: true,
        value: fact.value,
        observedAt: fact.observedAt,
        readings: [],
        changesAt: fact.staleAt ?? Infinity,
      };
    },
  }).outcome;
}
