// Who may do what.
import { describe, expect, test } from 'vitest';

import { actorSchema, may, roleSchema, ROLES_FOR, systemActor, verbSchema, type Actor, type Role } from './actor.ts';

const person = (roles: Record<string, Role[]>): Actor => ({ kind: 'person', id: 'ann', roles });
const allowed = (actor: Actor, verb: Parameters<typeof may>[1], department = 'traffic') =>
  may(actor, verb, department).allowed;

describe.each(verbSchema.options)('%s', (verb) => {
  test.each(roleSchema.options)('by a person who is %s in this department, in another, and in all', (role) => {
    const isEnough = ROLES_FOR[verb].includes(role);
    expect(allowed(person({ traffic: [role] }), verb)).toBe(isEnough);
    expect(allowed(person({ lighting: [role] }), verb)).toBe(false);
    expect(allowed(person({ '*': [role] }), verb)).toBe(isEnough);
  });

  test('by a person without a role: never', () => {
    expect(allowed(person({}), verb)).toBe(false);
  });

  test('by the system: always', () => {
    expect(allowed(systemActor('engine'), verb)).toBe(true);
  });
});

test.each<[Actor['kind'], string, string[]]>([
  ['flow', 'traffic', ['read', 'ingest', 'claim', 'release']],
  ['rule', 'traffic/queue-relief', ['read', 'claim']],
  ['device', 'traffic/j4', ['ingest', 'report']],
])('a %s may do its work in its own department and nothing elsewhere', (kind, id, verbs) => {
  const actor: Actor = { kind, id, roles: {} };
  expect(verbSchema.options.filter((verb) => allowed(actor, verb))).toEqual(verbs);
  expect(verbSchema.options.filter((verb) => allowed(actor, verb, 'lighting'))).toEqual([]);
});

test('a device that is named by its asset belongs to the one department of its roles', () => {
  const device: Actor = { kind: 'device', id: 'urn:ngsi-ld:TrafficController:J4', roles: { traffic: [] } };
  expect(allowed(device, 'report')).toBe(true);
  expect(allowed(device, 'report', 'lighting')).toBe(false);
  expect(allowed({ ...device, roles: {} }, 'report')).toBe(false);
  expect(allowed({ ...device, roles: { traffic: [], lighting: [] } }, 'report')).toBe(false);
  expect(allowed({ ...device, roles: { '*': [] } }, 'report', '*')).toBe(false);
});

test('a role elsewhere does not move a flow out of its own department', () => {
  expect(allowed({ kind: 'flow', id: 'traffic', roles: { lighting: [] } }, 'claim', 'lighting')).toBe(false);
});

test('a department named like a word of the language has nobody’s roles', () => {
  expect(allowed(person({}), 'read', 'constructor')).toBe(false);
});

const why = (actor: Actor, verb: Parameters<typeof may>[1]) => {
  const permission = may(actor, verb, 'traffic');
  return permission.allowed ? '' : permission.reason;
};

test('says why not', () => {
  expect(why(person({ traffic: ['viewer'] }), 'edit-rule')).toMatchInlineSnapshot(
    `"person ann may not edit-rule in traffic: needed is rule-author or administrator"`,
  );
  expect(why(person({ traffic: ['rule-author', 'administrator'] }), 'edit-interlock')).toMatchInlineSnapshot(
    `"person ann may not edit-interlock in traffic: needed is safety"`,
  );
  expect(why(person({ traffic: ['administrator'] }), 'report')).toMatchInlineSnapshot(
    `"person ann may not report in traffic: needed is nobody by role"`,
  );
  expect(why({ kind: 'flow', id: 'lighting', roles: {} }, 'claim')).toMatchInlineSnapshot(
    `"flow lighting may claim only in its own department, not in traffic"`,
  );
  expect(why({ kind: 'flow', id: 'traffic', roles: {} }, 'override')).toMatchInlineSnapshot(
    `"flow traffic may not override in traffic: needed is operator or administrator"`,
  );
});

test('an actor holds no roles unless they are stated', () => {
  expect(actorSchema.parse({ kind: 'person', id: 'ann' })).toEqual(person({}));
});
