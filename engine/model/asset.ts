// Assets: the physical things of the city, as documents.
import { z } from 'zod';

import { durationSchema } from './duration.ts';
import { assetIdSchema, departmentSchema, nameSchema, typeOfUrn } from './names.ts';
import { mergePoint, needsTwoPeople, POINTS, pointChangesSchema, pointSchema, type Point } from './points.ts';
import { valueSchema } from './value.ts';

/** A place on the map, GeoJSON (RFC 7946): longitude before latitude. */
const locationSchema = z.strictObject({
  type: z.literal('Point').describe('Always Point.'),
  coordinates: z
    .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
    .describe('Longitude, then latitude, in degrees (WGS 84).'),
});

/** What else an asset may say of how a property reports. */
const believing = {
  lateness: durationSchema
    .optional()
    .describe(
      'How much older than the newest a reading may be and still count. Default: 5 min (the city’s), or three reports if that is longer.',
    ),
  frozenAfter: durationSchema
    .optional()
    .describe('A sensor that says exactly the same for this long is not believed. Default: it is.'),
};

/** How often a property should report; it is stale after three missed reports. */
const reportingSchema = z.union([
  z.strictObject({ every: durationSchema.describe('It reports this often, whatever happens.'), ...believing }),
  z.strictObject({
    onChange: z.literal(true).describe('It reports when the value changes.'),
    heartbeat: durationSchema.describe('It reports at least this often.'),
    ...believing,
  }),
]);

/** One physical thing. */
export const assetSchema = z
  .strictObject({
    id: assetIdSchema.describe('A URN that holds the type: urn:ngsi-ld:Streetlight:river-path-17.'),
    type: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{1,63}$/, 'a type is a word in PascalCase')
      .describe('What kind of thing it is; rules stand for types.'),
    title: z.string().min(1).max(120).describe('What people call it.'),
    department: departmentSchema.describe('Whose it is.'),
    zone: nameSchema.optional().describe('The part of the city in which it lies.'),
    tags: z.array(nameSchema).max(32).describe('Words by which scopes find it.').default([]),
    location: locationSchema.optional().describe('A place on the map, GeoJSON (RFC 7946).'),
    parent: assetIdSchema.optional().describe('The cabinet or gateway it hangs on.'),
    relations: z
      .record(nameSchema, z.array(assetIdSchema).max(1_000))
      .describe('Named links to other assets: a controller’s approach, an approach’s detectors.')
      .default({}),
    attributes: z.record(nameSchema, valueSchema).describe('Fixed facts: watts, fullAt, reliefPlan.').default({}),
    reports: z
      .record(nameSchema, reportingSchema)
      .describe('How each property reports; one that is named here and silent for three periods is unknown.')
      .default({}),
    points: z
      .record(nameSchema, pointChangesSchema)
      .describe('What can be controlled. {} takes the type’s declaration as it is; named fields replace its fields.')
      .default({}),
    binding: z
      .strictObject({
        adapter: z.literal('mqtt').describe('The protocol that it speaks.'),
        device: nameSchema.describe('The device’s name in its topics.'),
      })
      .optional()
      .describe('Which device speaks for it; without one it cannot be commanded.'),
  })
  .refine((asset) => typeOfUrn(asset.id) === asset.type, {
    path: ['id'],
    message: 'the type inside the URN must be the asset’s type',
  })
  .superRefine((asset, context) => {
    for (const [name, declared] of Object.entries(asset.points)) {
      const whole = pointSchema.safeParse(mergePoint(POINTS[asset.type]?.[name], declared));
      if (whole.success && typeof whole.data.safe !== 'object' && needsTwoPeople(whole.data.safe, whole.data))
        context.addIssue({
          code: 'custom',
          path: ['points', name],
          message: 'the safe value must be within everybody’s reach: it cannot be one that needs two people',
        });
      const missing = whole.success ? [] : whole.error.issues.map((issue) => issue.path.join('.'));
      if (missing.length > 0) {
        context.addIssue({
          code: 'custom',
          path: ['points', name],
          message: `${asset.type} has no point ${name} of its own, so it must state ${missing.join(', ')}`,
        });
      }
    }
    if (Object.keys(asset.points).length > 0 && !asset.binding) {
      context.addIssue({
        code: 'custom',
        path: ['binding'],
        message: 'an asset with points needs a binding: the device that obeys',
      });
    }
  });
export type Asset = z.infer<typeof assetSchema>;

/** The device that speaks for an asset: `<department>/<device>`; without a device it ends in the slash. */
export const deviceOf = (asset: Pick<Asset, 'department' | 'binding'>): string =>
  `${asset.department}/${asset.binding?.device ?? ''}`;

const wholePoints = new WeakMap<Asset, Readonly<Record<string, Point>>>();

/** All points of a checked asset with their whole declarations; worked out once, for documents are replaced and never changed. */
export function pointsOf(asset: Asset): Readonly<Record<string, Point>> {
  const known = wholePoints.get(asset);
  if (known) return known;
  const points = declaredPoints(asset);
  wholePoints.set(asset, points);
  return points;
}

function declaredPoints(asset: Asset): Readonly<Record<string, Point>> {
  return Object.fromEntries(
    Object.entries(asset.points).map(([name, declared]) => [
      name,
      pointSchema.parse(mergePoint(POINTS[asset.type]?.[name], declared)),
    ]),
  );
}
