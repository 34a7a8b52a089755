// A fact as a condition names it: does it exist, can it be narrowed down like this, and what will its values be?
import { durationMs } from '../../model/duration.ts';
import { FACT_NAMES, isFactName } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import { PROPERTIES } from '../../model/properties.ts';
import type { FactParams } from '../../model/rule.ts';
import type { ValueType } from '../../model/value.ts';
import { kindOf, type Kind } from './catalogue.ts';
import type { FactValues } from './fact-values.ts';
import type { Checking } from './findings.ts';
import { checkRegistryFact } from './registry-fact.ts';
import type { FactUse, Unclear } from './loose.ts';
import { inWords, knowledgeOf, whom, type Whom } from './whom.ts';
import { list, nearest, oneOf } from '../../model/words.ts';

export type { FactValues } from './fact-values.ts';

/**
 * Checks a fact on either side of a comparison.
 *
 * @param path JSON pointer of what has `fact` and `params`
 * @returns what its values will be, as far as that is known: where a name with a slip in it was refused, those of what
 *   was probably meant
 */
export function checkFact(use: FactUse, path: string, checking: Checking): FactValues | undefined {
  const { fact, params = {}, unclear = new Set() } = use;
  const of = unclear.has('of') ? undefined : whom(params.of, `${path}/params/of`, checking);
  if (fact === undefined) return undefined;
  const place = { path, checking, unclear };
  const base = baseOf(fact, params, of, place);
  const inWindow = base && overTime(base, params, place);
  const values = inWindow && acrossAssets(inWindow, params, of, place);
  return values && SHAPING.some((param) => unclear.has(param)) ? vaguely(values) : values;
}

/** What decides of which kind and in which range the values are. */
const SHAPING: readonly (keyof FactParams)[] = ['across', 'window', 'aggregate', 'name'];

/** Numbers stay numbers, whatever becomes of them; anything else may be counted. */
const vaguely = ({ name, kinds }: FactValues): FactValues => ({
  name,
  kinds: kinds?.size === 1 && kinds.has('number') ? kinds : undefined,
  type: undefined,
});

/**
 * What tells one fact from another: two uses with the same key have the same value whenever both are known.
 * How old it may be does not matter for that.
 */
export function factKey({ fact, params = {} }: FactUse): string {
  const { of = 'self', across, window, aggregate, name } = params;
  const windowMs = window === undefined ? undefined : durationMs(window);
  return JSON.stringify([fact, of, across, windowMs, windowMs === undefined ? undefined : (aggregate ?? 'avg'), name]);
}

interface Place {
  path: string;
  checking: Checking;
  /** Params of which it is not known what they say. */
  unclear: Unclear;
}

/** A fact at its newest and of one asset. */
function baseOf(fact: string, params: FactParams, of: Whom | undefined, place: Place): FactValues | undefined {
  if (fact === 'attribute') return attribute(params, of, place);
  return isFactName(fact) ? checkRegistryFact(fact, params, of, place) : property(fact, params, of, place);
}

const kindsOf = (type: ValueType): Set<Kind> => new Set<Kind>([type.type === 'word' ? 'string' : type.type]);

function attribute(
  params: FactParams,
  of: Whom | undefined,
  { path, checking, unclear }: Place,
): FactValues | undefined {
  const { findings, catalogue } = checking;
  const { name } = params;
  for (const field of ['window', 'aggregate', 'maxAge'] as const) {
    if (params[field] === undefined) continue;
    const allowed = 'an attribute is fixed: it has no window and no age';
    findings.refuse({ code: 'rule-window', path: `${path}/params/${field}`, found: params[field], allowed });
  }
  if (name === undefined) {
    if (unclear.has('name')) return undefined;
    const allowed = 'the fact "attribute" needs params.name';
    const found = Object.keys(params).length === 0 ? undefined : params;
    findings.refuse({ code: 'rule-fact', path: `${path}/params`, found, allowed });
    return undefined;
  }
  if (!of) return undefined;
  const known = knowledgeOf(of.types, catalogue);
  const kinds = known.flatMap(({ attributes }) => [...(attributes.get(name) ?? [])].map(kindOf));
  if (known.length > 0 && kinds.length === 0) {
    refuseAttribute(name, of, { path: `${path}/params/name`, checking });
    return undefined;
  }
  return { name: `attribute ${name}`, kinds: kinds.length === 0 ? undefined : new Set(kinds), type: undefined };
}

/**
 * Refuses an attribute that no asset of these types has.
 *
 * @param place.before what stands before the attribute's name in the text (`approach.`)
 */
