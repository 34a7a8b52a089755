// What an interlock may say beyond its form: it is checked right before the wire, on what the asset's adapter just saw.
import { isFactName } from '../../model/facts.ts';
import { interlockSchema, type Interlock } from '../../model/interlock.ts';
import { departmentOf } from '../../model/rule.ts';
import { misfit } from '../../model/value.ts';
import { inScope } from '../scope.ts';
import { typesOfPoint } from './points.ts';
import type { Checking, Findings } from './findings.ts';
import { isFactUse, isObject, readLoosely } from './loose.ts';
import { everyPart, readPart } from './part.ts';
import { misfitOf } from './value-fit.ts';
import { list } from '../../model/words.ts';

/**
 * Refuses what would never be known there (`interlock-fact`), points and values that do not exist, and assets of other
 * departments (`interlock-department`): what those may do is theirs to say. What has a wrong form is the schema's affair.
 */
export function checkInterlockParts(raw: unknown, checking: Checking): void {
  const { id, point, values, scope } = readLoosely(interlockSchema.shape, raw).fields;
  const { findings } = checking;
  if (id !== undefined && scope) checkOwnAssets({ id, scope }, checking);
  if (isObject(raw)) refuseUnseen(raw['requires'], findings);
  if (point === undefined || !scope) return;
  const types = typesOfPoint(point, { types: new Set([scope.type]), isSeveral: false }, { path: '/point', checking });
  for (const [index, value] of (values ?? []).entries()) {
    const wrong = types?.every((type) => misfit(type, value) !== undefined) && types[0] && misfitOf(types[0], value);
    if (wrong) findings.refuse({ code: 'rule-value', path: `/values/${index}`, found: value, ...wrong });
  }
}

/** Refuses what adapters do not observe: other facts, other assets, and conditions that somebody else may change. */
function refuseUnseen(requires: unknown, findings: Findings): void {
  for (const part of everyPart(readPart(requires, '/requires'))) {
    const place = { code: 'interlock-fact', path: part.path };
    if (part.kind === 'named') {
      const allowed = 'an interlock names no other conditions: nobody may change it by changing something else';
      findings.refuse({ ...place, found: part.name, allowed });
    }
    if (part.kind !== 'comparison') continue;
    const { fact = '', params, value } = part.comparison;
    const isOwn = params === undefined && !isFactName(fact);
    if (isOwn && !isFactUse(value)) continue;
    const allowed = 'an interlock compares the asset’s own present values with fixed ones: no params, no other fact';
    findings.refuse({ ...place, found: params ?? (isOwn ? value : fact), allowed });
  }
}

/** An interlock stands for its own department's assets; of those that it means, some must be. */
function checkOwnAssets({ id, scope }: Pick<Interlock, 'id' | 'scope'>, { catalogue, findings }: Checking): void {
  const meant = (catalogue.types.get(scope.type)?.assets ?? []).filter((asset) => inScope(scope, asset));
  const place = { path: '/scope', found: scope };
  if (meant.length === 0) {
    const allowed = 'the interlock stands for 0 assets: none of today is meant';
    return findings.warn({ ...place, code: 'rule-no-assets', allowed });
  }
  const owners = new Set(meant.map(({ department }) => department));
  if (owners.has(departmentOf(id))) return;
  const allowed = `these assets belong to ${list([...owners])}; an interlock of ${departmentOf(id)} stands for assets of ${departmentOf(id)} only`;
  findings.refuse({ ...place, code: 'interlock-department', allowed });
}
