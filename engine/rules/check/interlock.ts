// What an interlock may say beyond its form: it is checked right before the wire, on what the asset's adapter just saw.
import { isFactName } from '../../model/facts.ts';
import type { Interlock } from '../../model/interlock.ts';
import { misfit } from '../../model/value.ts';
import { typesOfPoint } from './points.ts';
import type { Checking } from './findings.ts';
import { everyPart, readPart } from './part.ts';
import { misfitOf } from './value-fit.ts';

/** Refuses what would never be known there (`interlock-fact`), and points and values that do not exist. */
export function checkInterlockParts({ requires, point, values, scope }: Interlock, checking: Checking): void {
  const { findings } = checking;
  for (const part of everyPart(readPart(requires, '/requires'))) {
    const place = { code: 'interlock-fact', path: part.path };
    if (part.kind === 'named') {
      const allowed = 'an interlock names no other conditions: nobody may change it by changing something else';
      findings.refuse({ ...place, found: part.name, allowed });
    }
    if (part.kind !== 'comparison') continue;
    const { fact, params, value } = part.comparison;
    const isOwn = params === undefined && !isFactName(fact);
    if (isOwn && (typeof value !== 'object' || Array.isArray(value))) continue;
    const allowed = 'an interlock compares the asset’s own present values with fixed ones: no params, no other fact';
    findings.refuse({ ...place, found: params ?? (isOwn ? value : fact), allowed });
  }
  const types = typesOfPoint(point, { types: new Set([scope.type]), isSeveral: false }, { path: '/point', checking });
  for (const [index, value] of (values ?? []).entries()) {
    const wrong = types?.every((type) => misfit(type, value) !== undefined) && types[0] && misfitOf(types[0], value);
    if (wrong) findings.refuse({ code: 'rule-value', path: `/values/${index}`, found: value, ...wrong });
  }
}
