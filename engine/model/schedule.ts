// Schedules as documents: which programme rules which day, what happens in a programme, and to whom.
import { z } from 'zod';

import { daysSchema } from './calendar.ts';
import { durationMs, durationSchema } from './duration.ts';
import { documentIdSchema, nameSchema } from './names.ts';
import { scopeSchema } from './rule.ts';
import { timeOfDaySchema, timeZoneSchema } from './rule-timing.ts';
import { valueSchema } from './value.ts';

/** What the sun does in a day: it crosses the horizon, or 6, 12 or 18 degrees below it. */
export const SUN_EVENTS = [
  'sunrise',
  'sunset',
  'civilDawn',
  'civilDusk',
  'nauticalDawn',
  'nauticalDusk',
  'astronomicalDawn',
  'astronomicalDusk',
] as const;
export type SunEvent = (typeof SUN_EVENTS)[number];

/** The furthest a moment may be from its sun event, in milliseconds. */
const FURTHEST_MS = 6 * 3_600_000;

const shiftSchema = durationSchema.refine((text) => durationMs(text) <= FURTHEST_MS, 'allowed are shifts of up to 6 h');

const sunMomentSchema = z
  .strictObject({
    sun: z.enum(SUN_EVENTS),
    earlier: shiftSchema.optional().describe('This long before the sun does it, at most 6 h.'),
    later: shiftSchema.optional().describe('This long after, at most 6 h.'),
    notBefore: timeOfDaySchema.optional(),
    notAfter: timeOfDaySchema.optional(),
  })
  .refine(({ earlier, later }) => earlier === undefined || later === undefined, 'allowed is either earlier or later')
  .meta({ title: 'By the sun', examples: [{ sun: 'sunset', earlier: '15 min', notBefore: '16:30' }] });

/** A moment of a day: by the clocks, or by the sun at the schedule's place. */
export const dayMomentSchema = z.union([timeOfDaySchema, sunMomentSchema]);
export type DayMoment = z.infer<typeof dayMomentSchema>;

/** What a layer does to the value below it. */
export const LAYER_EFFECTS = ['set', 'atLeast', 'atMost', 'add', 'multiply'] as const;

const MOST_RAMP_MS = 3_600_000;

/** Part of a day in which a point has a value, or another value than the layers before it say. */
export const layerSchema = z
  .strictObject({
    from: dayMomentSchema.optional().describe('Default: the beginning of the day.'),
    to: dayMomentSchema
      .optional()
      .describe('Default: the end of the day. Earlier than "from", the layer holds at both ends of the day.'),
    set: valueSchema.optional().describe('This value, whatever is below.'),
    atLeast: z.number().optional().describe('The value below, but not less (TALQ: Max).'),
    atMost: z.number().optional().describe('The value below, but not more (TALQ: Min).'),
    add: z.number().optional().describe('The value below and this.'),
    multiply: z.number().min(0).max(100).optional().describe('The value below times this.'),
    ramp: durationSchema
      .refine((text) => durationMs(text) <= MOST_RAMP_MS, 'allowed are ramps of up to 1 h')
      .optional()
      .describe('How long the device takes to move as the layer begins and as it ends. Default: at once.'),
  })
  .refine(
    (layer) => LAYER_EFFECTS.filter((effect) => layer[effect] !== undefined).length === 1,
    'exactly one of set, atLeast, atMost, add and multiply',
  )
  .refine(({ from, to }) => typeof from !== 'string' || from !== to, {
    path: ['to'],
    message: 'allowed are two different moments; leave both out for the whole day',
  });
export type Layer = z.infer<typeof layerSchema>;

/** When an event happens. */
export const runSchema = z
  .strictObject({
    at: dayMomentSchema.refine((at) => at !== '24:00', 'allowed is 00:00 of the day after').optional(),
    cron: z
      .string()
      .min(9)
      .max(200)
      .optional()
      .describe('minute hour day month weekday, as cron reads them, on the schedule’s clocks.'),
    note: z.string().max(200).optional().describe('Goes with the event: what it is for.'),
  })
  .refine(({ at, cron }) => (at === undefined) !== (cron === undefined), 'exactly one of at and cron');
export type Run = z.infer<typeof runSchema>;

/** What becomes of occurrences that came due while nobody could act. */
export const MISSED_POLICIES = ['skip', 'once', 'all'] as const;

/** Whose points are held, and which. */
const targetsSchema = scopeSchema
  .omit({ each: true })
  .extend({ point: nameSchema.describe('Which point of them.') })
  .meta({
    title: 'Targets',
    examples: [{ type: 'Streetlight', zone: 'old-town', point: 'level', except: { tag: 'crossing' } }],
  });
export type Targets = z.infer<typeof targetsSchema>;

/** The department whose flows and rules learn of an event, and how they know it. */
const eventSchema = z.strictObject({
  name: nameSchema.describe('What flows and rules know it by.'),
});

