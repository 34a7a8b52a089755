// How long a list may be that is answered at once.
import { SignalboxError } from '../model/errors.ts';

/** The longest list that is answered at once. */
export const LONGEST_LIST = 1_000;

/** A list's length as asked for; throws `invalid` unless it is a whole number from 1 to 1000. */
export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_LIST) return limit;
  throw tooMany(limit);
}

/** What is wrong with such a list. */
export const tooMany = (found: number): SignalboxError =>
  new SignalboxError('invalid', {
    what: `A list of ${found} (allowed are 1 to ${LONGEST_LIST})`,
  });
