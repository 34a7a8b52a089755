// From what somebody wrote to a calendar that can work: every problem at once, each with its place.
import { calendarSchema, type Calendar } from '../model/calendar.ts';
import { check } from '../model/check.ts';
import { problem, type Checked } from '../model/result.ts';
import { checkDays, circleFrom, type KnownCalendars } from './check-days.ts';

/**
 * Checks a calendar; `docs/errors.md` lists the codes.
 *
 * @param known all other calendars, or an older version of this one
 */
export function checkCalendar(document: unknown, known: KnownCalendars): Checked<Calendar> {
  const shaped = check(calendarSchema, document);
  if (!shaped.ok) return { ...shaped, warnings: [] };
  const calendar = shaped.value;
  const all = new Map(known).set(calendar.id, calendar);
  const problems = checkDays(calendar.days, '/days', all);
  const circle = circleFrom(calendar, all);
  if (circle)
    problems.push(
      problem(
        'calendar-circle',
        '/days',
        circle.join(' → '),
        'allowed are calendars that do not come back to themselves',
      ),
    );
  return problems.length > 0 ? { ok: false, problems, warnings: [] } : { ok: true, value: calendar, warnings: [] };
}
