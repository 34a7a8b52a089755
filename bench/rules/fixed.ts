// The same number of rules per asset, however many rules there are: what a message costs, and what everything holds in memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { foldContestant, windowRuleDocument } from './contestants.ts';
import { makeWorkload } from './workload.ts';

const RULES_PER_ASSET = 5;
const ASSETS = 10_000;
/** Every asset has a rule that looks back this far over each of its three properties. */
const WINDOW = '10 min';
/** At one message a millisecond, so that each asset reports every 10 s: until all windows are full. */
const WARM_UP = 600_000;
const MESSAGES = 800_000;

/** Microseconds per message, and megabytes of heap that the fold holds with its rules, assets, facts and their windows. */
export async function measureFixed(rules: number): Promise<{ microsPerReading: number; memoryMb: number }> {
  const types = rules / RULES_PER_ASSET;
  const workload = makeWorkload({ types, assets: ASSETS, rules: rules - types }, MESSAGES);
  const windowRules = Array.from({ length: types }, (_, type) => windowRuleDocument(type, WINDOW));
  const before = heapMb();
  const { run, fold } = await foldContestant(workload, windowRules);
  await run(workload.messages.slice(0, WARM_UP));
  const measured = workload.messages.slice(WARM_UP);
  const begun = performance.now();
  await run(measured);
  const micros = (1_000 * (performance.now() - begun)) / measured.length;
  const memoryMb = heapMb() - before;
  if (fold.counts.disagreements > 0) throw new Error('a disagreement with json-rules-engine');
  return { microsPerReading: Math.round(micros * 100) / 100, memoryMb: Math.round(memoryMb) };
}

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed / 1_048_576;
}
