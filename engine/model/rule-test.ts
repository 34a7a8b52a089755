// A rule's own tests: readings over time, and what must have become of the rule.
import { z } from 'zod';

import { assetSchema } from './asset.ts';
import { effectSchema } from './claim.ts';
import { durationMs, parseDuration } from './duration.ts';
import { nextTimeOfDay, parseTimeOfDay } from './local-time.ts';
import { assetIdSchema, nameSchema } from './names.ts';
import { qualitySchema } from './reading.ts';
import { timeZoneSchema } from './rule-timing.ts';
import { valueSchema } from './value.ts';

const NOTHING = /^0+(?:\.0+)?\s*[a-z]*$/i;

/** When a test begins unless it says otherwise: a Monday at noon. */
const TEST_START = '2026-01-05T12:00:00Z';

const MOMENT = 'a time from the start ("0 s", "90 s", "PT3M") or a time of day ("07:30")';

/** A moment of a test: how long after its start, or the next such time of day. */
const momentSchema = z
  .string()
  .refine(
    (text) => NOTHING.test(text) || parseTimeOfDay(text) !== undefined || parseDuration(text).ok,
    `allowed is ${MOMENT}`,
  )
  .meta({
    title: 'Moment',
    description: `${MOMENT[0]?.toUpperCase()}${MOMENT.slice(1)}.`,
    examples: ['0 s', '90 s', '07:30'],
  });

/** What a test states differently about an asset, or a whole asset of its own. */
const { tags, relations, attributes, reports, points, ...others } = assetSchema.shape;
const assetChangesSchema = z
  .strictObject({
    ...others,
    // Without defaults: what a test leaves out stays as it is.
    tags: tags.unwrap(),
    relations: relations.unwrap(),
    attributes: attributes.unwrap(),
    reports: reports.unwrap(),
    points: points.unwrap(),
  })
  .partial()
  .required({ id: true });
export type AssetChanges = z.infer<typeof assetChangesSchema>;

/** One reading, or the same reading again and again. A sensor of which nothing more is given is silent. */
const stepSchema = z
  .strictObject({
    at: momentSchema,
    asset: z
      .union([assetIdSchema, z.array(assetIdSchema).min(1).max(100)])
      .describe('Whose reading; several say the same.'),
    property: nameSchema,
    value: valueSchema,
    quality: qualitySchema.default('good'),
    every: momentSchema.optional().describe('Said again each time this has passed.'),
    until: momentSchema.optional().describe('Not said any more from then on. Default: the last expectation.'),
  })
  .refine(({ every }) => every === undefined || parseDuration(every).ok, {
    path: ['every'],
    message: 'allowed is a duration such as "5 s", longer than nothing',
  });
export type TestStep = z.infer<typeof stepSchema>;

/** A claim that must be held: exactly one of set, atLeast, atMost. */
const expectedClaimSchema = z
  .strictObject({
    point: z.string().min(3).max(200).describe('<asset id>#<point>'),
    set: valueSchema.optional(),
    atLeast: valueSchema.optional(),
    atMost: valueSchema.optional(),
  })
  .refine(
    (claim) => effectSchema.options.filter((effect) => claim[effect] !== undefined).length === 1,
    'exactly one of set, atLeast and atMost',
  );
export type ExpectedClaim = z.infer<typeof expectedClaimSchema>;

/** What must be true at one moment, after everything that is given up to it. */
const expectationSchema = z
  .strictObject({
    at: momentSchema,
    asset: assetIdSchema.optional().describe('The asset that the rule stands for. Default: any.'),
    related: assetIdSchema.optional().describe('With "each": the related asset.'),
    row: z.number().int().min(1).optional().describe('With a table: the row, counted from 1.'),
    activation: z
      .enum(['active', 'pending', 'none'])
      .optional()
      .describe('active: its actions hold. pending: it counts "for". none: neither.'),
    claims: z.array(expectedClaimSchema).max(200).optional().describe('All claims that it holds, and no others.'),
  })
  .refine(({ activation, claims }) => activation !== undefined || claims !== undefined, 'activation, claims or both');
export type Expectation = z.infer<typeof expectationSchema>;

/** One test. */
export const ruleTestSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('A sentence: what happens when.'),
  start: z.iso.datetime({ offset: true }).default(TEST_START).describe('When it begins.'),
  timeZone: timeZoneSchema
    .default('UTC')
    .describe('The city’s time zone in this test, for its times of day and for those of the rule.'),
  holidays: z
    .string()
    .max(16)
    .optional()
    .describe('The region whose public holidays the city keeps in this test (FI, DE-BY); default none.'),
  assets: z
    .array(assetChangesSchema)
    .max(100)
    .optional()
    .describe('Assets of the city as they are here, by id; or further ones.'),
  given: z.array(stepSchema).max(500).describe('Readings, each at its moment.'),
  expect: z.array(expectationSchema).min(1).max(100).describe('What must be true, each at its moment.'),
});
export type RuleTest = z.infer<typeof ruleTestSchema>;

/**
 * A moment of a test as an instant.
 *
 * @param text as the test says it, checked
 * @returns milliseconds since the epoch; a time of day is the first one at or after the start, in the test's time zone
 */
export function momentOf(text: string, { start, timeZone }: Pick<RuleTest, 'start' | 'timeZone'>): number {
  const startMs = Date.parse(start);
  if (NOTHING.test(text)) return startMs;
  const timeOfDayMs = parseTimeOfDay(text);
  return timeOfDayMs === undefined ? startMs + durationMs(text) : nextTimeOfDay(startMs - 1, timeOfDayMs, timeZone);
}
