// Gathers what a rule reads for one asset: the assets that its facts belong to, its named conditions, and their readings.
import { Directory, type Subject } from '../facts/directory.ts';
import type { KnownPoint } from '../facts/fact-source.ts';
import type { Asset } from '../model/asset.ts';
import type { Activation } from '../model/decision.ts';
import { durationMs } from '../model/duration.ts';
import { FACTS, isFactName, type ActivationState } from '../model/facts.ts';
import type { FactView, PointView, RuleHalt } from '../model/live.ts';
import { pointKey } from '../model/names.ts';
import { parseOf } from '../model/of.ts';
import { own } from '../model/own.ts';
import type { Reading } from '../model/reading.ts';
import type { Rule } from '../model/rule.ts';
import { NamedConditions } from '../rules/named-conditions.ts';
import { factUses, type FactUse } from './ready-rule.ts';
import type { Beside } from './fact-reading.ts';
import type { InForce, Past } from './past-port.ts';
import type { DatedDocument } from './past.ts';

/** The assets of one moment, as far as somebody has asked for them. */
export class Scene {
  readonly directory = new Directory();
  readonly #past: Past;
  readonly #at: number;
  readonly #known = new Map<string, InForce<Asset>>();

  /** @param at milliseconds since the epoch */
  constructor(past: Past, at: number) {
    this.#past = past;
    this.#at = at;
  }

  /** Comes to know these assets; those that were not there stay unknown. */
  async load(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#known.has(id));
    if (missing.length > 0) this.#take(await this.#past.assets({ ids: missing }, this.#at));
  }

  /** Comes to know every asset that an `of` may mean, and those on the way to it. */
  async follow(subject: Subject, of: string): Promise<void> {
    const meant = parseOf(of);
    if (meant?.kind === 'asset') await this.load([meant.id]);
    if (meant?.kind === 'near' || meant?.kind === 'zone')
      this.#take(await this.#past.assets({ type: meant.type }, this.#at));
    if (meant?.kind === 'relations') await this.#followRelations(subject, meant.relations);
  }

  /** As documents that were there from the beginning. */
  documents(): DatedDocument[] {
    return [...this.#known.values()].map(({ id, version, body }) => ({
      at: 0,
      document: { of: 'asset', id, version, body },
    }));
  }

  async #followRelations({ asset, related }: Subject, relations: readonly string[]): Promise<void> {
    let here = [asset];
    for (const [step, relation] of relations.entries()) {
      if (step === 0 && related?.relation === relation) {
        here = [related.asset];
        continue;
      }
      const ids = here.flatMap(({ relations: links }) => own(links, relation) ?? []);
      await this.load(ids);
      here = ids.flatMap((id) => this.directory.get(id) ?? []);
    }
  }

  #take(found: readonly InForce<Asset>[]): void {
    for (const one of found) {
      this.#known.set(one.id, one);
      this.directory.put(one.body);
    }
  }
}

/** What was gathered. */
export interface Gathered {
  /** Assets, calendars and named conditions, as they were at the end. */
  documents: DatedDocument[];
  readings: Reading[];
  /** As far as the longest window looks back, in milliseconds. */
  windowMs: number;
  /** False when some readings are no longer kept one by one, or when it reads what nobody records. */
  isWhole: boolean;
  beside: Beside;
}

/** The present as pages see it. */
export interface LiveState {
  activations: readonly Activation[];
  facts: readonly FactView[];
  points: readonly PointView[];
  /** Rules that are paused or parked. */
  halts?: readonly RuleHalt[];
}

/** For what it is gathered. */
export interface Gathering {
  rule: Rule;
  subject: Subject;
  /** The state must be known from here on; windows look further back. Milliseconds since the epoch. */
  from: number;
  at: number;
  /** Of the present: what is shown, and may not be recorded yet. */
  live?: LiveState;
}

/** Gathers it all; the scene comes to know every asset on the way. */
export async function gatherFacts(past: Past, scene: Scene, gathering: Gathering): Promise<Gathered> {
  const { rule, subject, at } = gathering;
  const conditions = await past.conditions(at);
  const uses = factUses(rule, new NamedConditions(conditions.map(({ body }) => body)));
  for (const of of new Set(uses.map(({ params }) => params.of ?? 'self'))) await scene.follow(subject, of);
  const named = conditions.map(({ id, version, body }): DatedDocument => ({
    at: 0,
    document: { of: 'condition', id, version, body },
  }));
  const calendars = (await past.calendars(at)).map(({ id, version, body }): DatedDocument => ({
    at: 0,
    document: { of: 'calendar', id, version, body },
  }));
  const reads = readsOf(uses, subject, scene.directory);
  const { readings, isWhole } = await gatherReadings(past, reads, gathering);
  const others = await gatherOthers(past, { uses, directory: scene.directory }, gathering);
  return {
    documents: [...scene.documents(), ...calendars, ...named],
    readings,
    windowMs: Math.max(0, ...reads.map((read) => read.windowMs)),
    isWhole: isWhole && others.isWhole,
    beside: others.beside,
  };
}

/** One property of one asset, and how far a window looks back on it. */
interface Read {
  asset: string;
  property: string;
  windowMs: number;
}

