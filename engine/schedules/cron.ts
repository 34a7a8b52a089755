// Cron patterns as times on the wall of one date. The only home of croner.
import { Cron } from 'croner';

/** Patterns that are kept ready, and answers: schedules ask for the same days. */
const MOST_KEPT = 10_000;

const found = new Map<string, readonly number[]>();
const known = new Map<string, Cron | { problem: string }>();

/** What is wrong with a pattern, in the words of who reads it; undefined when nothing is. */
export function cronProblem(pattern: string): string | undefined {
  const cron = cronOf(pattern);
  if ('problem' in cron) return cron.problem;
  const [, , day, , weekday] = pattern.trim().split(/\s+/);
  if (day !== '*' && weekday !== '*')
    return 'allowed is a day or a weekday, not both: programs disagree on whether both must fit; say the days in a calendar';
  return cron.nextRun(new Date('2024-01-01T00:00:00Z')) === null ? 'it never comes' : undefined;
}

/**
 * When a pattern fits between two times on the wall, in milliseconds as if the wall showed UTC: `from` included, `to` not.
 * What the clocks make of these times is not its business.
 */
export function cronTimes(pattern: string, from: number, to: number): readonly number[] {
  const key = `${from} ${to} ${pattern}`;
  const kept = found.get(key) ?? timesOf(pattern, from, to);
  if (found.size >= MOST_KEPT) found.clear();
  found.set(key, kept);
  return kept;
}

function timesOf(pattern: string, from: number, to: number): number[] {
  const cron = cronOf(pattern);
  if ('problem' in cron) return [];
  const times: number[] = [];
  for (let next = cron.nextRun(new Date(from - 1)); next && next.getTime() < to; next = cron.nextRun(next))
    times.push(next.getTime());
  return times;
}

function cronOf(pattern: string): Cron | { problem: string } {
  const cron = known.get(pattern) ?? read(pattern);
  if (known.size >= MOST_KEPT) known.clear();
  known.set(pattern, cron);
  return cron;
}

function read(pattern: string): Cron | { problem: string } {
  try {
    return new Cron(pattern, { mode: '5-part', timezone: 'UTC', paused: true });
  } catch (error) {
    return { problem: error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error) };
  }
}
