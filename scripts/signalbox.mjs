#!/usr/bin/env node
// The command line of a checkout, `signalbox …`: runs on Node 20, hands over to Node 24.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver, say, SetupError } from './bootstrap/commands.mjs';
import { findNode } from './bootstrap/node.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Where Node 24 is looked for, and where `npm run` was called: it changes the folder itself. */
const CALLED_IN = process.env.npm_lifecycle_event === 'signalbox' ? process.env.INIT_CWD : undefined;

try {
  const here = CALLED_IN ?? process.cwd();
  process.chdir(ROOT);
  const node = findNode();
  process.chdir(here);
  process.exitCode = await handOver(node, [resolve(ROOT, 'server/cli/main.ts'), ...process.argv.slice(2)], {
    env: process.env,
  });
} catch (error) {
  say(error instanceof SetupError ? error.message : error.stack);
  // 1 would say that a rule is wrong.
  process.exitCode = 2;
}