function readsOf(uses: readonly FactUse[], subject: Subject, directory: Directory): Read[] {
  const reads = new Map<string, Read>();
  for (const { fact, params } of uses) {
    const windowMs = params.window === undefined ? 0 : durationMs(params.window);
    const property = propertyIn({ fact, params });
    if (property === undefined) continue;
    for (const { id } of directory.resolve(subject, params.of)) {
      const before = reads.get(`${id}/${property}`);
      reads.set(`${id}/${property}`, { asset: id, property, windowMs: Math.max(windowMs, before?.windowMs ?? 0) });
    }
  }
  return [...reads.values()];
}

/** The property that a fact looks at, if it looks at one. */
function propertyIn({ fact, params }: FactUse): string | undefined {
  if (!isFactName(fact)) return fact;
  return FACTS[fact].names === 'property' ? params.name : undefined;
}

async function gatherReadings(
  past: Past,
  reads: readonly Read[],
  { from, at, live }: Gathering,
): Promise<{ readings: Reading[]; isWhole: boolean }> {
  const all = await Promise.all(
    reads.map(async ({ asset, property, windowMs }) => {
      const known = await past.readings({ asset, property, from: from - windowMs, at });
      const shown = live?.facts.find((view) => view.asset === asset && view.property === property);
      const newest = known.readings.at(-1)?.observedAt ?? -1;
      const ahead = shown && shown.observedAt > newest ? [asReading(shown, at)] : [];
      return { readings: [...known.readings, ...ahead], isWhole: known.isWhole };
    }),
  );
  return { readings: all.flatMap(({ readings }) => readings), isWhole: all.every(({ isWhole }) => isWhole) };
}

/** What the rule reads of points and of other rules: as it is shown, or as it was recorded and decided. */
async function gatherOthers(
  past: Past,
  { uses, directory }: { uses: readonly FactUse[]; directory: Directory },
  { subject, at, live }: Gathering,
): Promise<{ beside: Beside; isWhole: boolean }> {
  const active = new Set<string>();
  const rules = new Set<string>();
  for (const { fact, params } of uses) {
    const { name, of } = params;
    if (fact !== 'activation' || name === undefined) continue;
    if ((await past.ruleVersions(name)).find((version) => version.at <= at)?.body) rules.add(name);
    for (const { id: asset } of live ? [] : directory.resolve(subject, of))
      if (await wasActive(past, { rule: name, asset }, at)) active.add(`${name}|${asset}`);
  }
  const state = (rule: string, asset: string): ActivationState =>
    live ? shownState(live, rule, asset) : active.has(`${rule}|${asset}`) ? 'active' : 'none';
  const points = live ? new Map<string, KnownPoint>() : await pointsAt(past, { uses, directory }, { subject, at });
  return {
    // How old a report was is not recorded, only since when its value stood.
    isWhole: live !== undefined || !uses.some(({ fact, params }) => fact === 'reported' && params.maxAge !== undefined),
    beside: {
      point: (asset, point) => (live ? shownPoint(live, pointKey(asset, point)) : points.get(pointKey(asset, point))),
      activation: (rule, asset) => (rules.has(rule) ? state(rule, asset) : undefined),
    },
  };
}

async function pointsAt(
  past: Past,
  { uses, directory }: { uses: readonly FactUse[]; directory: Directory },
  { subject, at }: Pick<Gathering, 'subject' | 'at'>,
): Promise<Map<string, KnownPoint>> {
  const keys = uses.flatMap(({ fact, params: { name, of } }) =>
    (fact === 'reported' || fact === 'desired') && name !== undefined
      ? directory.resolve(subject, of).map(({ id }) => pointKey(id, name))
      : [],
  );
  const found = await Promise.all(
    [...new Set(keys)].map(async (key): Promise<[string, KnownPoint]> => {
      const { reported, desired } = (await past.point(key, at)) ?? {};
      return [
        key,
        {
          ...(reported === undefined ? {} : { reported: { value: reported } }),
          ...(desired === undefined ? {} : { desired }),
        },
      ];
    }),
  );
  return new Map(found);
}

/** By the newest decision of each row and related asset; that a rule was counting is not recorded. */
async function wasActive(past: Past, about: { rule: string; asset: string }, at: number): Promise<boolean> {
  const byInstance = Map.groupBy(await past.decisions(about, at), ({ related = '', row = 0 }) => `${row}|${related}`);
  return [...byInstance.values()].some(([newest]) => newest?.kind === 'started');
}

function shownState({ activations }: LiveState, rule: string, asset: string): ActivationState {
  const phases = activations.flatMap((one) => (one.rule === rule && one.asset === asset ? [one.phase] : []));
  if (phases.length === 0) return 'none';
  return phases.every((phase) => phase === 'pending') ? 'pending' : 'active';
}

function shownPoint(live: LiveState, key: string): KnownPoint | undefined {
  const shown = live.points.find(({ point }) => point === key);
  if (!shown) return undefined;
  const { reported, arbitration } = shown;
  return {
    ...(reported ? { reported } : {}),
    ...('release' in arbitration.want ? {} : { desired: arbitration.want.value }),
  };
}

/** A value that is shown and not recorded yet. */
function asReading(view: FactView, at: number): Reading {
  return {
    id: `shown:${view.observedAt}/${view.property}`,
    asset: view.asset,
    property: view.property,
    value: view.value,
    ...(view.unit === undefined ? {} : { unit: view.unit }),
    observedAt: view.observedAt,
    receivedAt: at,
    quality: view.state === 'bad' || view.state === 'ahead' ? view.state : 'good',
    source: view.source,
  };
}
