// How long to wait before the next attempt: growing, and spread so that not all runtimes come back at the same moment.

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * Milliseconds before attempt number `attempt` (0 is the first retry): half of the doubled delay is certain, half is chance.
 *
 * @param random 0 (included) to 1 (excluded)
 * @returns 50 to 5,000
 */
export function backoffMs(attempt: number, random: number): number {
  const fullMs = Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), LONGEST_MS);
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
