// What an adapter observed, as interlocks read it: the one form for the fold and for the wire.
import { staleAt } from '../facts/fact.ts';
import type { Asset } from '../model/asset.ts';
import { isDistrusted, type Reading } from '../model/reading.ts';
import type { InterlockFact } from './ports.ts';

/** Did the device say so itself, through the adapter? Only that proves commands and reaches interlocks. */
export const isObserved = (reading: Reading): boolean => reading.source.startsWith('adapter:');

/** A reading as interlocks see it; one that is not to be trusted is unknown from the beginning. */
export function interlockFact(asset: Asset, reading: Reading): InterlockFact {
  const { property, value, observedAt } = reading;
  const stale = isDistrusted(reading) ? observedAt : staleAt(asset, property, observedAt);
  return { value, observedAt, ...(stale === undefined ? {} : { staleAt: stale }) };
}
