// Rules that never come to rest because they read one another.
import { resumeInstance } from './activations.ts';
import type { RuleWork } from './rule-work.ts';

/** Leaves the instances that still wait as they are, until something else concerns them, and says so of each. */
export function leaveUnsettled(rules: RuleWork, tell: (error: Error, where: string) => void): void {
  const { dirtyInstances } = rules.work;
  for (const key of [...dirtyInstances].toSorted()) {
    tell(new Error('it never came to rest: what it reads changes with its own activation'), `rule ${key}`);
    const instance = rules.catalogue.instance(key);
    if (instance) resumeInstance(rules, instance);
  }
  dirtyInstances.clear();
}
