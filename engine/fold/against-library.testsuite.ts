// The fold beside plain json-rules-engine: random rules and random readings, and whether both say the same of each pair.
import { array, assert, asyncProperty, constantFrom, oneof, record, subarray, tuple, type Arbitrary } from 'fast-check';

import { assetSchema, type Asset } from '../model/asset.ts';
import type { Comparison, Condition, FactParams } from '../model/condition.ts';
import type { Truth } from '../model/decision.ts';
import type { DocumentInput } from '../model/input.ts';
import type { Reading } from '../model/reading.ts';
import { departmentOf, ruleSchema, type NamedCondition } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { filledIn, PlainLibrary } from '../rules/plain-library.testsuite.ts';
import {
  comparisonsOf,
  conditionsNaming,
  DEPARTMENT,
  namedConditions,
  NAMES,
  PROPERTIES,
  VALUES,
  type TypeName,
  type Vocabulary,
} from '../rules/random-conditions.testsuite.ts';
import { comparisonsIn } from '../rules/walk.ts';
import type { Output } from './ports.ts';
import { TrialRun } from './trial-run.ts';

/** A pair is one rule and one reading; each run has so many of both. */
const RULES_A_RUN = 10;
const READINGS_A_RUN = 20;

const START = Date.UTC(2026, 10, 22, 10);
const PROBE = 'urn:ngsi-ld:Probe:p';
const [LEFT, RIGHT] = ['urn:ngsi-ld:Post:left', 'urn:ngsi-ld:Post:right'];
/** Whom an `of` means, seen from the probe. */
const MEANT: Readonly<Record<string, readonly string[]>> = { self: [PROBE], other: [LEFT], many: [LEFT, RIGHT] };
const ATTRIBUTES: Readonly<Record<string, Value>> = { limit: 0.5, high: 2, isOpen: true, mode: 'open' };

/** These properties are stale six seconds after they were read, where that is part of the scene. */
const FADING: ReadonlySet<string> = new Set(['n0', 'b0', 'w0']);
const FADES_MS = 6_000;

const assetsOf = (isFading: boolean): Asset[] =>
  [PROBE, LEFT, RIGHT].map((id) =>
    assetSchema.parse({
      id,
      type: id.split(':')[2],
      title: id,
      department: DEPARTMENT,
      relations: id === PROBE ? { other: MEANT['other'], many: MEANT['many'] } : {},
      attributes: ATTRIBUTES,
      reports: isFading ? Object.fromEntries([...FADING].map((name) => [name, { every: '2 s' }])) : {},
    }),
  );

const fixed = (name: string, of?: string) => ({
  fact: 'attribute',
  params: of === undefined ? { name } : { name, of },
});
const read = (facts: readonly string[], ...params: FactParams[]) =>
  facts.flatMap((fact) => [{ fact }, ...params.map((one) => ({ fact, params: one }))]);

/** What the index finds rules by: the asset's own present values. */
const OWN: Vocabulary = {
  number: [...read(PROPERTIES.number), fixed('limit'), fixed('high')],
  boolean: [...read(PROPERTIES.boolean), fixed('isOpen')],
  word: [...read(PROPERTIES.word), fixed('mode')],
};

const OTHER = { of: 'other' };
const across = (how: NonNullable<FactParams['across']>) => ({ of: 'many', across: how });

/** Other assets too, one or several. */
const WIDE: Vocabulary = {
  number: [
    ...OWN.number,
    ...read(PROPERTIES.number, { of: 'self' }, OTHER, across('max'), across('min')),
    fixed('limit', 'other'),
  ],
  boolean: [...OWN.boolean, ...read(PROPERTIES.boolean, OTHER, across('any'), across('all'))],
  word: [...OWN.word, ...read(PROPERTIES.word, OTHER)],
};

interface Said {
  asset: string;
  property: string;
  value: Value;
  quality: Reading['quality'];
}

/** A few rules, what they name, what is known at first, and what is read then. */
interface Scene {
  rules: Condition[];
  named: NamedCondition[];
  first: Said[];
  then: Said[];
}

