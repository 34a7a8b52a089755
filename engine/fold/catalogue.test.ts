// Kept up change by change, the catalogue is what it would be if it were made anew from everything.
import { array, assert, constantFrom, oneof, option, property, record, subarray } from 'fast-check';
import { expect, test } from 'vitest';

import { asset, urn } from '../facts/asset-builders.testsuite.ts';
import { Directory } from '../facts/directory.ts';
import type { Asset } from '../model/asset.ts';
import { namedConditionSchema, ruleSchema, type NamedCondition, type RuleDocument } from '../model/rule.ts';
import { Catalogue } from './catalogue.ts';
import { State } from './state.ts';

const NAMES = [
  'TrafficController:j1',
  'TrafficController:j2',
  'Approach:a1',
  'Approach:a2',
  'Detector:d1',
  'Detector:d2',
];
const over = (fact: string, value: number, params = {}) => ({ fact, operator: 'greaterThan', value, params });
const CONDITIONS = [
  over('occupancy', 0.5),
  over('occupancy', 0.5, { window: '3 min', aggregate: 'max' }),
  over('occupancy', 0.5, { of: 'detectors', across: 'max', window: '5 min' }),
  over('occupancy', 0.5, { of: 'approach/detectors', across: 'avg' }),
  over('occupancy', 0.5, { of: 'near:300m/Detector', across: 'max', window: '3 min', aggregate: 'p95' }),
  over('intensity', 5, { of: 'zone:north/Approach', across: 'max' }),
  over('occupancy', 0.5, { of: urn('Detector:d2') }),
  { fact: 'activation', params: { name: 'traffic/r1' }, operator: 'equal', value: 'active' },
];

type Change =
  | { of: 'asset'; id: string; body: Asset | null }
  | { of: 'rule'; id: string; body: RuleDocument | null }
  | { of: 'condition'; id: string; body: NamedCondition | null };

const assetChanges = record({
  name: constantFrom(...NAMES),
  fields: option(
    record({
      zone: constantFrom('north', 'south'),
      tags: subarray(['relief']),
      location: option(
        constantFrom([10, 50], [10.001, 50], [10.1, 50]).map((coordinates) => ({ type: 'Point', coordinates })),
        { nil: undefined },
      ),
      relations: record({
        approach: subarray(NAMES.slice(2, 4)).map((names) => names.map(urn)),
        detectors: subarray(NAMES.slice(4)).map((names) => names.map(urn)),
      }),
    }),
    { freq: 4 },
  ),
}).map(({ name, fields }): Change => ({ of: 'asset', id: urn(name), body: fields && asset(name, fields) }));

const ruleChanges = record({
  id: constantFrom('traffic/r1', 'traffic/r2', 'lighting/r3'),
  fields: option(
    record({
      scope: record({
        type: constantFrom('TrafficController', 'Approach', 'Detector'),
        each: option(constantFrom('approach', 'detectors'), { nil: undefined }),
        tag: option(constantFrom('relief'), { nil: undefined, freq: 1 }),
      }),
      conditions: constantFrom<object>(...CONDITIONS, { condition: 'busy' }, { not: { condition: 'traffic/busy' } }),
      actions: option(constantFrom('detectors', 'near:300m/Detector'), { nil: undefined }).map((of) => [
        { point: 'level', set: 1, ...(of === undefined ? {} : { of }) },
      ]),
    }),
    { freq: 4 },
  ),
}).map(({ id, fields }): Change => ({
  of: 'rule',
  id,
  body: fields && ruleSchema.parse({ id, title: id, ...fields }),
}));

const conditionChanges = record({
  id: constantFrom('traffic/busy', 'lighting/busy'),
  conditions: option(constantFrom<object>(...CONDITIONS), { freq: 3 }),
}).map(({ id, conditions }): Change => ({
  of: 'condition',
  id,
  body: conditions && namedConditionSchema.parse({ id, name: 'busy', title: id, conditions }),
}));

/** A state, a directory and a catalogue, to which changes come one by one, as the fold brings them. */
class City {
  readonly directory = new Directory();
  readonly state = new State();
  readonly catalogue = new Catalogue(this.directory);
  #version = 0;

