// Events of schedules: each that came due is told once, and what was missed is made up for as the schedule says.
import { departmentOf } from '../model/rule.ts';
import type { MissedRun, ScheduleRun } from '../model/schedule-run.ts';
import type { Schedule } from '../model/schedule.ts';
import { occurrences, type Occurrence } from '../schedules/occurrences.ts';
import { noteMissed } from './schedule-views.ts';
import { LATE_MS } from './schedule-limits.ts';
import type { Plan } from './state.ts';
import type { Work } from './work.ts';

/** The most events of one outage that are told one by one; those before them are counted as passed over. */
const MOST_MADE_UP = 1_000;

/** Tells everything that came due since the plan was made, up to the entry at hand. */
export function runEvents(work: Work, schedule: Schedule, { since, version }: Plan): void {
  const due = [...occurrences(schedule, since, work.entryAt, work.calendars.ask)];
  const late = due.filter(({ at }) => work.entryAt - at > LATE_MS);
  const policy = schedule.missed ?? 'all';
  const madeUp = new Set(policy === 'skip' ? [] : policy === 'once' ? late.slice(-1) : late.slice(-MOST_MADE_UP));
  for (const one of due) {
    const isLate = late.includes(one);
    if (!isLate || madeUp.has(one)) work.emit({ kind: 'run', run: runOf(schedule, version, one, isLate) });
  }
  if (late.length === 0) return;
  noteMissed(
    work,
    schedule.id,
    late.map((one): MissedRun => {
      const done = madeUp.has(one) ? 'made up for' : 'passed over';
      return { runId: one.id, due: one.at, at: work.entryAt, policy, done };
    }),
  );
}

const runOf = (schedule: Schedule, version: number, due: Occurrence, late: boolean): ScheduleRun => ({
  runId: due.id,
  schedule: schedule.id,
  version,
  department: departmentOf(schedule.id),
  title: schedule.title,
  name: schedule.event?.name ?? '',
  due: due.at,
  ...(due.programme === undefined ? {} : { programme: due.programme }),
  notes: due.notes ?? [],
  late,
});
