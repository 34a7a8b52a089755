// What rules may name: the city's assets taken together by type, and the named conditions.
import type { Asset } from '../../model/asset.ts';
import { typeOfUrn } from '../../model/names.ts';
import { own } from '../../model/own.ts';
import { POINTS } from '../../model/points.ts';
import type { NamedCondition } from '../../model/rule.ts';
import type { Value, ValueType } from '../../model/value.ts';

/** What a value is, without its range. */
export type Kind = 'number' | 'boolean' | 'string';

/** Kinds as people call them. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  string: 'a word',
};

/** The kind of a value. */
export const kindOf = (value: Value): Kind =>
  typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string';

/** A relation as the assets of one type have it. */
export interface Relation {
  /** The types it leads to. */
  types: ReadonlySet<string>;
  /** True when it leads to several assets for some asset of the type. */
  isSeveral: boolean;
}

/** What the assets of one type have, taken together. */
export interface TypeKnowledge {
  assets: readonly Asset[];
  /** Properties that some of them declare to report. */
  properties: ReadonlySet<string>;
  /** Attributes that some of them have, with their values. */
  attributes: ReadonlyMap<string, ReadonlySet<Value>>;
  relations: ReadonlyMap<string, Relation>;
  /** Points that some of them have, with every declaration of their values. */
  points: ReadonlyMap<string, readonly ValueType[]>;
}

/** What a rule may name. */
export interface RuleCatalogue {
  /** By asset type; only types of which there is an asset. */
  types: ReadonlyMap<string, TypeKnowledge>;
  /** By id. */
  assets: ReadonlyMap<string, Asset>;
  /** Properties that some asset declares to report, beside the city's own vocabulary. */
  properties: ReadonlySet<string>;
  conditions: readonly NamedCondition[];
  /** The ids of rules; undefined where it is not known which there are. */
  rules?: ReadonlySet<string> | undefined;
  /** The ids of calendars; undefined where it is not known which there are. */
  calendars?: ReadonlySet<string> | undefined;
}

/** Gathers what rules may name, in one pass over the assets: build it once for many checks. */
export function createRuleCatalogue(parts: {
  assets: Iterable<Asset>;
  conditions: readonly NamedCondition[];
  rules?: Iterable<string>;
  calendars?: Iterable<string>;
}): RuleCatalogue {
  const types = new Map<string, GrowingType>();
  const assets = new Map<string, Asset>();
  for (const asset of parts.assets) {
    assets.set(asset.id, asset);
    addAsset(entry(types, asset.type, emptyType), asset);
  }
  const properties = new Set([...types.values()].flatMap((type) => [...type.properties]));
  return {
    types,
    assets,
    properties,
    conditions: parts.conditions,
    rules: parts.rules && new Set(parts.rules),
    calendars: parts.calendars && new Set(parts.calendars),
  };
}

interface GrowingType extends TypeKnowledge {
  assets: Asset[];
  properties: Set<string>;
  attributes: Map<string, Set<Value>>;
  relations: Map<string, { types: Set<string>; isSeveral: boolean }>;
  points: Map<string, ValueType[]>;
}

const emptyType = (): GrowingType => ({
  assets: [],
  properties: new Set(),
  attributes: new Map(),
  relations: new Map(),
  points: new Map(),
});

function addAsset(type: GrowingType, asset: Asset): void {
  type.assets.push(asset);
  for (const property of Object.keys(asset.reports)) type.properties.add(property);
  for (const [name, value] of Object.entries(asset.attributes))
    entry(type.attributes, name, () => new Set<Value>()).add(value);
  for (const [name, related] of Object.entries(asset.relations)) {
    const relation = entry(type.relations, name, () => ({ types: new Set<string>(), isSeveral: false }));
    for (const id of related) relation.types.add(typeOfUrn(id));
    relation.isSeveral ||= related.length > 1;
  }
  for (const [name, declared] of Object.entries(asset.points)) {
    const value = declared.value ?? own(own(POINTS, asset.type) ?? {}, name)?.value;
    const known = entry(type.points, name, (): ValueType[] => []);
    if (value && !known.some((one) => isSameType(one, value))) known.push(value);
  }
}

const isSameType = (one: ValueType, other: ValueType): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** The entry of a map, made when it is not there yet. */
function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
