// How a rule behaves over time: how often it must be seen to be true, and when it may be active at all.
import { z } from 'zod';

import type { InCalendar } from './calendar.ts';
import type { Instant } from './clock.ts';
import { durationSchema } from './duration.ts';
import { CALENDAR_DAYS, type CalendarDay } from './facts.ts';
import { addDays, DAY_NAMES, instantOf, isTimeZone, localTimeAt, parseTimeOfDay, weekdayOf } from './local-time.ts';

/** A time of day as a clock on the wall shows it. */
export const timeOfDaySchema = z
  .string()
  .refine((text) => parseTimeOfDay(text) !== undefined, 'allowed is a time of day such as "06:30"')
  .meta({ title: 'Time of day', examples: ['06:30', '20:00'] });

/** A time zone by its name in the IANA database. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'allowed is a time zone such as "Europe/London"')
  .meta({ title: 'Time zone', examples: ['Europe/London'] });

/** The most readings that `times` may ask for: they are kept for each asset. */
const MOST_READINGS = 100;

/** Not one reading alone: the conditions must have been true on several. */
export const timesSchema = z
  .strictObject({
    readings: z.number().int().min(1).max(MOST_READINGS).describe('On how many different readings.'),
    within: durationSchema.describe('Within this long before the rule becomes active.'),
  })
  .meta({
    title: 'Times',
    description:
      'The conditions must have been true on so many readings of what they read. A reading that is sent twice, and several readings of one moment, count once; they need not follow one another.',
    examples: [{ readings: 2, within: '26 h' }],
  });

/** A kind of day, or a calendar's id. */
const dayNameSchema = z.union([
  z.enum(CALENDAR_DAYS),
  z
    .string()
    .max(96)
    .regex(
      /^[a-z][a-z0-9-]{1,31}\/[a-z0-9][a-z0-9-]*$/,
      `allowed is one of ${CALENDAR_DAYS.join(', ')}, or the id of a calendar: <department>/<name>`,
    ),
]);

/** When a rule may be active. */
export const whenSchema = z
  .strictObject({
    days: z
      .union([z.enum(['workday', 'weekend']), z.array(z.enum(DAY_NAMES)).min(1).max(7)])
      .optional()
      .describe('workday is Monday to Friday, holidays included; or a list of days. Default: every day.'),
    calendar: z
      .array(dayNameSchema)
      .min(1)
      .max(32)
      .optional()
      .describe(
        'Only on these kinds of day, or on the days of these calendars; a public holiday is one on whichever day of the week, where the city’s settings name a region. With "days", both must hold. Default: every day.',
      ),
    between: z
      .tuple([timeOfDaySchema, timeOfDaySchema])
      .refine(([from, to]) => from !== to, 'allowed are two different times of day')
      .optional()
      .describe('From the first time of day up to the second; past midnight it belongs to the day on which it began.'),
    timeZone: timeZoneSchema.optional().describe('Default: the city’s own.'),
  })
  .refine(
    ({ days, calendar, between }) => days !== undefined || calendar !== undefined || between !== undefined,
    'allowed are days, calendar and between, at least one of them',
  )
  .meta({
    title: 'When',
    description: 'Outside of it the rule does not start, and ends if it is active.',
    examples: [
      { days: 'workday', between: ['06:30', '20:00'] },
      { calendar: ['sunday', 'holiday'], between: ['22:00', '06:00'] },
    ],
  });
export type When = z.infer<typeof whenSchema>;

const WORKDAYS: readonly string[] = DAY_NAMES.slice(0, 5);
/** A week, the day before for what goes past midnight, and a day to spare. What comes later is looked for again then. */
const DAYS_AHEAD = 8;

/** Whose clocks and whose calendar a rule's hours are meant by. */
export interface CityTime {
  timeZone: string;
  /** @param date `2026-12-25` */
  kindOfDay(date: string): CalendarDay;
  /** The calendars in force; default none. A calendar that cannot say has no days here. */
  inCalendar?: InCalendar;
}

/** What is known of a rule's hours from one instant on, until they may change. */
export interface Hours {
  isWithin: boolean;
  /** Milliseconds since the epoch. */
  changesAt: Instant;
}

/** The answer of the last look at each `when`: a rule is asked with every reading, its hours change a few times a day. */
const LOOKED = new WeakMap<When, Hours & { at: Instant; city: CityTime }>();

/** Is a rule with this `when` within its hours, and when may that change next? */
export function hoursAt(when: When, at: Instant, city: CityTime): Hours {
  const last = LOOKED.get(when);
  if (last?.city === city && last.at <= at && at < last.changesAt)
    return { isWithin: last.isWithin, changesAt: last.changesAt };
  const hours = findHours(when, at, { ...city, timeZone: when.timeZone ?? city.timeZone });
  LOOKED.set(when, { ...hours, at, city });
  return hours;
}

function findHours(when: When, at: Instant, city: CityTime): Hours {
  const { date } = localTimeAt(at, city.timeZone);
  let isWithin = false;
  let changesAt = Infinity;
  for (let days = -1; days < DAYS_AHEAD && (changesAt === Infinity || days < 2); days += 1) {
    const stretch = stretchOf(when, addDays(date, days), city);
    if (!stretch) continue;
    const { from, to } = stretch;
    if (from <= at && at < to) isWithin = true;
    for (const boundary of [from, to]) if (boundary > at) changesAt = Math.min(changesAt, boundary);
  }
  if (changesAt === Infinity) changesAt = instantOf(addDays(date, DAYS_AHEAD), 0, city.timeZone);
  return { isWithin, changesAt };
}

/** The stretch that begins on a date, if one does. */
function stretchOf(when: When, date: string, city: CityTime): { from: Instant; to: Instant } | undefined {
  if (!isDay(when.days, weekdayOf(date))) return undefined;
  if (when.calendar && !when.calendar.some((name) => isDayOf(name, date, city))) return undefined;
  const [from = 0, to = 0] = (when.between ?? ['00:00', '24:00']).map(parseTimeOfDay);
  return {
    from: instantOf(date, from, city.timeZone),
    to: instantOf(to > from ? date : addDays(date, 1), to, city.timeZone),
  };
}

const isDayOf = (name: string, date: string, city: CityTime): boolean =>
  isCalendarId(name) ? city.inCalendar?.(name, date) === true : name === city.kindOfDay(date);

/** Of the names in a `when`, those of calendars. */
export const calendarsOf = ({ calendar = [] }: When): string[] => calendar.filter(isCalendarId);

const isCalendarId = (name: string): boolean => name.includes('/');

function isDay(days: When['days'], weekday: (typeof DAY_NAMES)[number]): boolean {
  if (days === undefined) return true;
  if (days === 'workday') return WORKDAYS.includes(weekday);
  return days === 'weekend' ? !WORKDAYS.includes(weekday) : days.includes(weekday);
}

/** A rule with its hours in words: `outside of its hours (workday, 06:30 to 20:00)`. */
export function describeWhen({ days, calendar, between, timeZone }: When): string {
  const parts = [
    typeof days === 'string' ? days : days?.join(', '),
    calendar?.join(', '),
    between && `${between[0]} to ${between[1]}`,
    timeZone,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
