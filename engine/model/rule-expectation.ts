// What a rule's test expects at one moment: the activation, the claims, and what was done once.
import { z } from 'zod';

import { effectSchema, slotSchema } from './claim.ts';
import { durationSchema } from './duration.ts';
import { momentSchema } from './moment.ts';
import { assetIdSchema, nameSchema } from './names.ts';
import { valueSchema } from './value.ts';

const pointSchema = z.string().min(3).max(200).describe('<asset id>#<point>');

/** A claim that must be held: exactly one of set, atLeast, atMost. */
const expectedClaimSchema = z
  .strictObject({
    point: pointSchema,
    set: valueSchema.optional().describe('Exactly this value.'),
    atLeast: valueSchema.optional().describe('This value as a lower bound.'),
    atMost: valueSchema.optional().describe('This value as an upper bound.'),
    slot: slotSchema.optional().describe('In this slot. Default: whichever.'),
    ramp: durationSchema.optional().describe('Over this long. Default: however long.'),
  })
  .refine(
    (claim) => effectSchema.options.filter((effect) => claim[effect] !== undefined).length === 1,
    'exactly one of set, atLeast and atMost',
  );
export type ExpectedClaim = z.infer<typeof expectedClaimSchema>;

const whoseSchema = assetIdSchema.optional().describe('The asset that the rule stands for. Default: any.');

/** An order that must have been opened. */
const expectedOrderSchema = z.strictObject({
  order: nameSchema.describe('What kind of task: collection, repair.'),
  asset: whoseSchema,
  state: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('open: still to be done. closed: a reading has shown that it is done.'),
  due: momentSchema.optional().describe('When it is due. Default: whenever.'),
});
export type ExpectedOrder = z.infer<typeof expectedOrderSchema>;

/** A notification that must have been sent. */
const expectedNotificationSchema = z.strictObject({
  to: z.string().min(1).max(200).describe('Who is told.'),
  text: z.string().min(1).max(1_000).optional().describe('What is said, in full. Default: whatever.'),
  asset: whoseSchema,
});
export type ExpectedNotification = z.infer<typeof expectedNotificationSchema>;

/** A webhook that must have been called. */
const expectedWebhookSchema = z.strictObject({
  url: z.string().min(1).max(1_000).describe('Where to.'),
  body: z.record(z.string().max(64), z.json()).optional().describe('What is sent along, in full. Default: whatever.'),
  asset: whoseSchema,
});
export type ExpectedWebhook = z.infer<typeof expectedWebhookSchema>;

const SO_FAR = 'since the test began, and no others; [] for none';

/** What must be true at one moment, after everything that is given up to it. */
export const expectationSchema = z
  .strictObject({
    at: momentSchema,
    asset: assetIdSchema.optional().describe('The asset that the rule stands for. Default: any.'),
    related: assetIdSchema.optional().describe('With "each": the related asset.'),
    row: z.number().int().min(1).optional().describe('With a table: the row, counted from 1.'),
    activation: z
      .enum(['active', 'pending', 'none'])
      .optional()
      .describe('active: its actions hold. pending: it counts "for". none: neither.'),
    claims: z
      .array(expectedClaimSchema)
      .max(200)
      .optional()
      .describe('All claims that it holds, and no others; [] for none.'),
    unclaimed: z.array(pointSchema).min(1).max(200).optional().describe('Points on which it holds no claim.'),
    orders: z.array(expectedOrderSchema).max(100).optional().describe(`All orders that it has opened ${SO_FAR}.`),
    notifications: z
      .array(expectedNotificationSchema)
      .max(100)
      .optional()
      .describe(`All notifications that it has sent ${SO_FAR}.`),
    webhooks: z.array(expectedWebhookSchema).max(100).optional().describe(`All webhooks that it has called ${SO_FAR}.`),
  })
  .refine(
    ({ activation, claims, unclaimed, orders, notifications, webhooks }) =>
      [activation, claims, unclaimed, orders, notifications, webhooks].some((one) => one !== undefined),
    'at least one of activation, claims, unclaimed, orders, notifications and webhooks',
  );
export type Expectation = z.infer<typeof expectationSchema>;
