// What an adapter observed, as interlocks read it: the one form for the fold and for the wire.
import { staleAt } from '../facts/fact.ts';
import type { Asset } from '../model/asset.ts';
import type { Reading } from '../model/reading.ts';
import type { InterlockFact } from './ports.ts';

/** Did the device say so itself, through the adapter? Only that proves commands and reaches interlocks. */
export const isObserved = (reading: Reading): boolean => reading.source.startsWith('adapter:');

/** A reading as interlocks see it; one of bad quality is unknown from the beginning. */
export function interlockFact(asset: Asset, { property, value, observedAt, quality }: Reading): InterlockFact {
  const stale = quality === 'bad' ? observedAt : staleAt(asset, property, observedAt);
  return { value, observedAt, ...(stale === undefined ? {} : { staleAt: stale }) };
}
