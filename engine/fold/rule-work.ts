// What the parts of the fold that deal with readings and rules share.
import type { Asset } from '../model/asset.ts';
import type { Catalogue } from './catalogue.ts';
import type { ReadyRule } from './ready-rule.ts';
import type { Work } from './work.ts';

/** Counts since the start, for the metrics. */
export interface FoldCounts {
  entries: number;
  /** Readings that became or joined a fact: newest ones, and older ones within the accepted lateness. */
  taken: number;
  /** Readings that had come before. */
  repeated: number;
  /** Readings too late to tell whether they had come before; refused. */
  late: number;
  /** Readings and reports of an instant that has not come yet; not believed. */
  future: number;
  /** Readings of flows about what the device itself reports. */
  overheard: number;
  /** Readings and reports of assets that do not exist. */
  unknownAsset: number;
  /** Values that do not fit their property or point. */
  invalid: number;
  /** Times the compiled conditions and json-rules-engine disagreed; never more than 0 in a healthy system. */
  disagreements: number;
}

/** A quick rule that a change may concern, for one asset. */
export interface Candidate {
  asset: Asset;
  ready: ReadyRule;
}

/** The fold's work with the rules that it works by. */
export interface RuleWork {
  work: Work;
  catalogue: Catalogue;
  counts: FoldCounts;
  /** To be looked at before the entry is done; may hold the same pair more than once. */
  candidates: Candidate[];
}