const TYPE_NAMES: TypeName[] = ['number', 'boolean', 'word'];
const good = constantFrom<Reading['quality']>('good');
const mostlyGood = constantFrom<Reading['quality'][]>('good', 'good', 'good', 'bad');

const everything: Arbitrary<Said[]> = tuple(
  ...[PROBE, LEFT, RIGHT].flatMap((asset) =>
    TYPE_NAMES.flatMap((type) =>
      PROPERTIES[type].map((property) =>
        record({ asset: constantFrom(asset), property: constantFrom(property), value: VALUES[type], quality: good }),
      ),
    ),
  ),
);
const anything = (assets: readonly string[], quality: Arbitrary<Reading['quality']>): Arbitrary<Said> =>
  oneof(
    ...TYPE_NAMES.map((type) =>
      record({
        asset: constantFrom(...assets),
        property: constantFrom(...PROPERTIES[type]),
        value: VALUES[type],
        quality,
      }),
    ),
  );

const exactly = (length: number) => ({ minLength: length, maxLength: length });

/** All is known from the beginning, and stays so. */
const knownScene = (vocabulary: Vocabulary, assets: readonly string[]): Arbitrary<Scene> =>
  record({
    rules: array(conditionsNaming(NAMES, vocabulary), exactly(RULES_A_RUN)),
    named: namedConditions(vocabulary),
    first: everything,
    then: array(anything(assets, good), exactly(READINGS_A_RUN)),
  });

/** Some facts were never seen, some come to be of bad quality; half of the rules are one comparison, or its negation. */
function partlyKnownScene(vocabulary: Vocabulary, assets: readonly string[]): Arbitrary<Scene> {
  const comparison = oneof(...TYPE_NAMES.map((type) => comparisonsOf(type, vocabulary)));
  const conditions = oneof(
    { weight: 2, arbitrary: conditionsNaming(NAMES, vocabulary) },
    { weight: 1, arbitrary: comparison },
    { weight: 1, arbitrary: comparison.map((not) => ({ not })) },
  );
  return record({
    rules: array(conditions, exactly(RULES_A_RUN)),
    named: namedConditions(vocabulary),
    first: everything.chain((all) => subarray(all)),
    then: array(anything(assets, mostlyGood), exactly(READINGS_A_RUN)),
  });
}

/** The probe's own values most often: those go through the index. */
const NEAR = [PROBE, PROBE, LEFT, RIGHT];
const KNOWN = oneof(knownScene(OWN, [PROBE]), knownScene(WIDE, NEAR));
const PARTLY_KNOWN = oneof(partlyKnownScene(OWN, [PROBE]), partlyKnownScene(WIDE, NEAR));

/** What was compared. */
export interface Tally {
  /** Rules times readings. */
  pairs: number;
  /** Pairs of which the rule holds, by json-rules-engine. */
  holding: number;
  /** Pairs of which some comparison of the rule reads something that is not known. */
  unknown: number;
  /** Activations that began. */
  starts: number;
  /** Times the fold's own logic and its judge disagreed. */
  disagreements: number;
}

const nothing = (): Tally => ({ pairs: 0, holding: 0, unknown: 0, starts: 0, disagreements: 0 });

/**
 * Folds random readings under random rules and compares, after each reading, the active rules with those that plain
 * json-rules-engine finds true on the same values. Everything is known, and of the type that it is compared with.
 *
 * Rejects with the smallest scene of which they say different things.
 *
 * @param pairs how many pairs of a rule and a reading to compare, at least
 */
export const compareAllKnown = (pairs: number): Promise<Tally> => compare(pairs, KNOWN, false);

/**
 * The same where some facts are unknown: never seen, of bad quality, stale. Then json-rules-engine is asked about each
 * comparison whose facts are known, the others are unknown whatever their operator, and what follows is by Kleene's
 * tables, written down here once more.
 */
export const comparePartlyKnown = (pairs: number): Promise<Tally> => compare(pairs, PARTLY_KNOWN, true);

