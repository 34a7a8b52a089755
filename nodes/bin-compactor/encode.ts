// What a message asks of a compactor: one cycle, or none.
import type { Result } from '../../engine/model/result.ts';
import { readWish, valueTypeOf, type Wish } from '../lib/wish.ts';

const COMPACTION = valueTypeOf('WasteContainer', 'compaction');

/** Reads `compacting` (one cycle, which the compactor ends by itself), `idle`, or a release. */
export const encodeCompaction = (payload: unknown): Result<Wish> => readWish(payload, COMPACTION);
