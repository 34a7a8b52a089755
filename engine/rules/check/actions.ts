// What a rule does: points that exist, values that they take, limits that make sense.
import { effectSchema } from '../../model/claim.ts';
import { durationMs } from '../../model/duration.ts';
import { misfit, type ValueType } from '../../model/value.ts';
import { KIND_WORDS, type Kind } from './catalogue.ts';
import { checkFact, refuseAttribute } from './fact.ts';
import { Findings, type Checking } from './findings.ts';
import type { FactUse, LooseClaim } from './loose.ts';
import { knowledgeOf, whom, type Whom } from './whom.ts';
import { misfitOf } from './value-fit.ts';
import { typesOfPoint } from './points.ts';

/** The longest ramp, in milliseconds: devices take no longer one (docs/field-contract.md). */
const LONGEST_RAMP_MS = 3_600_000;

/** Checks an action that holds a point, as far as it can be read, at its JSON pointer. */
export function checkAction(action: LooseClaim, path: string, checking: Checking): void {
  const { point } = action;
  const of = action.unclear?.has('of') ? undefined : whom(action.of, `${path}/of`, checking);
  const types = of && point !== undefined ? typesOfPoint(point, of, { path: `${path}/point`, checking }) : undefined;
  checkRamp(action, types, { path, checking });
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

/** A value read from an attribute: of one asset, which has it, of a kind that the point takes. */
function checkAttribute(attribute: string, types: ValueType[] | undefined, { path, checking }: Place): void {
  const [first = '', second] = attribute.split('.');
  const of = second === undefined ? whom(undefined, path, checking) : related(first, second, { path, checking });
  if (!of) return;
  const { findings, catalogue } = checking;
  const place = { path: `${path}/attribute`, found: attribute };
  if (of.isSeveral) {
    const allowed = `"${first}" can be several assets: with "each" in the scope it is one`;
    return findings.refuse({ ...place, code: 'rule-across', allowed });
  }
  const name = second ?? first;
  const known = knowledgeOf(of.types, catalogue);
  const kinds = new Set(known.flatMap(({ attributes }) => [...(attributes.get(name) ?? [])]));
  if (known.length > 0 && kinds.size === 0) {
    const before = second === undefined ? '' : `${first}.`;
    return refuseAttribute(name, of, { path: place.path, checking, before });
  }
  refuseOtherKind('the attribute', kinds, types, { ...place, checking });
}

/** A value read from a fact, of a kind that the point takes. */
function checkFactWanted(wanted: FactUse, types: ValueType[] | undefined, { path, checking }: Place): void {
  const values = checkFact(wanted, path, checking);
  if (values?.kinds) refuseOtherKind('the fact', values.kinds, types, { path, found: wanted.fact, checking });
}

function refuseOtherKind(
  what: string,
  kinds: ReadonlySet<Kind>,
  types: ValueType[] | undefined,
  { path, found, checking }: Place & { found: unknown },
): void {
  const wanted = new Set(types?.map(({ type }): Kind => (type === 'word' ? 'string' : type)));
  if (kinds.size === 0 || wanted.size === 0 || [...kinds].some((kind) => wanted.has(kind))) return;
  const [has, takes] = [kinds, wanted].map((some) => [...some].map((kind) => KIND_WORDS[kind]).join(' or '));
  const allowed = `${what} is ${has}, the point takes ${takes}`;
  checking.findings.refuse({ code: 'rule-value', path, found, allowed });
}

/** Whose attribute is meant by `<relation>.<name>`; a problem of the relation is told of the whole. */
function related(relation: string, name: string, { path, checking }: Place): Whom | undefined {
  const inner = { ...checking, findings: new Findings() };
  const of = whom(relation, `${path}/attribute`, inner);
  for (const { fix, allowed = '', ...one } of inner.findings.problems) {
    const whole = fix === undefined ? undefined : `${String(fix.value)}.${name}`;
    checking.findings.refuse({ code: one.code, path: one.path, found: `${relation}.${name}`, allowed, fix: whole });
  }
  return of;
}
