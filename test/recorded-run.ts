// A fold whose documents and outputs are recorded, and the past that explanations read of it.
import type { Question } from '../engine/fold/explain-past.ts';
import type { Past } from '../engine/fold/past-port.ts';
import { systemActor } from '../engine/model/actor.ts';
import type { ActivationView, FactView, PointView, RuleHalt } from '../engine/model/live.ts';
import type { DocumentKind } from '../engine/store/ports.ts';
import { createRecordedPast } from '../engine/store/recorded-past.ts';
import { FoldRun } from './fold-run.ts';
import { MemoryDocuments, MemoryRecords } from './memory-store.ts';

/** A fold whose documents and outputs are recorded, as a whole box does it. */
export class RecordedRun {
  readonly run = new FoldRun();
  readonly records = new MemoryRecords();
  readonly documents = new MemoryDocuments({ now: () => this.run.now, after: () => () => undefined });
  readonly past: Past = createRecordedPast(this.documents, this.records);
  #recorded = 0;
  readonly #versions = new Map<string, number>();

  async store(kind: DocumentKind, body: { id: string; [field: string]: unknown }, isRemoved = false): Promise<void> {
    const expected = this.#versions.get(body.id) ?? 0;
    this.#versions.set(body.id, expected + 1);
    const department = body.id.startsWith('urn:') ? 'traffic' : (body.id.split('/')[0] ?? '');
    const stored = { kind, id: body.id, department, body: isRemoved ? null : body, expected };
    await this.documents.put({ ...stored, actor: systemActor('test') });
    if (isRemoved)
      await this.run.put({
        kind: 'document',
        document: { of: 'rule', id: body.id, version: expected + 1, body: null },
      });
    else if (kind === 'rule') await this.run.rule(body, expected + 1);
    else if (kind === 'asset') await this.run.asset(body, expected + 1);
    else if (kind === 'interlock') await this.run.interlock(body);
    else await this.run.condition(body);
    await this.record();
  }

  async record(): Promise<void> {
    const news = this.run.outputs.slice(this.#recorded);
    this.#recorded = this.run.outputs.length;
    await this.records.record({
      decisions: news.flatMap((output) => (output.kind === 'decision' ? [output.decision] : [])),
      readings: news.flatMap((output) => (output.kind === 'reading' ? [output.reading] : [])),
      commands: [],
      halts: news.flatMap((output) => (output.kind === 'halt' ? [output.halt] : [])),
      pointChanges: news.flatMap((output) => (output.kind === 'point-change' ? [output.change] : [])),
    });
  }

  /** What pages would see of it. */
  live(): NonNullable<Question['live']> {
    const activations = new Map<string, ActivationView>();
    const facts = new Map<string, FactView>();
    const points = new Map<string, PointView>();
    const halts = new Map<string, RuleHalt>();
    for (const output of this.run.outputs) {
      if (output.kind !== 'live') continue;
      const { event, data } = output.event;
      if (event === 'activation') activations.set(data.key, data);
      if (event === 'gone') activations.delete(data.key);
      if (event === 'halt') halts.set(data.rule, data);
      if (event === 'point') points.set(data.point, data);
      if (event === 'fact') facts.set(`${data.asset}/${data.property}`, data);
    }
    return {
      activations: [...activations.values()],
      facts: [...facts.values()],
      points: [...points.values()],
      halts: [...halts.values()],
    };
  }
}
