// What a removed rule or asset leaves behind: activations end, counts are forgotten.
import { endOrphan } from './activations.ts';
import { forgetRounds } from './one-shots.ts';
import type { RuleWork } from './rule-work.ts';
import { forgetSightings } from './sightings.ts';

/**
 * Ends the activations among these instances behind which nothing stands any more; what was counted for them goes too.
 * In the order of their keys: in which order they stand in memory depends on when this engine took over.
 */
export function endOrphans({ work, catalogue }: RuleWork, keys: Iterable<string>): void {
  for (const key of [...keys].toSorted()) {
    if (catalogue.instance(key)) continue;
    const activation = work.state.activations.get(key);
    if (activation) endOrphan(work, key, activation);
    forgetSightings(work, key);
    forgetRounds(work, key);
  }
}
