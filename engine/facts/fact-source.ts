// Where facts are read from, and what comes of reading one.
import type { InCalendar } from '../model/calendar.ts';
import type { ActivationState } from '../model/facts.ts';
import type { Value } from '../model/value.ts';
import type { Directory } from './directory.ts';
import type { Fact } from './fact.ts';

/** A fact's value and what stands behind it, or why there is none. */
export type FactReading =
  | { known: true; value: Value; unit?: string; observedAt?: number; readings: string[]; changesAt: number }
  | { known: false; why: string; changesAt: number };

/** A point as the engine knows it. */
export interface KnownPoint {
  /** What the device last said, and when, milliseconds since the epoch; absent where only the value is recorded. */
  reported?: { value: Value; at?: number };
  /** What the arbiter wants; absent when it wants nothing. */
  desired?: Value;
}

/** Where facts are read from, at one instant. */
export interface FactSource {
  directory: Directory;
  /** The newest of one property of one asset. */
  fact(asset: string, property: string): Fact | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** The numbers that the fact is compared with, where they are known: it need not be looked at until it comes to one. */
  limits?: readonly number[];
  /** IANA name of the zone in which the city's clocks stand; default UTC. */
  timeZone?: string;
  /** The region whose public holidays the city keeps, `FI` or `DE-BY`; default none. */
  holidays?: string;
  /** The calendars in force; default none. */
  inCalendar?: InCalendar;
  /** A point, once something was reported or wanted of it. */
  point?(asset: string, point: string): KnownPoint | undefined;
  /** What a rule is for an asset; undefined when there is no such rule. */
  activation?(rule: string, asset: string): ActivationState | undefined;
}

/** `changesAt` of what changes only when something new comes in. */
export const NEVER = Number.POSITIVE_INFINITY;

/** A fact of which nothing is known, and why. */
export const unknown = (why: string, changesAt = NEVER): FactReading => ({ known: false, why, changesAt });
