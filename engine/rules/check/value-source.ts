// A claim whose value is read from a fact or an attribute: of one asset, of the right kind, in the point's unit and range.
import { misfit, typeInWords, type Value, type ValueType } from '../../model/value.ts';
import { KIND_WORDS, kindOf, type Kind } from './catalogue.ts';
import { checkFact, refuseAttribute } from './fact.ts';
import { unitOf, type FactValues } from './fact-values.ts';
import { Findings, type Checking } from './findings.ts';
import type { FactUse } from './loose.ts';
import { knowledgeOf, whom, type Whom } from './whom.ts';
import { list } from '../../model/words.ts';

/** Where a value is asked for. */
interface Place {
  path: string;
  checking: Checking;
}

/** Checks a value that is read from an attribute; `types` are those that the point can have. */
export function checkAttribute(
  attribute: string,
  types: readonly ValueType[] | undefined,
  { path, checking }: Place,
): void {
  const [first = '', second] = attribute.split('.');
  const of = second === undefined ? whom(undefined, path, checking) : related(first, second, { path, checking });
  if (!of) return;
  const { findings, catalogue } = checking;
  const place = { path: `${path}/attribute`, found: attribute, checking };
  if (of.isSeveral) {
    const allowed = `"${first}" can be several assets: with "each" in the scope it is one`;
    return findings.refuse({ ...place, code: 'rule-across', allowed });
  }
  const name = second ?? first;
  const known = knowledgeOf(of.types, catalogue);
  const values = new Set(known.flatMap(({ attributes }) => [...(attributes.get(name) ?? [])]));
  if (known.length > 0 && values.size === 0) {
    const before = second === undefined ? '' : `${first}.`;
    return refuseAttribute(name, of, { path: place.path, checking, before });
  }
  if (!isOfKind('the attribute', new Set([...values].map(kindOf)), types, place)) return;
  sayWhichMisfit(values, types, place);
}

/** Of the values that assets have today, all out of the point's range are a mistake, some worth a warning. */
function sayWhichMisfit(
  values: ReadonlySet<Value>,
  types: readonly ValueType[] | undefined,
  { path, found, checking }: Place & { found: unknown },
): void {
  const [type] = types ?? [];
  if (!types || !type || values.size === 0) return;
  const wrong = [...values].filter((value) => types.every((one) => misfit(one, value) !== undefined));
  if (wrong.length === 0) return;
  const shown = [...wrong.slice(0, MOST_SHOWN).map(String), ...(wrong.length > MOST_SHOWN ? ['…'] : [])].join(', ');
  const takes = `the point takes ${typeInWords(type)}`;
  if (wrong.length === values.size)
    return checking.findings.refuse({
      code: 'rule-value',
      path,
      found,
      allowed: `the attribute is ${shown}, ${takes}`,
    });
  const allowed = `the attribute is ${shown} for some assets, ${takes}: for those the claim is not made`;
  checking.findings.warn({ code: 'rule-beyond', path, found, allowed });
}

/** A warning names at most so many values. */
const MOST_SHOWN = 5;

/** Checks a value that is read from a fact; `types` are those that the point can have. */
export function checkFactWanted(
  wanted: FactUse,
  types: readonly ValueType[] | undefined,
  { path, checking }: Place,
): void {
  const values = checkFact(wanted, path, checking);
  const place = { path, found: wanted.fact, checking };
  if (!values || !isOfKind('the fact', values.kinds ?? new Set(), types, place) || !values.type) return;
  const [first] = types ?? [];
  const facts = values.type;
  if (!types || !first || !isOfUnit(values, types, place)) return;
  const [is, takes] = [typeInWords(facts), typeInWords(first)];
  if (!types.some((type) => canMeet(facts, type)))
    return checking.findings.refuse({
      ...place,
      code: 'rule-value',
      allowed: `the fact is ${is}, the point takes ${takes}`,
    });
  if (types.some((type) => isWithin(facts, type))) return;
  const allowed = `the fact is ${is}, the point takes ${takes}: while the fact is anything else the claim is not made`;
  checking.findings.warn({ ...place, code: 'rule-beyond', allowed });
}

function isOfUnit(
  values: FactValues,
  types: readonly ValueType[],
  { path, found, checking }: Place & { found: unknown },
): boolean {
  const units = types.map((type) => unitOf({ type }));
  const unit = unitOf(values);
  if (unit === undefined || units.some((one) => one === undefined || one === unit)) return true;
  const allowed = `the fact is ${unit}, the point is ${list(units.flatMap((one) => one ?? []))}`;
  checking.findings.refuse({ code: 'rule-unit', path, found, allowed });
  return false;
}

/** Has the fact any value that the point takes? */
function canMeet(fact: ValueType, point: ValueType): boolean {
  if (fact.type === 'number' && point.type === 'number') return fact.min <= point.max && fact.max >= point.min;
  if (fact.type === 'word' && point.type === 'word') return fact.words.some((word) => point.words.includes(word));
  return fact.type === point.type;
}

/** Has the fact no other values than the point takes? */
function isWithin(fact: ValueType, point: ValueType): boolean {
  if (fact.type === 'number' && point.type === 'number')
    return fact.min >= point.min && fact.max <= point.max && (fact.integer || !point.integer);
  if (fact.type === 'word' && point.type === 'word') return fact.words.every((word) => point.words.includes(word));
  return fact.type === point.type;
}

function isOfKind(
  what: string,
  kinds: ReadonlySet<Kind>,
  types: readonly ValueType[] | undefined,
  { path, found, checking }: Place & { found: unknown },
): boolean {
  const wanted = new Set(types?.map(({ type }): Kind => (type === 'word' ? 'string' : type)));
  if (kinds.size === 0 || wanted.size === 0 || [...kinds].some((kind) => wanted.has(kind))) return true;
  const [has, takes] = [kinds, wanted].map((some) => [...some].map((kind) => KIND_WORDS[kind]).join(' or '));
  const allowed = `${what} is ${has}, the point takes ${takes}`;
  checking.findings.refuse({ code: 'rule-value', path, found, allowed });
  return false;
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
