// The calendars in force: the one place that says which days are in which, for rules and schedules alike.
import type { Calendar, Days, InCalendar } from '../model/calendar.ts';
import { includesDay, type DaySource } from './day-set.ts';

/** Answers that are kept: a rule asks with every reading. */
const MOST_KEPT = 20_000;

/** Calendars by id. */
export class Calendars {
  readonly #timeZone: string;
  readonly #calendars = new Map<string, Calendar>();
  readonly #kept = new Map<string, boolean | undefined>();

  /** @param timeZone the city's: on its clocks the events of iCalendar texts touch their days */
  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Puts a calendar in force, or takes it away. */
  put(id: string, calendar: Calendar | undefined): void {
    if (calendar) this.#calendars.set(id, calendar);
    else this.#calendars.delete(id);
    this.#kept.clear();
  }

  /** Is a date in a calendar? Undefined when there is none of this id, or when it depends on itself. */
  readonly includes: InCalendar = (id, date) => this.#includes(id, date, []);

  /** Is a date one of these days? Undefined where nobody can say. */
  readonly ask = (days: Days, date: string): boolean | undefined => includesDay(days, date, this.#source([]));

  /** The ids of every calendar that one depends on, itself included. */
  reaching(id: string): Set<string> {
    const reaching = new Set([id]);
    for (let before = 0; before < reaching.size;) {
      before = reaching.size;
      for (const [other, { days }] of this.#calendars)
        if (calendarsIn(days).some((named) => reaching.has(named))) reaching.add(other);
    }
    return reaching;
  }

  #includes(id: string, date: string, within: readonly string[]): boolean | undefined {
    const key = `${id} ${date}`;
    if (within.length === 0 && this.#kept.has(key)) return this.#kept.get(key);
    const calendar = this.#calendars.get(id);
    if (!calendar || within.includes(id)) return undefined;
    const answer = includesDay(calendar.days, date, this.#source([...within, id]));
    if (within.length === 0) {
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(key, answer);
    }
    return answer;
  }

  #source(within: readonly string[]): DaySource {
    return { timeZone: this.#timeZone, inCalendar: (id, date) => this.#includes(id, date, within) };
  }
}

/** The ids of the calendars that a set of days names. */
export function calendarsIn(days: Days): string[] {
  return [...partsOf(days)].flatMap(({ part }) =>
    typeof part === 'object' && 'calendar' in part ? [part.calendar] : [],
  );
}

/** A part of a set of days, its place in it, and how many are around it. */
export interface DaysPart {
  part: Days;
  /** JSON pointer, seen from the whole. */
  path: string;
  level: number;
}

/** A set of days and everything that it is combined from. */
export function* partsOf(days: Days): Generator<DaysPart> {
  const open: DaysPart[] = [{ part: days, path: '', level: 1 }];
  for (let here = open.shift(); here; here = open.shift()) {
    yield here;
    const { part, path, level } = here;
    if (typeof part === 'string') continue;
    if ('and' in part) open.push(...each(part.and, `${path}/and`, level + 1));
    if ('or' in part) open.push(...each(part.or, `${path}/or`, level + 1));
    if ('except' in part)
      for (const side of ['days', 'except'] as const)
        open.push({ part: part[side], path: `${path}/${side}`, level: level + 1 });
  }
}

const each = (parts: readonly Days[], path: string, level: number): DaysPart[] =>
  parts.map((part, index) => ({ part, path: `${path}/${index}`, level }));
