// Decisions: the record of one evaluation that changed something, with every fact value it used.
import type { Value } from './value.ts';

/** Kleene's third value is `unknown`: a sensor that is silent is never "false". */
export type Truth = true | false | 'unknown';

/** One comparison or join of a rule, as it was evaluated. */
export interface ConditionTrace {
  /** JSON pointer into the rule: `/conditions/all/0`. */
  path: string;
  outcome: Truth;
  /** For a comparison: what it compared. */
  fact?: string;
  operator?: string;
  wanted?: Value | Value[];
  /** What was read; absent when unknown. */
  found?: Value;
  unit?: string;
  /** How old the newest reading behind it was, in milliseconds. */
  ageMs?: number;
  /** Ids of the readings behind the value, newest first, at most 10. */
  readings?: string[];
  /** Why the value is unknown: never seen, stale, bad quality, of a wrong type. */
  why?: string;
}

/** A rule's activation began or ended. */
export interface Decision {
  /** Derives from rule, version, asset, the causing log entry and how many it brought about before; as texts, those of one instance sort by time. */
  decisionId: string;
  kind: 'started' | 'ended';
  rule: string;
  ruleVersion: number;
  title: string;
  department: string;
  asset: string;
  /** With `each`: the related asset. */
  related?: string;
  /** With a table: which row, counted from 1. */
  row?: number;
  /** Milliseconds since the epoch, the log's clock. */
  at: number;
  /** The log entry that caused it. */
  causedBy: string;
  /** Why it ended: conditions false, cleared, unknown, maxDuration, rule changed. */
  reason: string;
  trace: ConditionTrace[];
  /** The claims it made or gave up. */
  claims: string[];
  /** The orders that it opened, and the messages that it sent, by id. */
  orders?: string[];
  messages?: string[];
  /** Why some of its actions did nothing: another department's point, a value that does not fit, cooling down. */
  refusals?: string[];
  /** What kept its orders and messages back, if something did. */
  withheld?: Withheld;
}

/** Why a start did not do what the rule does once. */
export interface Withheld {
  /** It had done so within its `cooldown`, or `maxPerHour` times within the last hour. */
  reason: 'cooldown' | 'max-per-hour';
  /** From when on it may again, milliseconds since the epoch. */
  until: number;
}

/** One rule being true for one asset of its scope, from one moment to another. */
export interface Activation {
  rule: string;
  ruleVersion: number;
  asset: string;
  related?: string;
  /** With a table: which row, counted from 1. */
  row?: number;
  /** `pending` counts `for`; `active` holds claims; `clearing` counts `clearFor`. Idle ones do not exist. */
  phase: 'pending' | 'active' | 'clearing';
  /** When this phase began, milliseconds since the epoch. */
  since: number;
  /** When it became active, if it has. */
  activeSince?: number;
  /** When this phase will be over by itself, if it will. */
  until?: number;
  /** The decision that started it. */
  decisionId?: string;
  /** The rules whose effects led to its start, if any did. */
  causes?: string[];
}
