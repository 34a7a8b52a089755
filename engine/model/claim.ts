// Claims: what somebody wants of a point, for how long, and how urgently.
import { z } from 'zod';

import { departmentSchema } from './names.ts';
import { valueSchema } from './value.ts';

/** The slots of BACnet's priority array (ASHRAE 135, clause 19.2) as this city uses them; 1 is the most urgent. */
export const SLOTS = {
  lifeSafety: 1,
  emergency: 2,
  equipmentProtection: 5,
  minimumOnOff: 6,
  operator: 8,
  responsePlan: 10,
  rule: 12,
  flow: 13,
  schedule: 14,
  default: 16,
} as const;

/** 1 (most urgent) to 16. */
export const slotSchema = z.number().int().min(1).max(16);

/** `set` names the value; `atLeast` and `atMost` only bound what others set. */
export const effectSchema = z.enum(['set', 'atLeast', 'atMost']);
export type Effect = z.infer<typeof effectSchema>;

/** What claims do besides: `release` gives the point back to the device's own programme, as a tripped interlock may. */
const claimEffectSchema = z.enum([...effectSchema.options, 'release']);

/** One wish for one point. */
export const claimSchema = z.strictObject({
  /** Derives from its owner and the point, so that renewing replaces and never adds. */
  id: z.string().min(1).max(300),
  /** `<asset id>#<point>` */
  point: z.string().min(3).max(200),
  effect: claimEffectSchema,
  value: valueSchema,
  slot: slotSchema,
  /** Seconds over which the device moves to the value; 0 is at once. */
  rampSeconds: z.number().min(0).max(3_600).default(0),
  owner: z.strictObject({
    kind: z.enum(['rule', 'operator', 'flow', 'local', 'programme', 'interlock', 'stand-down']),
    id: z.string().min(1).max(128),
  }),
  department: departmentSchema,
  /** The second person, where the value needs two: another account than the owner's. */
  confirmedBy: z.string().min(1).max(128).optional(),
  reason: z.string().min(1).max(300),
  /** When this wish began, milliseconds since the epoch. */
  since: z.number().int(),
  /** It ends by itself then, unless renewed; milliseconds since the epoch. There are no endless claims. */
  leaseUntil: z.number().int(),
});
export type Claim = z.infer<typeof claimSchema>;

/** Do two different people stand behind this claim? */
export const hasSecondPerson = ({ owner, confirmedBy }: Pick<Claim, 'owner' | 'confirmedBy'>): boolean =>
  owner.kind === 'operator' && confirmedBy !== undefined && confirmedBy !== owner.id;

/** As whom an actor's own claims are held: a person as operator, a department's flows as flow. */
export const actorOwner = (actor: { kind: string; id: string }): Claim['owner'] => ({
  kind: actor.kind === 'flow' ? 'flow' : 'operator',
  id: actor.id,
});

/** The id of a wish that a person or a flow made: `<kind>:<id>:<key>#<point>`. The key tells several of one owner apart. */
export const requestClaimId = (owner: Claim['owner'], key: string, point: string): string =>
  `${owner.kind}:${owner.id}:${key}#${point}`;

/** The key in such an id, or undefined when the claim is not this owner's for this point. */
export function requestKeyOf(claimId: string, owner: Claim['owner'], point: string): string | undefined {
  const [before, after] = requestClaimId(owner, '\n', point).split('\n');
  if (before === undefined || after === undefined) return undefined;
  const isOwn = claimId.startsWith(before) && claimId.endsWith(after) && claimId.length >= before.length + after.length;
  return isOwn ? claimId.slice(before.length, claimId.length - after.length) : undefined;
}
