// The answer to "why did it?" and "why did it not?": of one rule, for one asset, at one moment.
import type { ConditionTrace, Decision, Withheld } from './decision.ts';
import type { Value } from './value.ts';

/**
 * What decided the answer.
 *
 * It fired: `active`; `cooldown` and `max-per-hour` kept back what it does once (orders, messages); `clearing` counts `clearFor` down; `holding` keeps its claims while a fact is unknown.
 * It did not, and the first of these was in its way: there was no such rule (`no-rule`), another version of it
 * (`other-version`), no such asset (`no-asset`), the asset was not in its scope (`out-of-scope`), somebody or something
 * kept the rule back (`paused`, `parked`), it was outside of its hours (`outside-hours`), not everything that
 * it read then is recorded (`not-recorded`), a fact was unknown (`unknown`), a condition was false (`false`), the conditions were not yet true on as
 * many readings as `times` wants (`too-few-readings`), `for` was still counting (`counting`), json-rules-engine disagreed (`disagreement`), or the conditions held and no engine had decided (yet)
 * (`not-decided`).
 */
export type ExplanationReason =
  | 'active'
  | Withheld['reason']
  | 'clearing'
  | 'holding'
  | 'no-rule'
  | 'other-version'
  | 'no-asset'
  | 'out-of-scope'
  | HoldBack['reason']
  | 'outside-hours'
  | 'not-recorded'
  | 'unknown'
  | 'false'
  | 'too-few-readings'
  | 'counting'
  | 'disagreement'
  | 'not-decided';

/** What keeps a rule from firing whatever its conditions say. */
export interface HoldBack {
  reason: 'paused' | 'parked';
  /** Milliseconds since the epoch. */
  since: number;
  until?: number;
  /** Who or what, and why: `ann: roadworks at J4`. */
  words: string;
}

/** What became of something that an active rule wants of a point. */
export interface Wish {
  /** `<asset>#<point>` */
  point: string;
  effect: string;
  value: Value;
  /** It holds the point, alone or as a bound; another claim or an interlock is stronger; or the wear budget lets it wait. */
  fate: 'holds' | 'lost' | 'waits';
  why?: string;
  /** When what waits may go out, milliseconds since the epoch. */
  until?: number;
}

/** The answer. */
export interface Explanation {
  rule: string;
  asset: string;
  /** With `each`: the related asset. */
  related?: string;
  /** With a table: which row, counted from 1. */
  row?: number;
  /** The moment, milliseconds since the epoch. */
  at: number;
  /** The version in force then, if there was one. */
  version?: number;
  title?: string;
  /** True while it was active then. */
  fired: boolean;
  reason: ExplanationReason;
  /** JSON pointer into the rule: the first thing that was in its way, or `/conditions` where it fired. */
  path: string;
  /** One sentence in English. */
  sentence: string;
  /** Since when that is so, and until when unless something happens; milliseconds since the epoch. */
  since?: number;
  until?: number;
  /** The conditions as they were then, outer ones first. */
  trace: ConditionTrace[];
  /** What the rule's `clear` said then, where it was active and has one. */
  clear?: ConditionTrace[];
  /** The decision that made it active, with the conditions as they were at its start. */
  decision?: Decision;
  /** Of the present, where it is active: what became of what it wants. */
  wishes?: Wish[];
}
