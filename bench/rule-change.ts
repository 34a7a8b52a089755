// Measures how long changes take to be in effect in the fold: a rule's new version, an asset's, a pause. One line of JSON
// per number of rules, half of which a quick look is enough for; the others look back over windows or at related assets.
import { Fold } from '../engine/fold/fold.ts';
import { assetSchema, type Asset } from '../engine/model/asset.ts';
import type { DocumentInput, Input } from '../engine/model/input.ts';
import { ruleSchema, type RuleDocument } from '../engine/model/rule.ts';
import { percentile } from './pipeline/measure.ts';
import { randomNumbers } from './rules/workload.ts';

const ASSETS = 10_000;
const TYPES = 50;
const CHANGES = 400;

/** One fold that holds a city, and what it takes until it has worked an input through. */
class Bench {
  readonly #fold = new Fold({}, (error) => {
    throw error;
  });
  #now = Date.UTC(2026, 0, 1);
  #version = 0;

  /** Milliseconds until the input is in effect: its outputs are made. */
  async put(input: Input): Promise<number> {
    this.#now += 1;
    const begun = performance.now();
    await this.#fold.apply({ id: `${this.#now}-0`, at: this.#now, input });
    return performance.now() - begun;
  }

  async document(document: { of: 'asset'; body: Asset } | { of: 'rule'; body: RuleDocument }): Promise<number> {
    this.#version += 1;
    const versioned: DocumentInput = { ...document, id: document.body.id, version: this.#version };
    return this.put({ kind: 'document', document: versioned });
  }

  async reading(asset: string, property: string, value: number): Promise<number> {
    const id = `${this.#now}/${property}`;
    const at = { observedAt: this.#now, receivedAt: this.#now };
    const reading = { id, asset, property, value, ...at, quality: 'good' as const, source: 'flow:bench' };
    return this.put({ kind: 'readings', readings: [reading] });
  }
}

const typeOf = (number: number): string => `Type${number % TYPES}`;
const idOf = (number: number): string => `urn:ngsi-ld:${typeOf(number)}:asset-${number}`;

/** Each asset is related to the next of its type, and lies 100 m from others. */
function assetOf(number: number, title: string): Asset {
  const coordinates = [24 + (number % 100) * 0.001, 60 + Math.floor(number / 100) * 0.001];
  return assetSchema.parse({
    id: idOf(number),
    type: typeOf(number),
    title,
    department: 'bench',
    location: { type: 'Point', coordinates },
    relations: { next: [idOf((number + TYPES) % ASSETS)] },
  });
}

const over = (fact: string, value: number, params = {}) => ({ fact, operator: 'greaterThan', value, params });

/** Every other rule needs a quick look only; of the others half look back over a window, half at the related asset. */
function ruleOf(number: number, threshold: number): RuleDocument {
  const beyond = number % 4 === 1 ? { window: '10 min', aggregate: 'max' } : { of: 'next' };
  const conditions = { all: [over('a', threshold, number % 2 === 0 ? {} : beyond), over('b', 0.5)] };
  const id = `bench/rule-${number}`;
  const actions = [{ point: 'level', set: 1 }];
  return ruleSchema.parse({ id, title: id, scope: { type: typeOf(number) }, conditions, actions });
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

for (const rules of [10, 1_000, 10_000]) {
  const bench = new Bench();
  const random = randomNumbers(5);
  const any = (count: number): number => Math.floor(random() * count);
  for (let number = 0; number < ASSETS; number += 1) await bench.document({ of: 'asset', body: assetOf(number, 'a') });
  for (let number = 0; number < rules; number += 1) await bench.document({ of: 'rule', body: ruleOf(number, 0.9) });
  for (let number = 0; number < ASSETS; number += 1)
    for (const property of ['a', 'b']) await bench.reading(idOf(number), property, random());
  const ruleMs: number[] = [];
  const assetMs: number[] = [];
  const pauseMs: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    ruleMs.push(await bench.document({ of: 'rule', body: ruleOf(any(rules), 0.5 + random() / 2) }));
    assetMs.push(await bench.document({ of: 'asset', body: assetOf(any(ASSETS), `changed ${change}`) }));
    const request = { do: 'pause-rule' as const, rule: `bench/rule-${any(rules)}`, seconds: 60, reason: 'bench' };
    const actor = { kind: 'person' as const, id: 'ann', roles: { bench: ['operator' as const] } };
    pauseMs.push(await bench.put({ kind: 'request', id: `${change}`, actor, department: 'bench', request }));
  }
  console.log(
    JSON.stringify({
      bench: 'rule-change',
      rules,
      ruleChangeMsP50: percentile(ruleMs, 0.5),
      ruleChangeMsMax: tenths(Math.max(...ruleMs)),
      assetChangeMsMax: tenths(Math.max(...assetMs)),
      pauseMsMax: tenths(Math.max(...pauseMs)),
    }),
  );
}
