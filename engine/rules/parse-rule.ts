// From a text that somebody wrote to a rule that can work: every problem at once, each with its place.
import { z } from 'zod';

import { interlockSchema, type Interlock } from '../model/interlock.ts';
import { parseJson } from '../model/json-text.ts';
import type { Checked, Problem, Result } from '../model/result.ts';
import {
  departmentOf,
  namedConditionSchema,
  ruleSchema,
  scopeSchema,
  type NamedCondition,
  type RuleDocument,
  type Scope,
} from '../model/rule.ts';
import { whenSchema } from '../model/rule-timing.ts';
import { checkTable, type PartChecks } from './check-table.ts';
import { NamedConditions } from './named-conditions.ts';
import { checkAction } from './check/actions.ts';
import { checkCalendarName } from './check/calendar-name.ts';
import type { RuleCatalogue } from './check/catalogue.ts';
import { checkConditionTree } from './check/conditions.ts';
import { Findings, type Checking } from './check/findings.ts';
import { checkInterlockParts } from './check/interlock.ts';
import { pruned } from './check/part.ts';
import { checkScope } from './check/scope.ts';
import { readTable } from './check/loose-table.ts';
import { warnOfMeeting } from './check/sense.ts';
import { isObject, readClaim, readLoosely, type LooseClaim } from './check/loose.ts';
import { checkShape } from './check/shape.ts';
import { checkRowsTogether } from './check/table-rows.ts';
import { inScope } from './scope.ts';

/**
 * Reads a rule from its text.
 *
 * @returns the rule, or all problems, each with line and column: those of its form and those of its meaning, as far as its
 *   parts have the right form. docs/errors.md lists the codes. What is right but does nothing today (no asset in the
 *   scope) is a warning.
 */
export function parseRule(text: string, catalogue: RuleCatalogue): Checked<RuleDocument> {
  const read = parseJson(text);
  if (!read.ok) return { ...read, warnings: [] };
  const { value, problems, locate } = read.value;
  const checked = checkRule(value, catalogue);
  const warnings = locate(checked.warnings);
  if (checked.ok && problems.length === 0) return { ...checked, warnings };
  return { ok: false, problems: locate([...problems, ...(checked.ok ? [] : checked.problems)]), warnings };
}

/** The same for a document that is already JSON: without lines and columns. */
export function checkRule(document: unknown, catalogue: RuleCatalogue): Checked<RuleDocument> {
  const parts = partsOf(document);
  const actions = (parts.actions ?? []).map((raw) => prunedFields(raw, ['done']));
  const shaped = checkShape(ruleSchema, withActions(prunedFields(document, ['conditions', 'clear']), actions));
  const scope = readScope(parts.scope);
  const checking = newChecking(parts.id, catalogue, scope && withAssets(scope, catalogue));
  if (scope) checkScope(scope, checking);
  const conditions =
    parts.conditions === undefined ? undefined : checkConditionTree(parts.conditions, '/conditions', checking);
  const clear = parts.clear === undefined ? undefined : checkConditionTree(parts.clear, '/clear', checking);
  if (conditions && clear) warnOfMeeting(conditions, clear, checking);
  const claims = actions.map(readClaim);
  for (const [index, claim] of claims.entries()) {
    if (claim) checkAction(claim, `/actions/${index}`, checking);
    const { done } = orderPartsSchema.safeParse(parts.actions?.[index]).data ?? {};
    if (done !== undefined) checkConditionTree(done, `/actions/${index}/done`, checking);
  }
  if (parts.table !== undefined)
    checkTableOf(
      parts.table,
      claims.filter((claim) => claim !== undefined),
      checking,
    );
  const { calendar = [] } = readLoosely(whenSchema.shape, parts.when).fields;
  for (const [index, name] of calendar.entries())
    if (name.includes('/')) checkCalendarName(name, { path: `/when/calendar/${index}`, checking });
  return outcome(shaped, checking.findings);
}

/** Checks a named condition; `catalogue` holds all others, or an older version of this one. */
export function checkNamedCondition(document: unknown, catalogue: RuleCatalogue): Checked<NamedCondition> {
  const parts = partsOf(document);
  const shaped = checkShape(namedConditionSchema, prunedFields(document, ['conditions']));
  const others = catalogue.conditions.filter(({ id }) => id !== parts.id);
  const conditions = shaped.ok ? [...others, shaped.value] : others;
  const checking = newChecking(parts.id, { ...catalogue, conditions }, undefined);
  checkNamesakes(
    others.filter(({ name }) => name === parts.name),
    parts,
    checking.findings,
  );
  if (parts.conditions !== undefined)
    checkConditionTree(parts.conditions, '/conditions', checking, shaped.ok ? shaped.value.id : undefined);
  return outcome(shaped, checking.findings);
}