async function compare(pairs: number, scenes: Arbitrary<Scene>, isPartly: boolean): Promise<Tally> {
  const tally = nothing();
  const numRuns = Math.ceil(pairs / (RULES_A_RUN * READINGS_A_RUN));
  const play = async (scene: Scene): Promise<void> => add(tally, await playScene(scene, isPartly));
  await assert(asyncProperty(scenes, play), { numRuns });
  return tally;
}

function add(tally: Tally, more: Tally): void {
  for (const key of ['pairs', 'holding', 'unknown', 'starts', 'disagreements'] as const) tally[key] += more[key];
}

async function playScene({ rules, named, first, then }: Scene, isPartly: boolean): Promise<Tally> {
  const documents = rules.map((conditions, index) => ({ id: `${DEPARTMENT}/rule-${index}`, conditions }));
  const world = new World(isPartly);
  const oracle = isPartly ? new ByComparison(documents, named, world) : new Whole(documents, named, world);
  const fold = new ActiveRules();
  await fold.begin(assetsOf(isPartly), named, documents);
  const tally = nothing();
  for (const batch of [first, ...then.map((said) => [said])]) {
    fold.run.now += 1_000;
    world.read(batch, fold.run.now);
    await fold.read(batch);
    const { holding, unknown } = await oracle.answer();
    const [ours, theirs] = [fold.active, holding].map((ids) => [...ids].toSorted().join(' '));
    if (ours !== theirs) throw new Error(`after ${JSON.stringify(batch)}: active ${ours}; json-rules-engine ${theirs}`);
    if (batch !== first)
      add(tally, { ...nothing(), pairs: documents.length, holding: holding.size, unknown: unknown.size });
  }
  if (fold.run.failures.length > 0) throw new Error(fold.run.failures.join('\n'));
  return { ...tally, starts: fold.starts, disagreements: fold.run.fold.counts.disagreements };
}

/** A rule's id and conditions. */
interface Document {
  id: string;
  conditions: Condition;
}

/** A fold, and which rules are active by what it decided. */
class ActiveRules {
  readonly run = new TrialRun(START);
  readonly active = new Set<string>();
  starts = 0;
  #readings = 0;

  async begin(assets: readonly Asset[], named: readonly NamedCondition[], rules: readonly Document[]): Promise<void> {
    for (const body of assets) await this.#take({ of: 'asset', id: body.id, version: 1, body });
    for (const body of named) await this.#take({ of: 'condition', id: body.id, version: 1, body });
    for (const rule of rules) {
      const actions = [{ point: 'none', set: 1 }];
      const body = ruleSchema.parse({ ...rule, title: rule.id, scope: { type: 'Probe' }, actions });
      await this.#take({ of: 'rule', id: body.id, version: 1, body });
    }
  }

  async read(batch: readonly Said[]): Promise<void> {
    const at = this.run.now;
    const readings = batch.map((said): Reading => {
      const id = `r${(this.#readings += 1)}`;
      return { id, ...said, observedAt: at, receivedAt: at, source: 'flow:test' };
    });
    this.#follow(await this.run.put({ kind: 'readings', readings }));
  }

  async #take(document: DocumentInput): Promise<void> {
    this.#follow(await this.run.put({ kind: 'document', document }));
  }

  #follow(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind !== 'decision') continue;
      const { kind, rule } = output.decision;
      if (kind === 'started') {
        this.active.add(rule);
        this.starts += 1;
      } else this.active.delete(rule);
    }
  }
}

/** What was read so far, and what a fact of it is by the words of the documentation. */
class World {
  readonly #said = new Map<string, Said & { at: number }>();
  readonly #isFading: boolean;
  #now = START;

  constructor(isFading: boolean) {
    this.#isFading = isFading;
  }

  read(batch: readonly Said[], now: number): void {
    this.#now = now;
    for (const said of batch) this.#said.set(`${said.asset}/${said.property}`, { ...said, at: now });
  }

