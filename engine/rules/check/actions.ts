// What a rule does: points that exist, values that they take, limits that make sense.
import { effectSchema } from '../../model/claim.ts';
import { durationMs } from '../../model/duration.ts';
import { misfit, type ValueType } from '../../model/value.ts';
import type { Checking } from './findings.ts';
import type { LooseClaim } from './loose.ts';
import { whom } from './whom.ts';
import { checkOwners } from './owners.ts';
import { misfitOf } from './value-fit.ts';
import { checkAttribute, checkFactWanted } from './value-source.ts';
import { needsTwoOf, typesOfPoint } from './points.ts';

/** The longest ramp, in milliseconds: devices take no longer one (docs/field-contract.md). */
const LONGEST_RAMP_MS = 3_600_000;

/** Checks an action that holds a point, as far as it can be read, at its JSON pointer. */
export function checkAction(action: LooseClaim, path: string, checking: Checking): void {
  const { point } = action;
  const of = action.unclear?.has('of') ? undefined : whom(action.of, `${path}/of`, checking);
  const types = of && point !== undefined ? typesOfPoint(point, of, { path: `${path}/point`, checking }) : undefined;
  checkRamp(action, types, { path, checking });
  checkOwners(action, path, checking);
  for (const effect of effectSchema.options) {
    const wanted = action[effect];
    if (wanted === undefined) continue;
    const place = { path: `${path}/${effect}`, checking };
    if (effect !== 'set' && isNeverNumber(types)) {
      const allowed = `"${effect}" is for numbers; for ${point} there is "set"`;
      checking.findings.refuse({ code: 'rule-bound', path: place.path, found: wanted, allowed });
    } else if (typeof wanted === 'object') {
      if ('attribute' in wanted) checkAttribute(wanted.attribute, types, place);
      else checkFactWanted(wanted, types, place);
    } else {
      const wrong =
        types?.every((type) => misfit(type, wanted) !== undefined) && types[0] && misfitOf(types[0], wanted);
      if (wrong) checking.findings.refuse({ code: 'rule-value', path: place.path, found: wanted, ...wrong });
      else if (of && point !== undefined && needsTwoOf(of, point, wanted, checking.catalogue)) {
        const allowed = 'this value needs two people: no rule may ask for it';
        checking.findings.refuse({ code: 'two-people', path: place.path, found: wanted, allowed });
      }
    }
  }
}

interface Place {
  path: string;
  checking: Checking;
}

const isNeverNumber = (types: readonly ValueType[] | undefined): boolean =>
  types !== undefined && types.length > 0 && types.every(({ type }) => type !== 'number');

function checkRamp({ ramp, point }: LooseClaim, types: ValueType[] | undefined, { path, checking }: Place): void {
  if (ramp === undefined) return;
  const place = { code: 'rule-ramp', path: `${path}/ramp`, found: ramp };
  if (durationMs(ramp) > LONGEST_RAMP_MS)
    checking.findings.refuse({ ...place, allowed: 'allowed is at most 1 h', fix: '1 h' });
  if (isNeverNumber(types))
    checking.findings.refuse({ ...place, allowed: `${point} is no number: it has nothing to glide through` });
}
