// What happened to an alarm, as far as it is kept: one that comes and goes must not grow for ever.
import type { AlarmStep } from '../model/alarm.ts';

/** The first and the newest are kept. */
const FIRST_STEPS = 10;
const NEWEST_STEPS = 40;

/** The steps with one more. */
export function withStep(steps: readonly AlarmStep[], step: AlarmStep): AlarmStep[] {
  const all = [...steps, step];
  return all.length <= FIRST_STEPS + NEWEST_STEPS ? all : [...all.slice(0, FIRST_STEPS), ...all.slice(-NEWEST_STEPS)];
}
