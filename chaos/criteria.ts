// What must hold after a fault.
import type { Findings } from './experiment.ts';
import type { LiesFound } from './lies.ts';
import { FAULTS, type FaultName } from './faults.ts';

/** What does not hold, in words; empty when all is well. */
export function broken(fault: FaultName, found: Findings): string[] {
  const { longestDelayMs = Infinity } = FAULTS[fault];
  const never = ['lost', 'open', 'duplicated', 'late', 'outOfOrder'] as const;
  return [
    ...never.filter((name) => found[name] > 0).map((name) => `${name} is ${found[name]}, and must be 0`),
    ...(found.longestHonestDelayMs > longestDelayMs
      ? [`the longest delay is ${found.longestHonestDelayMs} ms, and must be at most ${longestDelayMs} ms`]
      : []),
    ...found.problems,
    ...(found.lies ? unfound(found.lies) : []),
    ...(found.accepted === 0 ? ['nothing was accepted'] : []),
  ];
}

function unfound({ lies, found, latestMs }: LiesFound): string[] {
  if (lies === 0) return ['no device lied'];
  return lies === found ? [] : [`of ${lies} lies ${found} were found in time; the latest took ${latestMs} ms`];
}