  /** Undefined while it is unknown. */
  value(fact: string, { of = 'self', across: how, name = '' }: FactParams): Value | undefined {
    if (fact === 'attribute') return ATTRIBUTES[name];
    const all = (MEANT[of] ?? []).map((asset) => this.#one(asset, fact));
    const known = all.filter((value) => value !== undefined);
    if (how === 'any' && known.includes(true)) return true;
    if (how === 'all' && known.includes(false)) return false;
    if (known.length < all.length) return undefined;
    if (how === 'any' || how === 'all') return how === 'all';
    if (how === 'max') return Math.max(...known.map(Number));
    if (how === 'min') return Math.min(...known.map(Number));
    return known[0];
  }

  #one(asset: string, property: string): Value | undefined {
    const said = this.#said.get(`${asset}/${property}`);
    const isStale = said && this.#isFading && FADING.has(property) && this.#now >= said.at + FADES_MS;
    return said?.quality === 'good' && !isStale ? said.value : undefined;
  }
}

/** Which rules hold, and which of them read something unknown. */
interface Answer {
  holding: ReadonlySet<string>;
  unknown: ReadonlySet<string>;
}

/** json-rules-engine's answer on whole rules. */
class Whole {
  readonly #library: PlainLibrary;

  constructor(rules: readonly Document[], named: readonly NamedCondition[], world: World) {
    this.#library = new PlainLibrary(rules, named, (fact, params) => world.value(fact, params));
  }

  async answer(): Promise<Answer> {
    return { holding: await this.#library.holding(), unknown: new Set() };
  }
}

/** Its answer on each comparison whose facts are known, joined in three-valued logic. */
class ByComparison {
  readonly #rules: readonly Document[];
  readonly #ids: ReadonlyMap<Comparison, string>;
  readonly #library: PlainLibrary;
  readonly #world: World;

  constructor(rules: readonly Document[], named: readonly NamedCondition[], world: World) {
    this.#world = world;
    this.#rules = rules.map(({ id, conditions }) => ({
      id,
      conditions: filledIn(conditions, departmentOf(id), named),
    }));
    const all = comparisonsIn(this.#rules.map(({ conditions }) => conditions));
    // What is named more than once is one comparison.
    const leaves = [...new Set([...all].map(({ comparison }) => comparison))].map((conditions, index) => ({
      id: `leaf/${index}`,
      conditions,
    }));
    this.#ids = new Map(leaves.map(({ id, conditions }) => [conditions, id]));
    this.#library = new PlainLibrary(leaves, [], (fact, params) => world.value(fact, params));
  }

  async answer(): Promise<Answer> {
    const held = await this.#library.holding();
    const leaf = (comparison: Comparison): Truth =>
      this.#isKnown(comparison) ? held.has(this.#ids.get(comparison) ?? '') : 'unknown';
    const rules = this.#rules.map(({ id, conditions }) => ({ id, conditions, truth: kleene(conditions, leaf) }));
    const isBlind = (conditions: Condition): boolean =>
      [...comparisonsIn([conditions])].some(({ comparison }) => !this.#isKnown(comparison));
    return {
      holding: new Set(rules.flatMap(({ id, truth }) => (truth === true ? [id] : []))),
      unknown: new Set(rules.flatMap(({ id, conditions }) => (isBlind(conditions) ? [id] : []))),
    };
  }

  #isKnown({ fact, params = {}, value }: Comparison): boolean {
    const isRightKnown =
      typeof value !== 'object' ||
      Array.isArray(value) ||
      this.#world.value(value.fact, value.params ?? {}) !== undefined;
    return isRightKnown && this.#world.value(fact, params) !== undefined;
  }
}

function kleene(condition: Condition, leaf: (comparison: Comparison) => Truth): Truth {
  if ('all' in condition) {
    const parts = condition.all.map((part) => kleene(part, leaf));
    if (parts.includes(false)) return false;
    return parts.includes('unknown') ? 'unknown' : true;
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => kleene(part, leaf));
    if (parts.includes(true)) return true;
    return parts.includes('unknown') ? 'unknown' : false;
  }
  if ('not' in condition) {
    const part = kleene(condition.not, leaf);
    return part === 'unknown' ? part : !part;
  }
  if ('condition' in condition) throw new Error(`${condition.condition} was not filled in`);
  return leaf(condition);
}
