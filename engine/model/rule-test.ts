// A rule's own tests: readings over time, and what must have become of the rule.
import { z } from 'zod';

import { assetSchema } from './asset.ts';
import { parseDuration } from './duration.ts';
import { momentSchema } from './moment.ts';
import { assetIdSchema, nameSchema } from './names.ts';
import { qualitySchema } from './reading.ts';
import { expectationSchema, type Expectation } from './rule-expectation.ts';
import { timeZoneSchema } from './rule-timing.ts';
import { valueSchema } from './value.ts';

/** When a test begins unless it says otherwise: a Monday at noon. */
const TEST_START = '2026-01-05T12:00:00Z';

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
    property: nameSchema.describe('What is read.'),
    value: valueSchema.describe('In the property’s own unit; ratios are 0 to 1.'),
    quality: qualitySchema.default('good').describe('How far the sensor trusts it itself; bad makes it unknown.'),
    every: momentSchema.optional().describe('Said again each time this has passed.'),
    until: momentSchema.optional().describe('Not said any more from then on. Default: the last expectation.'),
  })
  .refine(({ every }) => every === undefined || parseDuration(every).ok, {
    path: ['every'],
    message: 'allowed is a duration such as "5 s", longer than nothing',
  });
export type TestStep = z.infer<typeof stepSchema>;

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
  expect: z
    .union([expectationSchema, z.array(expectationSchema).min(1).max(100)])
    .describe('What must be true at one moment, or a list of such.'),
});
export type RuleTest = z.infer<typeof ruleTestSchema>;

/** What a test expects as a list, each with its JSON pointer below the test. */
export const expectationsOf = ({ expect }: Pick<RuleTest, 'expect'>): { expected: Expectation; path: string }[] =>
  Array.isArray(expect)
    ? expect.map((expected, index) => ({ expected, path: `/expect/${index}` }))
    : [{ expected: expect, path: '/expect' }];
