// `npm run chaos -- <fault>`: breaks a town of its own and prints what was found as one line of JSON. Ends with 1 when the
// fault's criteria are not met.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArguments, type ChaosArguments } from './arguments.ts';
import { broken } from './criteria.ts';
import { runExperiment, type Findings } from './experiment.ts';
import type { FaultName } from './faults.ts';

const read = readArguments(process.argv.slice(2));
if ('problems' in read) {
  process.stderr.write(`${read.problems}\n`);
  process.exitCode = 2;
} else {
  for (const fault of read.faults) if (!(await run(fault, read))) process.exitCode = 1;
}

async function run(fault: FaultName, { rounds, rate, seed, isPlain }: ChaosArguments): Promise<boolean> {
  const note = (text: string): void => void process.stderr.write(`chaos ${fault}: ${text}\n`);
  const folder = await mkdtemp(join(tmpdir(), `signalbox-chaos-${fault}-`));
  const found = await runExperiment({ fault, rounds, rate, seed, folder, isPlain, note });
  process.stdout.write(`${JSON.stringify(inOrder(found, { fault, rounds, seed, rate, isPlain }))}\n`);
  // The plain queue is there for comparison: nothing is demanded of it.
  const problems = isPlain ? [] : broken(fault, found);
  for (const problem of problems) note(problem);
  if (problems.length === 0) await rm(folder, { recursive: true, force: true });
  else note(`what the processes said is in ${folder}`);
  return problems.length === 0;
}

/** The numbers that every fault has, in a fixed order, then what else was seen. */
function inOrder(
  found: Findings,
  { rate, isPlain, ...head }: { fault: string; rounds: number; seed: number; rate: number; isPlain: boolean },
): object {
  const { lost, duplicated, late, outOfOrder, longestDelayMs, open, broker, ...others } = found;
  const { accepted, verified, refused, superseded, expired, unverified, failed, ...more } = others;
  const ends = { accepted, verified, refused, superseded, expired, unverified, failed };
  return {
    ...head,
    ...ends,
    lost,
    duplicated,
    late,
    outOfOrder,
    longestDelayMs,
    open,
    broker,
    rate,
    ...(isPlain ? { plain: true } : {}),
    ...more,
  };
}
