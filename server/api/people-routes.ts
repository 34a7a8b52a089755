// /api/people: who may sign in and what they are trusted with. Every change asks for the password again.
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import type { Account, AccountStore } from '../../engine/index.ts';
import { actorName, may, roleSchema, type Actor, type Role } from '../../engine/model/actor.ts';
import type { AuditEntry } from '../../engine/model/audit.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { departmentSchema } from '../../engine/model/names.ts';
import { generatePassword, hashPassword } from '../accounts/passwords.ts';
import { demand, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';

/** What these routes need. */
export interface PeopleParts {
  authentication: Authentication;
  accounts: Pick<AccountStore, 'list' | 'find' | 'change'>;
  clock: Clock;
}

/** How a person is called when signing in. */
export const accountNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9._-]{1,63}$/,
    'a name is 2 to 64 lower-case letters, digits, dots, underscores and hyphens, beginning with a letter',
  )
  .meta({ title: 'Name', examples: ['ann', 'j.smith'] });

/** A department, or `*` for the whole city. */
const placeSchema = z.union([z.literal('*'), departmentSchema]);
const rolesSchema = z.record(placeSchema, z.array(roleSchema).max(roleSchema.options.length));

const personSchema = z.strictObject({ name: accountNameSchema, roles: rolesSchema.default({}) });
const givenRolesSchema = z.strictObject({ roles: rolesSchema.valueType });

/** Lists, makes and removes accounts; gives roles, new passwords, and ends sessions. */
export function peopleRoutes(parts: PeopleParts): Router {
  const router = Router();
  router
    .route('/people')
    .get(async (request, response) => {
      const { actor } = parts.authentication.signedIn(request);
      const people = (await parts.accounts.list()).flatMap((account) => shownTo(actor, account));
      if (people.length === 0 && !managesAnywhere(actor)) demand(actor, 'manage-people', '*');
      response.json({ people });
    })
    .post((request, response) => makeAccount(parts, request, response));
  router.put('/people/:name/roles/:department', (request, response) => giveRoles(parts, request, response));
  router.delete('/people/:name', async (request, response) => {
    const subject = await manageEverywhere(parts, request, 'removing an account');
    const alter = (found: Account | undefined): null => {
      present(found, subject);
      return null;
    };
    await parts.accounts.change({
      name: subject,
      alter,
      entry: entryOf(parts, request, { verb: 'remove-account', subject }),
    });
    response.status(204).end();
  });
  router.post('/people/:name/password', async (request, response) => {
    const subject = await manageEverywhere(parts, request, 'setting a password');
    const password = generatePassword();
    const passwordHash = await hashPassword(password);
    const alter = (found: Account | undefined) => ({ ...present(found, subject), passwordHash });
    const entry = entryOf(parts, request, { verb: 'set-password', subject });
    await parts.accounts.change({ name: subject, alter, endSessions: {}, entry });
    response.json({ name: subject, password });
  });
  router.delete('/people/:name/sessions', async (request, response) => {
    const subject = await manageEverywhere(parts, request, 'ending sessions');
    const alter = (found: Account | undefined) => present(found, subject);
    const entry = entryOf(parts, request, { verb: 'end-sessions', subject });
    await parts.accounts.change({ name: subject, alter, endSessions: {}, entry });
    response.status(204).end();
  });
  return router;
}

/** A new account; its generated password is in this answer and nowhere else. */
async function makeAccount(parts: PeopleParts, request: Request, response: Response): Promise<void> {
  const { actor } = parts.authentication.confirmed(request, 'making an account');
  if (!managesAnywhere(actor)) demand(actor, 'manage-people', '*');
  const person = check(personSchema, request.body);
  if (!person.ok) throw invalid('The account', person.problems);
  const { name, roles } = person.value;
  for (const place of Object.keys(roles)) demand(actor, 'manage-people', place);
  const password = generatePassword();
  const account = { name, passwordHash: await hashPassword(password), roles };
  await parts.accounts.change({
    name,
    alter: (found) => {
      if (found) throw new SignalboxError('name-taken', { what: `the account ${name}` });
      return account;
    },
    entry: entryOf(parts, request, { verb: 'make-account', subject: name, detail: { roles } }),
  });
  response.status(201).json({ name, roles, password });
}

async function giveRoles(parts: PeopleParts, request: Request, response: Response): Promise<void> {
  const { actor } = parts.authentication.confirmed(request, 'giving roles');
  const place = check(placeSchema, request.params['department']);
  if (!place.ok) throw invalid('The address', place.problems);
  demand(actor, 'manage-people', place.value);
  const given = check(givenRolesSchema, request.body);
  if (!given.ok) throw invalid('The roles', given.problems);
  const roles = [...new Set(given.value.roles)];
  const name = String(request.params['name']);
  let before: Role[] = [];
  let after: Account | undefined;
  const entry = entryOf(parts, request, { verb: 'give-roles', subject: name });
  await parts.accounts.change({
    name,
    alter: (found) => {
      const account = present(found, name);
      before = account.roles[place.value] ?? [];
      const others = Object.entries(account.roles).filter(([each]) => each !== place.value);
      after = {
        ...account,
        roles: Object.fromEntries(roles.length === 0 ? others : [...others, [place.value, roles]]),
      };
      Object.assign(entry, { department: place.value, detail: { before, after: roles } });
      return after;
    },
    entry,
  });
  response.json({ name, roles: after?.roles ?? {} });
}

/** What one who manages people sees of an account: the roles in departments where they do. */
function shownTo(actor: Actor, { name, roles }: Account): { name: string; roles: Record<string, Role[]> }[] {
  const seen = Object.entries(roles).filter(([place]) => may(actor, 'manage-people', place).allowed);
  const seesAll = may(actor, 'manage-people', '*').allowed;
  return seesAll || seen.length > 0 ? [{ name, roles: Object.fromEntries(seen) }] : [];
}

const managesAnywhere = (actor: Actor): boolean =>
  Object.keys(actor.roles).some((place) => may(actor, 'manage-people', place).allowed);

/** The name in the address, for who manages the people of the whole city. */
async function manageEverywhere({ authentication }: PeopleParts, request: Request, what: string): Promise<string> {
  const { actor } = authentication.confirmed(request, what);
  demand(actor, 'manage-people', '*');
  return String(request.params['name']);
}

function present(account: Account | undefined, name: string): Account {
  if (!account) throw missing(name);
  return account;
}

const missing = (name: string): SignalboxError => new SignalboxError('not-found', { what: `account ${name}` });

function entryOf(
  { authentication, clock }: PeopleParts,
  request: Request,
  what: { verb: string; subject: string; detail?: unknown },
): AuditEntry {
  const actor = actorName(authentication.signedIn(request).actor);
  return { at: clock.now(), actor, department: '*', detail: {}, ...what };
}
