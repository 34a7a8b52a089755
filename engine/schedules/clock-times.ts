// Times on the wall as instants: once on most days, none or two where the clocks are changed.
import type { Instant } from '../model/clock.ts';
import { instantsShowing } from '../model/local-time.ts';

/** What becomes of times that the clocks skip or show twice. */
export interface ClockRules {
  timeZone: string;
  skippedHour: 'next' | 'skip';
  doubledHour: 'first' | 'second' | 'both';
}

/**
 * When the clocks show a time of a date, by the schedule's rules: none, one or two instants, the earlier first.
 *
 * @param timeOfDayMs 0 to 86,399,999
 */
export function clockTimes(date: string, timeOfDayMs: number, rules: ClockRules): Instant[] {
  const { shown, next } = instantsShowing(date, timeOfDayMs, rules.timeZone);
  if (shown.length === 0) return rules.skippedHour === 'next' ? [next] : [];
  if (rules.doubledHour === 'both') return shown;
  const one = rules.doubledHour === 'first' ? shown[0] : shown.at(-1);
  return one === undefined ? [] : [one];
}

/** The one instant that stands for a time of a date where there must be one: skipped times are at the first moment after. */
export function clockTime(date: string, timeOfDayMs: number, rules: ClockRules): Instant {
  const [at = Number.NaN] = clockTimes(date, timeOfDayMs, {
    ...rules,
    skippedHour: 'next',
    doubledHour: rules.doubledHour === 'second' ? 'second' : 'first',
  });
  return at;
}
