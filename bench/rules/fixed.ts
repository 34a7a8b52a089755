// The same number of rules per asset, however many rules there are: what a message costs, and what everything holds in memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { foldContestant } from './contestants.ts';
import { makeWorkload } from './workload.ts';

const RULES_PER_ASSET = 5;
const ASSETS = 10_000;
const MESSAGES = 400_000;
const WARM_UP = 100_000;

/** Microseconds per message, and megabytes of heap that the fold holds with its rules, assets and facts. */
export async function measureFixed(rules: number): Promise<{ microsPerReading: number; memoryMb: number }> {
  const workload = makeWorkload({ types: rules / RULES_PER_ASSET, assets: ASSETS, rules }, MESSAGES);
  const before = heapMb();
  const { run, fold } = await foldContestant(workload);
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