const programmesSchema = z
  .record(nameSchema, z.array(z.union([layerSchema, runSchema])).max(100))
  .refine((programmes) => Object.keys(programmes).length > 0, 'allowed is at least one programme')
  .refine((programmes) => Object.keys(programmes).length <= 50, 'allowed are up to 50 programmes');

const LEAST_LEASE_MS = 10 * 60_000;
const MOST_LEASE_MS = 24 * 3_600_000;
const MOST_SPREAD_MS = 30 * 60_000;

const lengthSchema = (least: number, most: number, allowed: string) =>
  durationSchema.refine((text) => least <= durationMs(text) && durationMs(text) <= most, allowed);

/** A schedule as its author writes it: programmes, the days that each of them rules, and whom they are for. */
export const scheduleSchema = z
  .strictObject({
    id: documentIdSchema.describe('<department>/<name>; the department owns the schedule.'),
    title: z.string().min(1).max(200),
    timeZone: timeZoneSchema.describe('On whose clocks times and days are meant. Never left out.'),
    place: z
      .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
      .optional()
      .describe('Longitude and latitude: where the sun is looked at. Needed where a moment is by the sun.'),
    dayStarts: z
      .enum(['midnight', 'noon'])
      .default('midnight')
      .describe('A day of the schedule is from here to the next: with noon, a night is one day.'),
    skippedHour: z
      .enum(['next', 'skip'])
      .default('next')
      .describe(
        'What is due in an hour that the clocks skip: once, at the first moment after it; or, of events, never.',
      ),
    doubledHour: z
      .enum(['first', 'second', 'both'])
      .default('first')
      .describe('What is due in an hour that comes twice: the first time, the second, or, of events, both.'),
    targets: targetsSchema.optional().describe('Whose points are held in slot 14; or an event instead.'),
    event: eventSchema.optional().describe('Instead of targets: flows and rules are told.'),
    programmes: programmesSchema.describe('By name: layers, the later over the earlier; or, with an event, moments.'),
    days: z
      .array(z.strictObject({ on: daysSchema, programme: nameSchema }))
      .min(1)
      .max(100)
      .describe('The first whose days have the date rules the day; where none has it, nothing is wanted.'),
    missed: z
      .enum(MISSED_POLICIES)
      .optional()
      .describe(
        'What becomes of what came due while the box could not act: skip, once (what should hold now; of events the newest), all (events). Default: once for targets, all for an event.',
      ),
    lease: lengthSchema(LEAST_LEASE_MS, MOST_LEASE_MS, 'allowed are leases from 10 min to 24 h')
      .default('1 h')
      .describe('How long devices keep a value without hearing from us; renewed at half of it.'),
    spread: lengthSchema(1_000, MOST_SPREAD_MS, 'allowed are windows from 1 s to 30 min')
      .optional()
      .describe(
        'Changes reach the targets within this long after they are due, a few at a time. Default: all at once.',
      ),
  })
  .refine(({ targets, event }) => (targets === undefined) !== (event === undefined), 'exactly one of targets and event')
  .superRefine((schedule, context) => {
    for (const { path, message } of misplaced(schedule)) context.addIssue({ code: 'custom', path, message });
  })
  .meta({
    title: 'Schedule',
    description: 'What a department wants of points, or wants to be told, by the clock, the sun and its calendars.',
  });
export type Schedule = z.infer<typeof scheduleSchema>;

/** Is this step of a programme a layer, and not a moment? */
export const isLayer = (step: Layer | Run): step is Layer => !('at' in step) && !('cron' in step);

interface Misplaced {
  path: (string | number)[];
  message: string;
}

/** What fits the other kind of schedule only. */
function misplaced({ targets, programmes, skippedHour, doubledHour, missed, spread }: ScheduleParts): Misplaced[] {
  const found: Misplaced[] = [];
  const isForPoints = targets !== undefined;
  for (const [name, steps] of Object.entries(programmes))
    for (const [index, step] of steps.entries())
      if (isLayer(step) !== isForPoints)
        found.push({
          path: ['programmes', name, index],
          message: isForPoints
            ? 'allowed are layers: points have a value all the time'
            : 'allowed are moments: an event has at or cron',
        });
  if (isForPoints && skippedHour === 'skip')
    found.push({ path: ['skippedHour'], message: 'allowed is next: points have a value all the time' });
  if (isForPoints && doubledHour === 'both')
    found.push({ path: ['doubledHour'], message: 'allowed is first or second: points have a value all the time' });
  if (isForPoints && missed === 'all')
    found.push({
      path: ['missed'],
      message: 'allowed is skip or once: what a point should have had earlier is of no use now',
    });
  if (!isForPoints && spread !== undefined) found.push({ path: ['spread'], message: 'allowed with targets only' });
  return found;
}

type ScheduleParts = Pick<Schedule, 'targets' | 'programmes' | 'skippedHour' | 'doubledHour' | 'missed' | 'spread'>;