/** A department has one condition of a name. Where several departments have it, the others must say whose they mean. */
function checkNamesakes(namesakes: readonly NamedCondition[], { id, name }: RuleParts, findings: Findings): void {
  const place = { path: '/name', found: name };
  const isOwn = (one: NamedCondition): boolean => departmentOf(one.id) === departmentIn(id);
  const own = namesakes.find(isOwn);
  if (own) {
    const allowed = `${own.id} has this name in the same department already`;
    findings.refuse({ ...place, code: 'rule-name-taken', allowed });
  }
  const [other] = namesakes.filter((one) => !isOwn(one));
  if (!other) return;
  const allowed = `${other.id} has this name too: rules of departments without one of their own write the whole id, and are unknown until they do`;
  findings.warn({ ...place, code: 'rule-name-shared', allowed });
}

/** Checks an interlock. */
export function checkInterlock(document: unknown, catalogue: RuleCatalogue): Checked<Interlock> {
  const parts = partsOf(document);
  const shaped = checkShape(interlockSchema, prunedFields(document, ['requires']));
  const scope = scopeSchema.pick({ type: true }).safeParse(parts.scope).data;
  const checking = newChecking(parts.id, catalogue, scope);
  if (parts.requires !== undefined) checkConditionTree(parts.requires, '/requires', checking);
  checkInterlockParts(document, checking);
  return outcome(shaped, checking.findings);
}

/** The parts of a document that can be judged by themselves, each of whatever form. */
const rulePartsSchema = z.object({
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  scope: z.unknown().optional(),
  conditions: z.unknown().optional(),
  table: z.unknown().optional(),
  clear: z.unknown().optional(),
  requires: z.unknown().optional(),
  when: z.unknown().optional(),
  actions: z.array(z.unknown()).catch([]),
});

const orderPartsSchema = z.object({ done: z.unknown().optional() });

type RuleParts = Partial<z.infer<typeof rulePartsSchema>>;

const partsOf = (document: unknown): RuleParts => rulePartsSchema.safeParse(document).data ?? {};

function newChecking(id: unknown, catalogue: RuleCatalogue, subject: Checking['subject']): Checking {
  const department = departmentIn(id);
  return {
    catalogue,
    findings: new Findings(),
    department,
    subject,
    names: new NamedConditions(catalogue.conditions).of(department),
  };
}

/** A scope as far as it can be read: what has a wrong form narrows nothing down. Undefined without a type. */
function readScope(raw: unknown): Scope | undefined {
  const { type, ...others } = readLoosely(scopeSchema.shape, raw).fields;
  return type === undefined ? undefined : { type, ...others };
}

/** What a rule's conditions are read for. */
const withAssets = (scope: Scope, catalogue: RuleCatalogue): Checking['subject'] => ({
  type: scope.type,
  each: scope.each,
  assets: (catalogue.types.get(scope.type)?.assets ?? []).filter((asset) => inScope(scope, asset)),
});

/** The department of a document whose id may be of any form. */
const departmentIn = (id: unknown): string => (typeof id === 'string' ? departmentOf(id) : '');

function outcome<T>(shaped: Result<T>, { problems, warnings }: Findings): Checked<T> {
  if (shaped.ok && problems.length === 0) return { ...shaped, warnings };
  return { ok: false, problems: [...(shaped.ok ? [] : shaped.problems), ...problems], warnings };
}

/** The document with conditions in these fields that recursion can bear. */
function prunedFields(document: unknown, fields: readonly string[]): unknown {
  if (!isObject(document)) return document;
  const shallow = fields.filter((field) => Object.hasOwn(document, field));
  const entries = shallow.map((field) => [field, pruned(Reflect.get(document, field))]);
  return { ...document, ...Object.fromEntries(entries) };
}

/** The document with other actions, where it has some in a list. */
const withActions = (document: unknown, actions: readonly unknown[]): unknown =>
  isObject(document) && Array.isArray(Reflect.get(document, 'actions')) ? { ...document, actions } : document;

function checkTableOf(raw: unknown, claims: readonly LooseClaim[], checking: Checking): void {
  const table = readTable(raw);
  if (!table) return;
  const isolated = (look: (inner: Checking) => void): Problem[] => {
    const inner: Checking = { ...checking, findings: new Findings() };
    look(inner);
    return inner.findings.problems;
  };
  const checks: PartChecks = {
    conditions: (condition) => isolated((inner) => checkConditionTree(condition, '', inner)),
    claim: (claim) => isolated((inner) => checkAction(claim, '', inner)),
  };
  checking.findings.problems.push(...checkTable(table, claims, checks));
  checkRowsTogether(table, checking);
}
