// What a removed rule or asset leaves behind: activations end, counts are forgotten.
import { endOrphan } from './activations.ts';
import { forgetRounds } from './one-shots.ts';
import type { RuleWork } from './rule-work.ts';
import { forgetSightings } from './sightings.ts';

/** Ends the activations of these rules that no instance stands behind any more; counts of any rule go with theirs. */
export function endOrphans({ work, catalogue }: RuleWork, concerns: (rule: string) => boolean): void {
  const isGone = (key: string): boolean => !catalogue.instance(key, work.directory);
  for (const [key, activation] of work.state.activations.entries())
    if (concerns(activation.rule) && isGone(key)) endOrphan(work, key, activation);
  for (const key of work.state.sightings.keys()) if (isGone(key)) forgetSightings(work, key);
  for (const key of work.state.rounds.keys())
    if (key.includes('|') ? isGone(key) : !work.state.rules.get(key)?.body) forgetRounds(work, key);
}
