// `npm run chaos -- <fault>`: breaks a town of its own and prints what was found as one line of JSON. Ends with 1 when the
// fault's criteria are not met.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArguments, type ChaosArguments } from './arguments.ts';
import { broken } from './criteria.ts';
import { runExperiment } from './experiment.ts';
import type { FaultName } from './faults.ts';

const read = readArguments(process.argv.slice(2));
if ('problems' in read) {
  process.stderr.write(`${read.problems}\n`);
  process.exitCode = 2;
} else {
  for (const fault of read.faults) if (!(await run(fault, read))) process.exitCode = 1;
}

async function run(fault: FaultName, { rounds, rate, seed }: ChaosArguments): Promise<boolean> {
  const note = (text: string): void => void process.stderr.write(`chaos ${fault}: ${text}\n`);
  const folder = await mkdtemp(join(tmpdir(), `signalbox-chaos-${fault}-`));
  const found = await runExperiment({ fault, rounds, rate, seed, folder, note });
  const { open, broker, commands, notTaken, repeatedWishes, heldOff, ...counts } = found;
  const { longestDelayMs, ...rest } = counts;
  const more = { open, broker, rate, commands, notTaken, repeatedWishes, heldOff };
  process.stdout.write(`${JSON.stringify({ fault, rounds, seed, ...rest, longestDelayMs, ...more })}\n`);
  const problems = broken(fault, found);
  for (const problem of problems) note(problem);
  if (problems.length === 0) await rm(folder, { recursive: true, force: true });
  else note(`what the processes said is in ${folder}`);
  return problems.length === 0;
}
