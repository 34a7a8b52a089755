// A fact of the registry (`FACTS`) in a condition: are its params right, and what will its values be?
import type { FactParams } from '../../model/condition.ts';
import { FACTS, type FactName } from '../../model/facts.ts';
import { own } from '../../model/own.ts';
import { PROPERTIES } from '../../model/properties.ts';
import type { ValueType } from '../../model/value.ts';
import { checkCalendarName } from './calendar-name.ts';
import type { Kind } from './catalogue.ts';
import type { FactValues } from './fact-values.ts';
import type { Checking } from './findings.ts';
import type { Unclear } from './loose.ts';
import { typesOfPoint } from './points.ts';
import { knowledgeOf, type Whom } from './whom.ts';
import { nearest, oneOf } from '../../model/words.ts';

interface Place {
  path: string;
  checking: Checking;
}

/**
 * Checks what narrows down a fact of the registry.
 *
 * @param of whom `params.of` means; undefined when that was refused
 * @returns what its values will be; undefined when it was refused
 */
export function checkRegistryFact(
  fact: FactName,
  params: FactParams,
  of: Whom | undefined,
  { path, checking, unclear }: Place & { unclear: Unclear },
): FactValues | undefined {
  const { names, takes, value } = FACTS[fact];
  const { findings } = checking;
  const { name, ...others } = params;
  const before = findings.problems.length;
  for (const [param, found] of Object.entries(others).filter(([one]) => !takes.some((taken) => taken === one))) {
    const allowed = `the fact "${fact}" takes no ${param}; ${oneOf([...takes, ...(names ? ['name'] : [])])}`;
    findings.refuse({ code: 'rule-fact', path: `${path}/params/${param}`, found, allowed });
  }
  const place = { path: `${path}/params/name`, checking };
  if (names && name === undefined) {
    if (unclear.has('name')) return undefined;
    const found = Object.keys(params).length === 0 ? undefined : params;
    const allowed = `the fact "${fact}" needs params.name: the name of a ${names}`;
    findings.refuse({ code: 'rule-fact', path: `${path}/params`, found, allowed });
  } else if (!names && name !== undefined) {
    findings.refuse({ ...place, code: 'rule-fact', found: name, allowed: `the fact "${fact}" takes no name` });
  }
  if (of?.isSeveral === true && !takes.includes('across')) {
    const allowed = `these can be several assets, and the fact "${fact}" is one asset’s`;
    findings.refuse({ code: 'rule-across', path: `${path}/params/of`, found: params.of, allowed });
  }
  const named = names && name !== undefined && of ? typesNamed(fact, name, of, place) : undefined;
  if (findings.problems.length > before) return undefined;
  return valuesOf(name === undefined ? fact : `${fact} ${name}`, value ? [value] : (named ?? []));
}

/** What the named property, point or rule can be; refused at its name where there is none. */
function typesNamed(fact: FactName, name: string, of: Whom, place: Place): ValueType[] | undefined {
  const { names } = FACTS[fact];
  if (names === 'point') return typesOfPoint(name, of, place);
  if (names === 'property') checkProperty(name, of, place);
  if (names === 'rule') checkRule(name, place);
  if (names === 'calendar') checkCalendarName(name, place);
  return undefined;
}

/** A rule that does not exist yet is worth a warning: of two that read each other one must be the first. */
function checkRule(name: string, { path, checking }: Place): void {
  const { catalogue, findings } = checking;
  if (!name.includes('/')) {
    const allowed = 'allowed is the id of a rule: <department>/<name>';
    return findings.refuse({ code: 'rule-fact', path, found: name, allowed });
  }
  if (catalogue.rules?.has(name) !== false) return;
  const allowed = `there is no such rule yet; ${oneOf(catalogue.rules)}`;
  findings.warn({ code: 'rule-no-rule', path, found: name, allowed, fix: nearest(name, catalogue.rules) });
}

function checkProperty(name: string, of: Whom, { path, checking }: Place): void {
  const { catalogue, findings } = checking;
  const names = [...Object.keys(PROPERTIES), ...catalogue.properties];
  if (!own(PROPERTIES, name) && !catalogue.properties.has(name)) {
    const fix = nearest(name, names);
    return findings.refuse({ code: 'rule-fact', path, found: name, allowed: oneOf(names), fix });
  }
  const types = knowledgeOf(of.types, catalogue);
  if (types.length === 0 || types.some(({ properties }) => properties.has(name))) return;
  const allowed = `nobody who is meant says that it reports ${name}: unknown until one does`;
  findings.warn({ code: 'rule-unreported', path, found: name, allowed });
}

/** Several types: the kinds that they have together, and a range only where there is one for all. */
function valuesOf(name: string, types: readonly ValueType[]): FactValues {
  const kinds = types.map(({ type }): Kind => (type === 'word' ? 'string' : type));
  return {
    name,
    kinds: kinds.length === 0 ? undefined : new Set(kinds),
    type: types.length === 1 ? types[0] : undefined,
  };
}