  take(change: Change): void {
    this.#version += 1;
    const { id } = change;
    const version = this.#version;
    switch (change.of) {
      case 'asset': {
        const before = this.directory.get(id);
        this.state.assets.set(id, { version, body: change.body });
        if (change.body) this.directory.put(change.body);
        else this.directory.remove(id);
        this.catalogue.onAsset({ id, before, after: change.body ?? undefined });
        break;
      }
      case 'rule':
        this.state.rules.set(id, { version, body: change.body });
        this.catalogue.putRule(id, change.body ? { body: change.body, version } : undefined);
        break;
      case 'condition':
        this.state.conditions.set(id, { version, body: change.body });
        this.catalogue.putConditions(this.state, id);
    }
  }

  /** The same catalogue, made anew. */
  anew(): Catalogue {
    const catalogue = new Catalogue(this.directory);
    catalogue.load(this.state);
    return catalogue;
  }
}

const CONCERNS = ['occupancy', 'intensity', 'activation:traffic/r1'];

const sorted = (keys: Iterable<string>) => [...keys].toSorted();

/** All that anybody can ask of a catalogue. */
function contentOf(catalogue: Catalogue, { state }: City) {
  const rules = [...state.rules.keys()];
  return {
    instances: [...catalogue.instances()]
      .map(({ key, ready, subject }) => [key, ready.version, subject] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
    keys: rules.map((id) => sorted(catalogue.keysOf(id))),
    names: sorted(catalogue.documentsNaming('traffic/busy')),
    rows: rules.map((id) => catalogue.rulesOf(id).map(({ version, quick }) => [version, quick === undefined])),
    ofRule: rules.map((id) => sorted(catalogue.readersOfRule(id))),
    reads: NAMES.flatMap((name) =>
      CONCERNS.map((concern) => [
        sorted(catalogue.readersOf(urn(name), concern)),
        sorted(catalogue.windowsOf(urn(name), concern).map(({ key }) => key)),
      ]),
    ),
  };
}

test('after any changes it is what it would be if it were made anew', () => {
  const changes = array(oneof(assetChanges, ruleChanges, conditionChanges), { minLength: 1, maxLength: 25 });
  assert(
    property(changes, (list) => {
      const city = new City();
      for (const change of list) city.take(change);
      expect(contentOf(city.catalogue, city)).toEqual(contentOf(city.anew(), city));
    }),
    { numRuns: 2_000 },
  );
});

const at = (longitude: number) => ({ location: { type: 'Point', coordinates: [longitude, 50] } });

test('tells every instance that reads or acts differently, those that are no more included', () => {
  const city = new City();
  const conditions = CONDITIONS[2];
  const body = ruleSchema.parse({
    id: 'traffic/r1',
    title: 'r1',
    scope: { type: 'Approach' },
    conditions,
    actions: [{ point: 'level', set: 1, of: 'near:300m/Detector' }],
  });
  city.take({ of: 'rule', id: 'traffic/r1', body });
  const approach = asset('Approach:a1', { ...at(10), relations: { detectors: [urn('Detector:d1')] } });
  city.take({ of: 'asset', id: approach.id, body: approach });
  const change = (
    name: string,
    before: Record<string, unknown> | undefined,
    after: Record<string, unknown> | undefined,
  ) => {
    const built = { before: before && asset(name, before), after: after && asset(name, after) };
    if (built.after) city.directory.put(built.after);
    else city.directory.remove(urn(name));
    return [...city.catalogue.onAsset({ id: urn(name), ...built })];
  };
  const key = `traffic/r1|${approach.id}|`;
  expect(change('Detector:d1', undefined, {})).toEqual([key]);
  expect(change('Detector:d2', undefined, at(10.1))).toEqual([]);
  expect(change('Detector:d2', at(10.1), at(10.001))).toEqual([key]);
  expect(change('Detector:d2', at(10.001), undefined)).toEqual([key]);
  expect(change('TrafficController:j1', undefined, {})).toEqual([]);
  expect(change('Approach:a1', at(10), undefined)).toEqual([key]);
  expect(change('Approach:a1', undefined, at(10))).toEqual([key]);
});
