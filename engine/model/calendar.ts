// Calendars as documents: sets of days that a department keeps, for rules and schedules alike.
import { z } from 'zod';

import { DAY_NAMES, isDate, type DayName } from './local-time.ts';
import { documentIdSchema } from './names.ts';

/** A day of one year, or the same day of every year. */
const dateSchema = z
  .string()
  .refine(
    (text) => isDate(text) || isDate(`2024-${text}`),
    'allowed is a date such as "2026-12-24", or "12-24" for every year',
  )
  .meta({ title: 'Date', examples: ['2026-12-24', '12-24'] });

/** Which one of a weekday within its month. */
export const WHICH = ['first', 'second', 'third', 'fourth', 'fifth', 'last'] as const;

/** The kinds of holiday that are known; of most regions only the public ones are complete. */
export const HOLIDAY_KINDS = ['public', 'bank', 'school', 'optional', 'observance'] as const;
export type HolidayKind = (typeof HOLIDAY_KINDS)[number];

/** Days that have a word. */
export const DAY_WORDS = ['everyDay', 'workday', 'weekend', ...DAY_NAMES] as const;

const holidaysSchema = z.strictObject({
  holidays: z.string().max(16).describe('Country, state or region: FI, DE-BY, GB-ENG.'),
  kinds: z.array(z.enum(HOLIDAY_KINDS)).min(1).optional().describe('Default: the public ones.'),
});

/** The longest iCalendar text of one calendar, in characters. */
const LONGEST_ICALENDAR = 200_000;

const icalendarSchema = z.strictObject({
  icalendar: z
    .string()
    .min(1)
    .max(LONGEST_ICALENDAR)
    .describe('The text of an iCalendar file (RFC 5545): every day that one of its events touches.'),
  summary: z.string().min(1).max(200).optional().describe('Only events with these words in their summary.'),
});

const nthSchema = z.strictObject({
  which: z.enum(WHICH),
  weekday: z.enum(DAY_NAMES),
  months: z
    .array(z.number().int().min(1).max(12))
    .min(1)
    .max(12)
    .optional()
    .describe('1 is January. Default: every month.'),
});

/** A set of days: each form says by itself which days it means. */
export type Days =
  | (typeof DAY_WORDS)[number]
  | { dates: string[] }
  | { from: string; to: string }
  | { which: (typeof WHICH)[number]; weekday: DayName; months?: number[] | undefined }
  | { holidays: string; kinds?: HolidayKind[] | undefined }
  | { icalendar: string; summary?: string | undefined }
  | { calendar: string }
  | { and: Days[] }
  | { or: Days[] }
  | { days: Days; except: Days };

/** A set of days as an author writes it. */
export const daysSchema: z.ZodType<Days> = z
  .lazy(() =>
    z.union([
      z.enum(DAY_WORDS),
      z.strictObject({ dates: z.array(dateSchema).min(1).max(1_000) }),
      z
        .strictObject({ from: dateSchema, to: dateSchema })
        .refine(({ from, to }) => from.length === to.length, 'allowed are two dates with a year, or two without')
        .refine(
          ({ from, to }) => from.length === 5 || from <= to,
          'allowed is an end that is not before the beginning',
        ),
      nthSchema,
      holidaysSchema,
      icalendarSchema,
      z.strictObject({ calendar: documentIdSchema.describe('The days of another calendar.') }),
      z.strictObject({ and: z.array(daysSchema).min(1).max(64).describe('Days that are in all of them.') }),
      z.strictObject({ or: z.array(daysSchema).min(1).max(64).describe('Days that are in any of them.') }),
      z.strictObject({ days: daysSchema, except: daysSchema }),
    ]),
  )
  .meta({
    id: 'days',
    title: 'Days',
    description:
      'A word, dates, a season, a weekday of the month, holidays, an iCalendar text, another calendar; or several combined.',
    examples: [
      { days: 'workday', except: { holidays: 'GB-ENG' } },
      {
        or: [
          { from: '11-01', to: '03-31' },
          { which: 'last', weekday: 'friday' },
        ],
      },
    ],
  });

/** A calendar that rules and schedules name. */
export const calendarSchema = z.strictObject({
  id: documentIdSchema,
  title: z.string().min(1).max(200),
  days: daysSchema,
});
export type Calendar = z.infer<typeof calendarSchema>;

/** Is a date in a calendar? Undefined where nobody can say: there is no such calendar, or it comes back to itself. */
export type InCalendar = (calendar: string, date: string) => boolean | undefined;
