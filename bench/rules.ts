// Measures rules: the fold beside plain json-rules-engine, ZEN and hand-written closures. JSON lines, all in one run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { closuresContestant, foldContestant, plainContestant, type Contestant } from './rules/contestants.ts';
import { measureFixed } from './rules/fixed.ts';
import { makeWorkload, type Workload } from './rules/workload.ts';

const ZEN = join(import.meta.dirname, 'zen');
const ASSETS = 1_000;
const TYPES = 50;
const MESSAGES = 400_000;
/** Messages before the clock runs: caches and compilers warm up, and every asset has been seen. */
const WARM_UP = 100_000;
/** A slow contestant is measured for this long, in milliseconds. */
const SLOW_MS = 8_000;

installZen();
// Found when it runs: its packages are not there when the rest is checked.
const { zenContestant }: { zenContestant: (workload: Workload) => Contestant } = await import(join(ZEN, 'zen.ts'));
for (const rules of [10, 1_000, 10_000]) {
  const workload = makeWorkload({ types: TYPES, assets: ASSETS, rules }, MESSAGES);
  const { run, fold } = await foldContestant(workload);
  const ours = await measure(run, workload);
  const closures = await measure(closuresContestant(workload), workload);
  if (ours.changes !== closures.changes)
    throw new Error(`the fold saw ${ours.changes} changes, the closures ${closures.changes}`);
  if (fold.counts.disagreements > 0)
    throw new Error(`${fold.counts.disagreements} disagreements with json-rules-engine`);
  const share = ((100 * ours.changes) / (MESSAGES - WARM_UP)).toFixed(2);
  console.error(`${rules} rules: activations started or ended per 100 messages: ${share}`);
  console.log(
    JSON.stringify({
      bench: 'rules',
      rules,
      readingsPerSecond: ours.perSecond,
      jsonRulesEngine: await measureSlow(plainContestant(workload), workload),
      zen: await measureSlow(zenContestant(workload), workload),
      closures: closures.perSecond,
    }),
  );
}
for (const rules of [50, 10_000])
  console.log(JSON.stringify({ bench: 'rules-fixed', rules, ...(await measureFixed(rules)) }));

async function measure(run: Contestant, { messages }: Workload): Promise<{ perSecond: number; changes: number }> {
  await run(messages.slice(0, WARM_UP));
  const measured = messages.slice(WARM_UP);
  const begun = performance.now();
  const changes = await run(measured);
  return { changes, perSecond: Math.round((1_000 * measured.length) / (performance.now() - begun)) };
}

/** Messages per second of somebody who needs too long for all of them. */
async function measureSlow(run: Contestant, { messages }: Workload): Promise<number> {
  const begun = performance.now();
  let done = 0;
  while (done < messages.length && performance.now() - begun < SLOW_MS) {
    const step = done === 0 ? 1 : Math.ceil(done / 4);
    await run(messages.slice(done, done + step));
    done += step;
  }
  const perSecond = (1_000 * done) / (performance.now() - begun);
  return Math.round(perSecond * 10) / 10;
}

/** Its platform packages are not all in every registry, so `npm ci` refuses its lockfile; plain install takes what fits. */
function installZen(): void {
  if (existsSync(join(ZEN, 'node_modules/@gorules/zen-engine'))) return;
  console.error('$ npm install --no-audit --no-fund   (in bench/zen)');
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: ZEN, stdio: ['ignore', 2, 2] });
  if (installed.status !== 0) throw new Error('ZEN could not be installed');
}
