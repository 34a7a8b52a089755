// The documents that the benched engine works by: the rules bench's workload, as documents.
import { ruleDocument, assetDocument } from '../rules/contestants.ts';
import { makeWorkload, type Workload } from '../rules/workload.ts';
import type { DocumentInput } from '../../engine/model/input.ts';

/** 10,000 rules on 1,000 assets, and messages for them. */
export const benchWorkload = (messages: number): Workload =>
  makeWorkload({ types: 50, assets: 1_000, rules: 10_000 }, messages);

/** All documents, assets first. */
export function benchDocuments(workload = benchWorkload(0)): DocumentInput[] {
  return [
    ...Array.from({ length: workload.size.assets }, (_, asset) => assetDocument(asset, workload)),
    ...workload.rules.map((_, index) => ruleDocument(index, workload)),
  ];
}
