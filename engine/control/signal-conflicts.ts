// The conflict monitor's judgement: which signal groups of a controller are green together that must never be. Software sees
// it late and can only tell; what makes it safe is the controller's own hardware.
import type { Value } from '../model/value.ts';

/** The property in which a controller reports its signal groups, one character each (RSMP S0001). */
export const SIGNAL_GROUPS = 'signalGroupStatus';

/** The attribute that holds the intersection's conflict matrix: pairs of groups, counted from 1, `"1-2 1-4 2-3"`. */
export const CONFLICTS = 'conflicts';

/** Two groups that must never be green together, counted from 1. */
export type Conflict = readonly [first: number, second: number];

/** Green of every kind in RSMP's table of signal group states: 1 minimum green to 9 flashing green. */
const GREEN = /^[1-9]$/;

/** Reads a conflict matrix; undefined when it is none, or when a group conflicts with itself. */
export function readConflicts(text: Value): Conflict[] | undefined {
  if (typeof text !== 'string') return undefined;
  const pairs = text.split(' ').map((pair) => /^(\d{1,3})-(\d{1,3})$/.exec(pair));
  const conflicts = pairs.flatMap((pair): Conflict[] => (pair ? [[Number(pair[1]), Number(pair[2])]] : []));
  const isSound =
    conflicts.length === pairs.length && conflicts.every(([one, two]) => one > 0 && two > 0 && one !== two);
  return isSound ? conflicts : undefined;
}

/** The conflicting groups that one report shows green together. A group that it does not speak of is not green. */
export function conflictsIn(status: string, conflicts: readonly Conflict[]): Conflict[] {
  const isGreen = (group: number): boolean => GREEN.test(status[group - 1] ?? '');
  return conflicts.filter(([one, two]) => isGreen(one) && isGreen(two));
}

/**
 * What is wrong with a report, in words; undefined when nothing is.
 *
 * @param status the controller's own report of its signal groups
 * @param matrix the intersection's conflict matrix; without one nothing can be judged and nothing is said
 */
export function whyConflicting(status: Value, matrix: Value | undefined): string | undefined {
  if (matrix === undefined) return undefined;
  const conflicts = readConflicts(matrix);
  if (!conflicts) return `nobody watches its greens: the conflict matrix ${JSON.stringify(matrix)} cannot be read`;
  const found = conflictsIn(String(status), conflicts);
  if (found.length === 0) return undefined;
  const pairs = found.map(([one, two]) => `${one} and ${two}`).join(', ');
  return `conflicting signal groups were green together: ${pairs} (reported ${String(status)})`;
}
