// What pages see of schedules: what each wants now, when it is looked at next, and what was missed.
import { departmentOf } from '../model/rule.ts';
import type { MissedRun } from '../model/schedule-run.ts';
import type { Work } from './work.ts';

/** Missed runs of one schedule that are kept. */
const MOST_MISSED = 50;

/** Lists what was missed, the newest first; what is listed already stays once. */
export function noteMissed(work: Work, schedule: string, missed: readonly MissedRun[]): void {
  const before = work.state.missed.get(schedule)?.runs ?? [];
  const known = new Set(before.map(({ runId }) => runId));
  const fresh = missed.filter(({ runId }) => !known.has(runId)).toReversed();
  if (fresh.length > 0) work.state.missed.set(schedule, { runs: [...fresh, ...before].slice(0, MOST_MISSED) });
}

/** Shows a schedule as it stands; its first slice stands for all. */
export function showSchedule(work: Work, id: string): void {
  const known = work.state.schedules.get(id);
  const plan = work.state.plans.get(`${id}|0`);
  if (!known?.body || !plan) return;
  const data = {
    schedule: id,
    version: known.version,
    department: departmentOf(id),
    title: known.body.title,
    ...(plan.want ? { value: plan.want.value } : {}),
    since: plan.since,
    next: plan.dueAt,
    missed: [...(work.state.missed.get(id)?.runs ?? [])],
  };
  work.emit({ kind: 'live', event: { event: 'schedule', data } });
}
