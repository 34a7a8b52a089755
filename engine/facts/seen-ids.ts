// Which readings of a property have been taken, remembered as far back as late ones are accepted.

/** The last ones that were taken, in a ring; ids as numbers of 53 bits, since a city has millions at a time. */
export interface SeenIds {
  /** Milliseconds since the epoch, parallel to `ids`. */
  at: number[];
  ids: number[];
  /** Where the ring is written next, once it is full. */
  next: number;
  /** The latest instant of all that were forgotten; -1 before the first. */
  forgottenAt: number;
}

/** The most that is remembered of one property. A sensor that reports faster is given less time to be late. */
export const MOST_SEEN = 32;

/** Nothing was taken yet. */
export const nothingSeen = (): SeenIds => ({ at: [], ids: [], next: 0, forgottenAt: -1 });

/** Has this reading been taken? */
export const isSeen = (seen: SeenIds, id: number): boolean => seen.ids.includes(id);

/** Is a reading of this instant too late to tell whether it was taken before? Milliseconds since the epoch. */
export const isForgotten = (seen: SeenIds, observedAt: number): boolean => observedAt <= seen.forgottenAt;

/** Remembers a reading, in place. */
export function remember(seen: SeenIds, id: number, observedAt: number): void {
  const { at, ids, next } = seen;
  if (at.length < MOST_SEEN) {
    at.push(observedAt);
    ids.push(id);
    return;
  }
  seen.forgottenAt = Math.max(seen.forgottenAt, at[next] ?? -1);
  at[next] = observedAt;
  ids[next] = id;
  seen.next = (next + 1) % MOST_SEEN;
}

/**
 * An id as a number of 53 bits (two multiplicative hashes side by side). Two of the at most 32 ids that are compared
 * with one another are the same number once in 10^12 properties.
 */
export function idNumber(id: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 4_294_967_296 * (high & 0x1fffff) + (low >>> 0);
}
