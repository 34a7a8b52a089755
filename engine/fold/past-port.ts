// What an explanation needs of the record plane.
import type { Asset } from '../model/asset.ts';
import type { Calendar } from '../model/calendar.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';
import type { NamedCondition, RuleDocument } from '../model/rule.ts';
import type { FoldSettings } from './work.ts';

/** A version of a rule; `body: null` removed it. */
export interface RuleVersion {
  id: string;
  version: number;
  /** When it came into force, milliseconds since the epoch. */
  at: number;
  body: RuleDocument | null;
}

/** A document in force. */
export interface InForce<Body> {
  id: string;
  version: number;
  body: Body;
}

/** The recorded past. Instants are milliseconds since the epoch. */
export interface Past {
  /** What the city's engine runs with: its time zone. */
  readonly settings: Partial<FoldSettings>;
  /** Every version, newest first; those that cannot be read any more are left out. */
  ruleVersions(id: string): Promise<RuleVersion[]>;
  /** Assets in force at an instant: these, or all of a type. */
  assets(of: { ids: readonly string[] } | { type: string }, at: number): Promise<InForce<Asset>[]>;
  /** Every named condition in force at an instant. */
  conditions(at: number): Promise<InForce<NamedCondition>[]>;
  /** Every calendar in force at an instant. */
  calendars(at: number): Promise<InForce<Calendar>[]>;
  /** Readings of one property observed after `from` and received by `at`, with the newest one before; whether they are all. */
  readings(asked: {
    asset: string;
    property: string;
    from: number;
    at: number;
  }): Promise<{ readings: Reading[]; isWhole: boolean }>;
  /** What was decided up to and at an instant, newest first, as many as may matter; of all related assets, or of one. */
  decisions(about: { rule: string; asset: string; related?: string }, until: number): Promise<Decision[]>;
  /** When the rule was kept back in a stretch of time, the earliest first. */
  halts(rule: string, from: number, to: number): Promise<Halt[]>;
  /** What a point (`<asset>#<point>`) was at an instant; undefined before its first change. */
  point(point: string, at: number): Promise<Pick<PointChange, 'reported' | 'desired'> | undefined>;
}
