// Controllable points: what each kind of asset can be asked to do, within what limits, and how it is proven.
import { z } from 'zod';

import { SLOTS, slotSchema } from './claim.ts';
import type { Want } from './command.ts';
import { durationSchema } from './duration.ts';
import { nameSchema } from './names.ts';
import { sameValue, valueSchema, valueTypeSchema, type Value } from './value.ts';

/** How a meter proves a numeric point: expected reading = value × the asset's attribute, within the tolerance. */
const instrumentSchema = z.strictObject({
  property: nameSchema.describe('The measured property, for example activePower.'),
  per: nameSchema.describe('The asset’s attribute that says the reading at value 1, for example watts.'),
  tolerance: z.number().min(0).max(1).default(0.15).describe('Allowed deviation as a share of the reading at value 1.'),
});

/**
 * How often a point may change before it wears out; the safe value is never held up. Of a momentary action
 * (`endsItself`) every start counts, also one that is tried again, and nothing else does.
 */
const wearSchema = z.strictObject({
  between: durationSchema.optional().describe('Least time between two changes.'),
  perHour: z.number().int().min(1).max(1_000).optional().describe('Most changes within any hour.'),
  perDay: z.number().int().min(1).max(1_000).optional().describe('Most changes within any 24 hours.'),
});

/** What a point's declaration consists of, nothing filled in. */
const declaredSchema = z.strictObject({
  value: valueTypeSchema.describe('What it can be.'),
  safe: z
    .union([
      valueSchema,
      z.strictObject({ release: z.literal(true).describe('The device’s own programme is the safe state.') }),
    ])
    .describe('The value that is safe for people, or { "release": true }.'),
  afterDeath: z
    .enum(['returns at lease', 'returns on link loss', 'stays'])
    .describe('What the device does when we are gone for good.'),
  notAfter: durationSchema.describe('A command not on the wire by then is worthless. Default: 10 s.'),
  provenWithin: durationSchema.describe('Time from sent within which a report must prove the value. Default: 10 s.'),
  tolerance: z
    .number()
    .min(0)
    .describe('How far a report may be off and still prove the value, in the point’s own unit. Default: 0.'),
  instrument: instrumentSchema.optional().describe('A meter that proves what the device says.'),
  wear: wearSchema
    .optional()
    .describe('How often it may change; over that, the newest wanted value waits. Default: no limit.'),
  endsItself: z
    .boolean()
    .describe('A momentary action that the device ends by itself (a compaction cycle). Default: false.'),
  twoPeople: z
    .array(valueSchema)
    .max(64)
    .describe('Values that one person may ask for and another must confirm; nobody else gets there. Default: none.'),
  ranks: z
    .array(valueSchema)
    .max(64)
    .describe(
      'Values in the order in which they go first: of claims in one slot, the one whose value stands later waits. Default: whoever came first.',
    ),
  slot: slotSchema.describe('The slot in which a person’s wish for it stands. Default: 8.'),
});

/** One controllable attribute of an asset. */
export const pointSchema = declaredSchema.extend({
  notAfter: durationSchema.default('10 s'),
  provenWithin: durationSchema.default('10 s'),
  tolerance: z.number().min(0).default(0),
  endsItself: z.boolean().default(false),
  twoPeople: z.array(valueSchema).max(64).default([]),
  ranks: z.array(valueSchema).max(64).default([]),
  slot: slotSchema.default(SLOTS.operator),
});

/** What an asset states differently from its type. Without defaults: what it leaves out is the type's, not the schema's. */
export const pointChangesSchema = declaredSchema.partial();

export type PointChanges = z.infer<typeof pointChangesSchema>;
export type Point = z.infer<typeof pointSchema>;

/** A point's declared safe value as a want: what a stop asks for. */
export const safeWant = ({ safe }: Pick<Point, 'safe'>): Want =>
  typeof safe === 'object' ? safe : { value: safe, rampSeconds: 0 };

/** Does a want ask for exactly the declared safe value? A release does only where a release is declared safe. */
export const isSafeWant = (want: Want, { safe }: Pick<Point, 'safe'>): boolean =>
  'release' in want ? typeof safe === 'object' : typeof safe !== 'object' && sameValue(safe, want.value);

/** Must two people want this value before the point may have it? */
export const needsTwoPeople = (
  value: Value,
  { twoPeople, tolerance }: Pick<Point, 'twoPeople' | 'tolerance'>,
): boolean => twoPeople.some((one) => sameValue(one, value, tolerance));

/** How far behind the first a value stands among those that do not get along; those that nobody ranked come last. */
export function rankOf(value: Value, { ranks, tolerance }: Pick<Point, 'ranks' | 'tolerance'>): number {
  const rank = ranks.findIndex((one) => sameValue(one, value, tolerance));
  return rank < 0 ? ranks.length : rank;
}

/**
 * A type's declaration of a point with what an asset states differently, not yet checked. An asset may name more values
 * that need two people, and takes none of the type's away.
 */
export const mergePoint = (ofType: Point | undefined, changes: PointChanges): unknown => ({
  ...ofType,
  ...changes,
  twoPeople: [...(ofType?.twoPeople ?? []), ...(changes.twoPeople ?? [])],
});

/** Do two wants ask the same of a device, as far as the point's tolerance can tell? */
export function sameWant(left: Want, right: Want | undefined, { tolerance }: Pick<Point, 'tolerance'>): boolean {
  if (!right || 'release' in left || 'release' in right)
    return right !== undefined && 'release' in left && 'release' in right;
  return sameValue(left.value, right.value, tolerance);
}

/** What each asset type's points are like; an asset names those it has, and may declare others of its own. */
export const POINTS: Readonly<Record<string, Readonly<Record<string, Point>>>> = {
  TrafficController: {
    timePlan: pointSchema.parse({
      value: { type: 'number', unit: '1', min: 1, max: 255, integer: true },
      safe: { release: true },
      afterDeath: 'returns at lease',
    }),
    // RSMP TLC M0001; its timeout is the lease, after which the controller returns by itself.
    functionalPosition: pointSchema.parse({
      value: { type: 'word', words: ['NormalControl', 'YellowFlash', 'Dark'] },
      safe: { release: true },
      afterDeath: 'returns at lease',
      twoPeople: ['YellowFlash', 'Dark'],
    }),
    // RSMP TLC M0005: the number of a programmed route, 0 is none. One at a time at each controller.
    emergencyRoute: pointSchema.parse({
      value: { type: 'number', unit: '1', min: 0, max: 255, integer: true },
      safe: { release: true },
      afterDeath: 'returns at lease',
      slot: SLOTS.emergency,
    }),
  },
  Streetlight: {
    level: pointSchema.parse({
      value: { type: 'number', unit: '1', min: 0, max: 1 },
      safe: 1,
      afterDeath: 'returns at lease',
      notAfter: '60 s',
      tolerance: 0.02,
      instrument: { property: 'activePower', per: 'watts' },
    }),
  },
  WasteContainer: {
    compaction: pointSchema.parse({
      value: { type: 'word', words: ['idle', 'compacting'] },
      safe: 'idle',
      afterDeath: 'returns at lease',
      endsItself: true,
    }),
  },
};
