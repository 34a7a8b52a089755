// Restraints: what a person puts on a part of the city so that it cannot be moved, whatever anybody else wants.
import { z } from 'zod';

import type { Asset } from './asset.ts';
import { assetIdSchema, departmentSchema, nameSchema } from './names.ts';

/** What a stand-down is about; what is named must all hold of an asset. Nothing named is the whole city. */
export const standDownScopeSchema = z.strictObject({
  department: departmentSchema.optional(),
  zone: nameSchema.optional(),
  type: z.string().max(64).optional().describe('The type of the assets: Streetlight.'),
});
export type StandDownScope = z.infer<typeof standDownScopeSchema>;

const personSchema = z.string().min(1).max(128);

const commonFields = {
  /** `<department>/<name>`; the department is `*` where the scope names none. */
  id: z
    .string()
    .max(96)
    .regex(/^(\*|[a-z][a-z0-9-]{1,31})\/[a-z0-9][a-z0-9-]*$/, 'a restraint id is <department>/<name>, or */<name>'),
  /** The account of the person who set it. */
  by: personSchema,
  /** Milliseconds since the epoch. */
  at: z.number().int(),
  reason: z.string().min(3).max(300),
  /** Who has asked to end it so far, the earliest first; milliseconds since the epoch. */
  endAsked: z.array(z.strictObject({ by: personSchema, at: z.number().int(), reason: z.string().max(300) })).max(16),
};

/**
 * - `stand-down`: only safe values leave the box for what is in its scope, and those are sent. Two people end it.
 * - `out-of-service`: of an asset, and of all that hangs on it: nothing leaves the box for it but a stop, and its alarms are
 *   mute. Whoever set it ends it, or two others.
 */
export const restraintSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stand-down'), ...commonFields, scope: standDownScopeSchema }),
  z.strictObject({ kind: z.literal('out-of-service'), ...commonFields, asset: assetIdSchema }),
]);
export type Restraint = z.infer<typeof restraintSchema>;
export type StandDown = Extract<Restraint, { kind: 'stand-down' }>;

/** What of an asset decides whether a restraint is about it. */
export type Restrainable = Pick<Asset, 'id' | 'type' | 'department'> & {
  zone?: string | undefined;
  parent?: string | undefined;
};

/** Cabinets may hang on cabinets; no city has more levels. */
const MOST_LEVELS = 8;

/** The ids of an asset and of what it hangs on, the asset first. */
export function withParents(
  asset: Restrainable,
  find: (id: string) => Pick<Restrainable, 'parent'> | undefined,
): string[] {
  const ids = [asset.id];
  for (let { parent } = asset; parent !== undefined && ids.length < MOST_LEVELS; parent = find(parent)?.parent)
    if (ids.includes(parent)) break;
    else ids.push(parent);
  return ids;
}

/**
 * Is a restraint about this asset?
 *
 * @param line the ids of the asset and of what it hangs on, as `withParents` gives them
 */
export function restrains(restraint: Restraint, asset: Restrainable, line: readonly string[]): boolean {
  return restraint.kind === 'out-of-service' ? line.includes(restraint.asset) : isInScope(restraint.scope, asset);
}

/** Does all that the scope of a stand-down names hold of this asset? */
export const isInScope = ({ department, zone, type }: StandDownScope, asset: Restrainable): boolean =>
  (department === undefined || department === asset.department) &&
  (zone === undefined || zone === asset.zone) &&
  (type === undefined || type === asset.type);

/** How long it counts that somebody asked for the end, in milliseconds: whoever is second decides about now. */
export const END_ASKED_MS = 15 * 60_000;

/** Those whose asking for the end counts at `now`, each once. */
export const endAskers = ({ endAsked }: Restraint, now: number): string[] => [
  ...new Set(endAsked.filter(({ at }) => now - at < END_ASKED_MS).map(({ by }) => by)),
];

/** Do those who have asked by `now` suffice to end it? */
export function mayEnd(restraint: Restraint, now: number): boolean {
  const askers = endAskers(restraint, now);
  if (restraint.kind === 'stand-down') return askers.length >= 2;
  return askers.includes(restraint.by) || askers.length >= 2;
}

/** What a stand-down is about, in words. */
export function scopeInWords({ department, zone, type }: StandDownScope): string {
  const parts = [
    ...(type === undefined ? [] : [`every ${type}`]),
    ...(department === undefined ? [] : [`department ${department}`]),
    ...(zone === undefined ? [] : [`zone ${zone}`]),
  ];
  return parts.length === 0 ? 'the whole city' : parts.join(', ');
}
