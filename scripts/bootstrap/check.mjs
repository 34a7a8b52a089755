// The checks that need no running program, in order, to the first failure.
import { existsSync } from 'node:fs';
import { handOver, say } from './commands.mjs';

const STEPS = [
  { name: 'format', program: 'oxfmt/bin/oxfmt', args: ['--check', '.'] },
  { name: 'lint', program: 'oxlint/bin/oxlint', args: ['--type-aware'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['-p', '.'], needs: 'tsconfig.json' },
  {
    name: 'types of nodes',
    program: 'typescript/bin/tsc',
    args: ['-p', 'nodes', '--noEmit'],
    needs: 'nodes/tsconfig.json',
  },
  {
    name: 'types of editor',
    program: 'typescript/bin/tsc',
    args: ['-p', 'editor', '--noEmit'],
    needs: 'editor/tsconfig.json',
  },
  { name: 'unused code', program: 'knip/bin/knip.js', args: [] },
];

/** @param {string} node @param {NodeJS.ProcessEnv} env @returns {Promise<number>} 0, or the code of the step that failed */
export async function check(node, env) {
  for (const { name, program, args, needs } of STEPS) {
    if (needs && !existsSync(needs)) continue;
    say(`check: ${name}`);
    const code = await handOver(node, [`node_modules/${program}`, ...args], { env });
    if (code !== 0) {
      say(`check: ${name} failed`);
      return code;
    }
  }
  say('check: all passed');
  return 0;
}
