// Whose fact or point an "of" means: which types, one asset or several; refused where the city has no such way.
import { OF_FORMS, parseOf, type Of } from '../../model/of.ts';
import { typeOfUrn } from '../../model/names.ts';
import { own } from '../../model/own.ts';
import type { RuleCatalogue, TypeKnowledge } from './catalogue.ts';
import type { Checking } from './findings.ts';
import { list, nearest, oneOf } from '../../model/words.ts';

/** Who is meant. */
export interface Whom {
  /** Undefined when it may be an asset of any type. */
  types: ReadonlySet<string> | undefined;
  /** True when it can be more than one asset. */
  isSeveral: boolean;
}

/** What is known of these types; only those of which there is an asset. */
export const knowledgeOf = (types: Whom['types'], catalogue: RuleCatalogue): TypeKnowledge[] =>
  types === undefined ? [...catalogue.types.values()] : [...types].flatMap((type) => catalogue.types.get(type) ?? []);

/** The types in words: `a TrafficController`, `any asset`. */
export function inWords(types: Whom['types']): string {
  if (types === undefined) return 'any asset';
  const names = list(types);
  return `${/^[AEIOU]/.test(names) ? 'an' : 'a'} ${names}`;
}

/**
 * Finds out whom an `of` means.
 *
 * @param of as written; absent is self
 * @param path JSON pointer of the `of`
 * @returns undefined when it was refused: `rule-of` for its grammar, `rule-relation` for a relation that nobody has
 */
export function whom(of: string | undefined, path: string, checking: Checking): Whom | undefined {
  const { subject, findings } = checking;
  const self: Whom = { types: subject && new Set([subject.type]), isSeveral: false };
  const read = parseOf(of ?? 'self');
  if (!read) {
    findings.refuse({ code: 'rule-of', path, found: of, ...meantBy(of ?? '') });
    return undefined;
  }
  if (read.kind === 'self') return self;
  if (read.kind === 'relations') return follow(read.relations, self, { of, path, checking });
  warnOfNobody(read, path, checking);
  if (read.kind === 'asset') return { types: new Set([typeOfUrn(read.id)]), isSeveral: false };
  return { types: new Set([read.type]), isSeveral: true };
}

/** What an `of` that cannot be read may have meant, by the form that it begins like. */
function meantBy(of: string): { allowed: string; fix?: string } {
  const [head = '', ...others] = of.replaceAll(/\s/g, '').split(':');
  const form = others.length === 0 ? undefined : nearest(`${head}:`, Object.keys(AREAS));
  if (form === undefined) return { allowed: `allowed is ${Object.keys(OF_FORMS).join(', ')}` };
  const fix = `${form}${others.join(':')}`;
  return { allowed: own(AREAS, form) ?? '', ...(parseOf(fix) ? { fix } : {}) };
}

/** The forms of areas, by how they begin. */
const AREAS: Readonly<Record<string, string>> = {
  'near:': 'allowed is near:<metres>m/<Type>, metres more than 0 and without a space, such as near:50m/Streetlight',
  'zone:': 'allowed is zone:<zone>/<Type>, such as zone:river-path/LightSensor',
};

function follow(
  relations: readonly string[],
  self: Whom,
  place: { of: string | undefined; path: string; checking: Checking },
): Whom | undefined {
  const { catalogue, subject, findings } = place.checking;
  let here = self;
  for (const [index, relation] of relations.entries()) {
    const known = knowledgeOf(here.types, catalogue);
    // Of what does not exist yet nothing can be told.
    if (known.length === 0) return { types: undefined, isSeveral: here.isSeveral };
    const found = known.flatMap((type) => type.relations.get(relation) ?? []);
    if (found.length === 0) {
      const names = known.flatMap((type) => [...type.relations.keys()]);
      const allowed = `${inWords(here.types)} has no relation "${relation}"; ${oneOf(names)}`;
      const meant = nearest(relation, names);
      const fix = meant === undefined ? undefined : relations.with(index, meant).join('/');
      findings.refuse({ code: 'rule-relation', path: place.path, found: place.of, allowed, fix });
      return undefined;
    }
    const isBound = index === 0 && subject?.each === relation;
    here = {
      types: new Set(found.flatMap(({ types }) => [...types])),
      isSeveral: here.isSeveral || (!isBound && found.some(({ isSeveral }) => isSeveral)),
    };
  }
  return here;
}

/** What is right in itself but means no asset of today. */
function warnOfNobody(of: Exclude<Of, { kind: 'self' | 'relations' }>, path: string, checking: Checking): void {
  const { catalogue, findings } = checking;
  if (of.kind === 'asset') {
    if (catalogue.assets.has(of.id)) return;
    return findings.warn({ code: 'rule-no-assets', path, found: of.id, allowed: 'there is no such asset yet' });
  }
  const assets = catalogue.types.get(of.type)?.assets ?? [];
  const inZone = of.kind === 'zone' ? assets.filter(({ zone }) => zone === of.zone) : assets;
  if (inZone.length > 0) return;
  const where = of.kind === 'zone' ? ` in the zone ${of.zone}` : '';
  findings.warn({
    code: 'rule-no-assets',
    path,
    found: of.type,
    allowed: `there is no ${of.type}${where} yet; types with assets: ${list(catalogue.types.keys())}`,
  });
}
