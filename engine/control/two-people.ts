// Values that need two people, asked again right before the wire: are two named behind this command?
import type { Command } from '../model/command.ts';
import { needsTwoPeople, type Point } from '../model/points.ts';
import { sameValue } from '../model/value.ts';
import { shapingClaims } from './arbiter.ts';

/**
 * Why a command may not leave the box, whatever made it: its value needs two people, and no claim that shaped it names
 * an operator and another person who confirmed.
 *
 * @returns words for a person; undefined when nothing is in the way
 */
export function whyAlone({ want, cause }: Pick<Command, 'want' | 'cause'>, point: Point): string | undefined {
  if ('release' in want || !needsTwoPeople(want.value, point)) return undefined;
  const isByTwo = shapingClaims(cause.arbitration).some(
    ({ owner, value, confirmedBy }) =>
      sameValue(value, want.value, point.tolerance) &&
      owner.startsWith('operator ') &&
      confirmedBy !== undefined &&
      owner !== `operator ${confirmedBy}`,
  );
  return isByTwo ? undefined : `${String(want.value)} needs two people, and only one asks for it`;
}
