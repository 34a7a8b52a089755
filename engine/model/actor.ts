// Who asks, and whether they may: every write in the system passes through `may`.
import { z } from 'zod';

import type { departmentSchema } from './names.ts';
import { own } from './own.ts';

/** What a person or a program is trusted with. City-wide roles stand on their own; the others hold within departments. */
export const roleSchema = z.enum([
  'viewer',
  'operator',
  'flow-author',
  'rule-author',
  'approver',
  'safety',
  'auditor',
  'administrator',
]);
export type Role = z.infer<typeof roleSchema>;

/** What can be done to a department's things. */
export const verbSchema = z.enum([
  'read',
  'ingest',
  'claim',
  'override',
  'release',
  'edit-asset',
  'edit-rule',
  'edit-interlock',
  'pause-rule',
  'edit-duty',
  'restrain',
  'acknowledge-alarm',
  'shelve-alarm',
  'edit-flow',
  'issue-credential',
  'manage-people',
  'issue-token',
  'read-audit',
  'report',
]);
export type Verb = z.infer<typeof verbSchema>;

/** Who does something: a person, a machine with a token, a department's flows, a rule, a device's adapter, or the system itself. */
export const actorSchema = z.object({
  kind: z.enum(['person', 'token', 'flow', 'rule', 'device', 'system']),
  /** Account name, token id (`waste/depot-system`), department of the flows, rule id, asset id, or the role of the process. */
  id: z.string().min(1).max(128),
  /** Roles per department; the department `*` holds city-wide roles. */
  roles: z.record(z.string(), z.array(roleSchema)).default({}),
  /** What a token may do in its own department; others have their roles. */
  verbs: z.array(verbSchema).optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** How an actor is called in records: `person:ann`, `token:waste/depot-system`. */
export const actorName = ({ kind, id }: Pick<Actor, 'kind' | 'id'>): string => `${kind}:${id}`;

/** The answer of `may`: yes, or the reason why not. */
export type Permission = { allowed: true } | { allowed: false; reason: string };

/** Which roles may do what within a department. The one table; code, documentation and screens are drawn from it. */
export const ROLES_FOR: Readonly<Record<Verb, readonly Role[]>> = {
  read: ['viewer', 'operator', 'flow-author', 'rule-author', 'approver', 'safety', 'auditor', 'administrator'],
  ingest: ['administrator'],
  claim: ['operator', 'administrator'],
  override: ['operator', 'administrator'],
  release: ['operator', 'administrator'],
  'edit-asset': ['administrator'],
  'edit-rule': ['rule-author', 'administrator'],
  // Nobody who writes rules or runs the box may loosen what holds them, unless trusted with safety besides.
  'edit-interlock': ['safety'],
  'pause-rule': ['operator', 'rule-author', 'administrator'],
  'edit-duty': ['operator', 'administrator'],
  // To stand down and to take out of service, and to end it again.
  restrain: ['operator', 'safety', 'administrator'],
  'acknowledge-alarm': ['operator', 'safety', 'administrator'],
  'shelve-alarm': ['operator', 'administrator'],
  'edit-flow': ['flow-author', 'administrator'],
  'issue-credential': ['administrator'],
  'manage-people': ['administrator'],
  'issue-token': ['administrator'],
  'read-audit': ['auditor', 'administrator'],
  report: [],
};

/** What a program may do in its own department without holding a role. */
const OWN_DEPARTMENT: Readonly<Record<'flow' | 'rule' | 'device', readonly Verb[]>> = {
  flow: ['read', 'ingest', 'claim', 'release'],
  rule: ['read', 'claim'],
  device: ['report', 'ingest'],
};

/**
 * May this actor do this to a thing of this department?
 *
 * @param actor who asks. A token's, flow's, rule's or device's own department is the first part of its id (`traffic`, `traffic/queue-relief`); a device that is named by its asset has it as the single entry of its `roles`.
 * @param verb what is asked
 * @param department whose thing it is
 */
export function may(actor: Actor, verb: Verb, department: z.infer<typeof departmentSchema>): Permission {
  if (actor.kind === 'system') return { allowed: true };
  const held = [...(actor.roles['*'] ?? []), ...(own(actor.roles, department) ?? [])];
  if (held.some((role) => ROLES_FOR[verb].includes(role))) return { allowed: true };
  if (ofItself(actor).includes(verb)) {
    return ownDepartment(actor) === department
      ? { allowed: true }
      : {
          allowed: false,
          reason: `${actor.kind} ${actor.id} may ${verb} only in its own department, not in ${department}`,
        };
  }
  const roles = ROLES_FOR[verb].join(' or ') || 'nobody by role';
  const needed = actor.kind === 'token' ? `a token made for ${verb}` : roles;
  return {
    allowed: false,
    reason: `${actor.kind} ${actor.id} may not ${verb} in ${department}: needed is ${needed}`,
  };
}

/** The verbs that an actor has in its own department without a role. */
function ofItself({ kind, verbs = [] }: Actor): readonly Verb[] {
  if (kind === 'token') return verbs;
  return kind === 'flow' || kind === 'rule' || kind === 'device' ? OWN_DEPARTMENT[kind] : [];
}

function ownDepartment(actor: Actor): string | undefined {
  const [only, ...others] = Object.keys(actor.roles);
  if (actor.kind === 'device' && only !== undefined && only !== '*' && others.length === 0) return only;
  return actor.id.split('/')[0];
}

/** The system itself, acting for no department. */
export const systemActor = (id: string): Actor => ({ kind: 'system', id, roles: {} });
