// What schedules do: events that came due, and what was missed while nobody could act.
import type { Value } from './value.ts';

/** An event of a schedule that came due: flows and rules learn of it once, by its id. */
export interface ScheduleRun {
  /** `<schedule>@<due instant>` */
  runId: string;
  schedule: string;
  version: number;
  department: string;
  title: string;
  /** What flows know the event by. */
  name: string;
  /** Milliseconds since the epoch. */
  due: number;
  programme?: string;
  notes: string[];
  /** It came due while the box could not act, and is made up for. */
  late: boolean;
}

/** An occurrence that came due while the box could not act, and what was done about it. */
export interface MissedRun {
  /** `<schedule>@<due instant>` */
  runId: string;
  /** Milliseconds since the epoch, as `at`, when it was noticed. */
  due: number;
  at: number;
  policy: 'skip' | 'once' | 'all';
  /** `made up for`: its state or its event is there now; `passed over`: it is not. */
  done: 'made up for' | 'passed over';
}

/** A schedule as pages show it. */
export interface ScheduleView {
  schedule: string;
  version: number;
  department: string;
  title: string;
  /** What its points are wanted to have; absent while nothing is wanted, and for events. */
  value?: Value;
  /** When that began, or when the newest event was due; milliseconds since the epoch. */
  since?: number;
  /** When it is looked at next; milliseconds since the epoch. */
  next?: number;
  /** The newest first, at most 50. */
  missed: MissedRun[];
}
