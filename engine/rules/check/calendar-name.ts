// Names of calendars in rules: whoever names one that does not exist would wait for a day that never comes.
import type { Checking } from './findings.ts';
import { nearest, oneOf } from '../../model/words.ts';

/** Refuses a calendar that does not exist (`rule-calendar`), at its place. */
export function checkCalendarName(name: string, { path, checking }: { path: string; checking: Checking }): void {
  const { catalogue, findings } = checking;
  if (catalogue.calendars?.has(name) !== false) return;
  const { calendars } = catalogue;
  const fix = nearest(name, calendars);
  findings.refuse({
    code: 'rule-calendar',
    path,
    found: name,
    allowed: `there is no such calendar; ${oneOf(calendars)}`,
    fix,
  });
}