export function refuseAttribute(
  name: string,
  of: Whom,
  { path, checking, before = '' }: Omit<Place, 'unclear'> & { before?: string },
): void {
  const names = knowledgeOf(of.types, checking.catalogue).flatMap(({ attributes }) => [...attributes.keys()]);
  const allowed = `${inWords(of.types)} has no attribute "${name}"; ${oneOf(names)}`;
  const meant = nearest(name, names);
  const fix = meant === undefined ? undefined : `${before}${meant}`;
  checking.findings.refuse({ code: 'rule-attribute', path, found: `${before}${name}`, allowed, fix });
}

function property(
  fact: string,
  params: FactParams,
  of: Whom | undefined,
  { path, checking }: Place,
): FactValues | undefined {
  const { findings, catalogue } = checking;
  const known = own(PROPERTIES, fact);
  if (!known && !catalogue.properties.has(fact)) {
    const names = [...Object.keys(PROPERTIES), ...catalogue.properties];
    const allowed = `allowed is ${FACT_NAMES.join(', ')} or a property: ${list(names)}`;
    const fix = nearest(fact, [...names, ...FACT_NAMES]);
    findings.refuse({ code: 'rule-fact', path: `${path}/fact`, found: fact, allowed, fix });
    const meant = own(PROPERTIES, fix ?? '');
    return meant && { name: fix ?? fact, kinds: kindsOf(meant.value), type: meant.value };
  }
  if (params.name !== undefined) {
    const allowed = 'a property takes no name';
    findings.refuse({ code: 'rule-fact', path: `${path}/params/name`, found: params.name, allowed });
  }
  const types = of ? knowledgeOf(of.types, catalogue) : [];
  if (types.length > 0 && !types.some(({ properties }) => properties.has(fact))) {
    const allowed = `${inWords(of?.types)} does not say that it reports ${fact}: unknown until one does`;
    findings.warn({ code: 'rule-unreported', path: `${path}/fact`, found: fact, allowed });
  }
  return { name: fact, kinds: known && kindsOf(known.value), type: known?.value };
}

function overTime(values: FactValues, params: FactParams, { path, checking, unclear }: Place): FactValues | undefined {
  const { window, aggregate } = params;
  const place = `${path}/params/${aggregate === undefined ? 'window' : 'aggregate'}`;
  if (window === undefined) {
    if (aggregate === undefined || unclear.has('window')) return values;
    const allowed = 'an aggregate needs a window';
    checking.findings.refuse({ code: 'rule-window', path: place, found: aggregate, allowed });
    return undefined;
  }
  if (unclear.has('aggregate')) return values;
  const how = aggregate ?? 'avg';
  if (how !== 'count' && values.kinds?.has('number') === false) {
    const allowed = `of ${values.name}, which is no number, a window has only its count`;
    checking.findings.refuse({ code: 'rule-window', path: place, found: aggregate ?? window, allowed });
    return undefined;
  }
  if (how === 'count') return { ...values, ...COUNT };
  return values.type?.type === 'number' ? { ...values, type: aggregated(values.type, how) } : values;
}

const COUNT: Pick<FactValues, 'kinds' | 'type'> = {
  kinds: new Set<Kind>(['number']),
  type: { type: 'number', unit: '', min: 0, max: Infinity, integer: false },
};

/** The range of what comes of a window. */
function aggregated(type: ValueType & { type: 'number' }, how: string): ValueType {
  switch (how) {
    case 'sum':
      return { ...type, min: type.min < 0 ? -Infinity : type.min, max: Infinity };
    case 'delta':
      return { ...type, min: type.min - type.max, max: type.max - type.min };
    case 'rate':
      return { ...type, unit: `${type.unit}/s`, min: -Infinity, max: Infinity, integer: false };
    case 'avg':
    case 'p95':
      return { ...type, integer: false };
    default:
      return type;
  }
}

function acrossAssets(
  values: FactValues,
  { across, of }: FactParams,
  who: Whom | undefined,
  { path, checking, unclear }: Place,
): FactValues | undefined {
  if (across === undefined) {
    if (who?.isSeveral !== true || unclear.has('across')) return values;
    const allowed = 'these can be several assets: "across" says how their values become one';
    checking.findings.refuse({ code: 'rule-across', path: `${path}/params`, found: of, allowed });
    return undefined;
  }
  if (across === 'count') return { ...values, ...COUNT };
  const needed: Kind = across === 'any' || across === 'all' ? 'boolean' : 'number';
  if (values.kinds?.has(needed) === false) {
    const what = needed === 'boolean' ? 'true and false' : 'numbers';
    const allowed = `"${across}" is for ${what}, which ${values.name} is not`;
    checking.findings.refuse({ code: 'rule-across', path: `${path}/params/across`, found: across, allowed });
    return undefined;
  }
  // Between whole numbers there is more than whole numbers.
  const isBetween = across === 'avg' || across === 'median';
  return isBetween && values.type?.type === 'number' ? { ...values, type: { ...values.type, integer: false } } : values;
}
