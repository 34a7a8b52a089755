// Which readings of a property have been taken, remembered as far back as late ones are accepted.

/** Parallel lists in the order of the instants; ids as numbers of 53 bits, since a city has millions at a time. */
export interface SeenIds {
  /** Milliseconds since the epoch. */
  at: number[];
  ids: number[];
}

/** The most that is remembered of one property. A sensor that reports faster is given less time to be late. */
export const MOST_SEEN = 64;

/** Has this reading been taken? */
export const isSeen = (seen: SeenIds, id: number): boolean => seen.ids.includes(id);

/**
 * Is a reading too late to tell whether it was taken before?
 *
 * @param newestAt the newest reading's instant; all in milliseconds
 * @param latenessMs how much older than that a reading may be
 */
export function isTooLate(seen: SeenIds, observedAt: number, { newestAt, latenessMs }: Limits): boolean {
  if (observedAt < newestAt - latenessMs) return true;
  return seen.at.length >= MOST_SEEN && observedAt <= (seen.at[0] ?? newestAt);
}

/** Remembers a reading and forgets those that have become too old, in place. */
export function remember(seen: SeenIds, id: number, observedAt: number, { newestAt, latenessMs }: Limits): void {
  const { at, ids } = seen;
  let place = at.length;
  while (place > 0 && (at[place - 1] ?? 0) > observedAt) place -= 1;
  if (place === at.length) {
    at.push(observedAt);
    ids.push(id);
  } else {
    at.splice(place, 0, observedAt);
    ids.splice(place, 0, id);
  }
  while (at.length > MOST_SEEN || (at[0] ?? newestAt) < newestAt - latenessMs) {
    at.shift();
    ids.shift();
  }
}

/** How late is too late. */
interface Limits {
  newestAt: number;
  latenessMs: number;
}

/**
 * An id as a number of 53 bits (two multiplicative hashes side by side). Two of the at most 64 ids that are compared
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
