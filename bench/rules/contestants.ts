// Who does the work: the fold, plain json-rules-engine, and hand-written closures grouped by type, which are the limit.
import { Engine } from 'json-rules-engine';

import { Fold } from '../../engine/fold/fold.ts';
import { assetSchema } from '../../engine/model/asset.ts';
import type { DocumentInput, Input, LogEntry } from '../../engine/model/input.ts';
import { ruleSchema } from '../../engine/model/rule.ts';
import { noteChanges } from './note-changes.ts';
import { typeOf, type Message, type Workload } from './workload.ts';

/** Does the work of some messages and says how many activations started or ended. */
export type Contestant = (messages: readonly Message[]) => Promise<number> | number;

const over = (fact: string, value: number) => ({ fact, operator: 'greaterThan', value });
const typeName = (type: number): string => `Type${type}`;
const assetId = (asset: number, workload: Workload): string =>
  `urn:ngsi-ld:${typeName(typeOf(asset, workload.size))}:asset-${asset}`;

/** An asset of the workload, as a document. */
export function assetDocument(asset: number, workload: Workload): DocumentInput {
  const id = assetId(asset, workload);
  const type = typeName(typeOf(asset, workload.size));
  const body = assetSchema.parse({ id, type, title: id, department: 'bench', reports: { a: { every: '1 h' } } });
  return { of: 'asset', id, version: 1, body };
}

/** A rule of the workload, as a document. */
export function ruleDocument(index: number, workload: Workload): DocumentInput {
  const { type, overA, overB, overC } = workload.rules[index] ?? { type: 0, overA: 1, overB: 1, overC: 1 };
  const id = `bench/rule-${index}`;
  const conditions = { all: [over('a', overA), { any: [over('b', overB), over('c', overC)] }] };
  const actions = [{ point: 'level', set: 1 }];
  const body = ruleSchema.parse({ id, title: id, scope: { type: typeName(type) }, conditions, actions });
  return { of: 'rule', id, version: 1, body };
}

/** A rule of a type of the workload that looks back over all three values of its assets. */
export function windowRuleDocument(type: number, window: string): DocumentInput {
  const id = `bench/window-${type}`;
  const lookBack = (fact: string, aggregate: string, value: number) => ({
    ...over(fact, value),
    params: { window, aggregate },
  });
  const conditions = {
    all: [lookBack('a', 'avg', 0.97), { any: [lookBack('b', 'max', 0.999), lookBack('c', 'p95', 0.999)] }],
  };
  const actions = [{ point: 'level', set: 1 }];
  const body = ruleSchema.parse({ id, title: id, scope: { type: typeName(type) }, conditions, actions });
  return { of: 'rule', id, version: 1, body };
}

/** A message of the workload, as an input of the log at an instant. */
export function inputOf(
  { asset, values: [a, b, c] }: Message,
  workload: Workload,
  at: { number: number; now: number },
): Input {
  const common = {
    asset: assetId(asset, workload),
    observedAt: at.now,
    receivedAt: at.now,
    quality: 'good' as const,
    source: 'flow:bench',
  };
  const readings = [
    { id: `${at.number}/a`, property: 'a', value: a, ...common },
    { id: `${at.number}/b`, property: 'b', value: b, ...common },
    { id: `${at.number}/c`, property: 'c', value: c, ...common },
  ];
  return { kind: 'readings', readings };
}

/**
 * The fold with all its assets and rules in force, and `more` documents besides; messages become entries of a log, one a millisecond.
 */
export async function foldContestant(
  workload: Workload,
  more: readonly DocumentInput[] = [],
): Promise<{ run: Contestant; fold: Fold }> {
  const fold = new Fold({}, (error) => {
    throw error;
  });
  fold.epoch = 1;
  let now = Date.UTC(2026, 0, 1);
  const apply = (input: Input) => fold.apply({ id: `${(now += 1)}-0`, at: now, input });
  for (let asset = 0; asset < workload.size.assets; asset += 1)
    await apply({ kind: 'document', document: assetDocument(asset, workload) });
  for (const index of workload.rules.keys()) await apply({ kind: 'document', document: ruleDocument(index, workload) });
  for (const document of more) await apply({ kind: 'document', document });
  let number = 0;
  const entryOf = (message: Message): LogEntry => {
    now += 1;
    number += 1;
    return { id: `${now}-0`, at: now, input: inputOf(message, workload, { number, now }) };
  };
  const run: Contestant = async (messages) => {
    let changes = 0;
    for (const message of messages) {
      const made = fold.apply(entryOf(message));
      const outputs = made instanceof Promise ? await made : made;
      for (const output of outputs) if (output.kind === 'decision') changes += 1;
    }
    return changes;
  };
  return { run, fold };
}

/** One json-rules-engine with all rules, asked with each message's facts. */
export function plainContestant(workload: Workload): Contestant {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const [index, { type, overA, overB, overC }] of workload.rules.entries()) {
    engine.addRule({
      conditions: {
        all: [
          { fact: 'type', operator: 'equal', value: type },
          { fact: 'a', operator: 'greaterThan', value: overA },
          {
            any: [
              { fact: 'b', operator: 'greaterThan', value: overB },
              { fact: 'c', operator: 'greaterThan', value: overC },
            ],
          },
        ],
      },
      event: { type: String(index) },
    });
  }
  const active = new Map<number, Set<string>>();
  return async (messages) => {
    let changes = 0;
    for (const {
      asset,
      values: [a, b, c],
    } of messages) {
      const { events } = await engine.run({ type: typeOf(asset, workload.size), a, b, c });
      changes += noteChanges(
        active,
        asset,
        events.map((event) => event.type),
      );
    }
    return changes;
  };
}

/** A closure per rule, grouped by asset type: what a programmer would write for this work alone. */
export function closuresContestant(workload: Workload): Contestant {
  const byType = Array.from(
    { length: workload.size.types },
    (): ((a: number, b: number, c: number) => boolean)[] => [],
  );
  for (const { type, overA, overB, overC } of workload.rules)
    byType[type]?.push((a, b, c) => a > overA && (b > overB || c > overC));
  const active = Array.from(
    { length: workload.size.assets },
    (_, asset) => new Uint8Array(byType[typeOf(asset, workload.size)]?.length ?? 0),
  );
  return (messages) => {
    let changes = 0;
    for (const {
      asset,
      values: [a, b, c],
    } of messages) {
      const rules = byType[typeOf(asset, workload.size)] ?? [];
      const states = active[asset];
      for (const [index, rule] of rules.entries()) {
        const holds = rule(a, b, c) ? 1 : 0;
        if (states && states[index] !== holds) {
          states[index] = holds;
          changes += 1;
        }
      }
    }
    return changes;
  };
}
