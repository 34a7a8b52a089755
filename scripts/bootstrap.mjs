#!/usr/bin/env node
// Prepares this checkout for what is asked of it, and hands over: start | test | check | bench | chaos | verify:schedules | misbehave | prepare.
// Runs on Node 20 without node_modules.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStale } from './bootstrap/build.mjs';
import { check } from './bootstrap/check.mjs';
import { provideChaosTools } from './bootstrap/chaos-tools.mjs';
import { provideTestTools } from './bootstrap/test-tools.mjs';
import { handOver, say, SetupError, SYSTEM_PATH } from './bootstrap/commands.mjs';
import { installPackages } from './bootstrap/install.mjs';
import { findNode } from './bootstrap/node.mjs';
import { provideRedis } from './bootstrap/redis.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const isProduction = process.env.NODE_ENV === 'production';
const mayInstall = !isProduction;

/** What each word of the command line needs, and does. @type {Record<string, (args: string[]) => Promise<number>>} */
const TASKS = {
  async start(args) {
    const node = await prepare();
    const env = environment(node, await redis());
    return handOver(node, ['--disable-sigusr1', 'server/launcher/main.ts', ...args], { env, lifeline: true });
  },
  async test(args) {
    const node = await prepare();
    const env = environment(node, { ...(await redis({ isGivenEnough: false })), ...(await provideTestTools()) });
    return handOver(node, ['node_modules/vitest/vitest.mjs', 'run', ...args], { env });
  },
  async check() {
    await installPackages({ mayInstall });
    const node = findNode();
    return check(node, environment(node));
  },
  async bench(args) {
    const node = await prepare();
    return handOver(node, ['bench/run.ts', ...args], { env: environment(node, await redis({ isGivenEnough: false })) });
  },
  async chaos(args) {
    const node = await prepare();
    await provideChaosTools();
    const env = environment(node, await redis({ isGivenEnough: false }));
    return handOver(node, ['chaos/run.ts', ...args], { env });
  },
  async 'verify:schedules'(args) {
    await installPackages({ mayInstall });
    const node = findNode();
    return handOver(node, ['scripts/verify-schedules.ts', ...args], { env: environment(node) });
  },
  async misbehave(args) {
    await installPackages({ mayInstall });
    const node = findNode();
    return handOver(node, ['examples/harbourton/simulator/misbehave.ts', ...args], { env: environment(node) });
  },
  async prepare() {
    await prepare();
    await redis();
    return 0;
  },
};

/** Packages, Node 24 and everything that is built. @returns {Promise<string>} the path of Node */
async function prepare() {
  await installPackages({ mayInstall });
  const node = findNode();
  await buildStale({ mayInstall, node });
  return node;
}

/**
 * Tells the children where their Redis program is, unless a running Redis is given and will do: tests also break servers
 * of their own. @param {{ isGivenEnough?: boolean }} [options]
 */
async function redis({ isGivenEnough = true } = {}) {
  if (process.env.REDIS_URL && isGivenEnough) return {};
  const given = process.env.SIGNALBOX_REDIS_SERVER;
  const path = given || (await provideRedis(process.env.SIGNALBOX_DATA || '.signalbox', { mayInstall }));
  return { SIGNALBOX_REDIS_SERVER: path };
}

/** Our environment without what npm adds to it, and with this Node before the system's. */
function environment(node, more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'INIT_CWD');
  return { ...Object.fromEntries(kept), PATH: [dirname(node), SYSTEM_PATH].join(delimiter), ...more };
}

async function main() {
  process.chdir(ROOT);
  const [word = '', ...args] = process.argv.slice(2);
  const task = TASKS[word];
  if (!task) throw new SetupError(`say what to do: ${Object.keys(TASKS).join(', ')}`);
  if (!existsSync(join(ROOT, 'package-lock.json')))
    throw new SetupError('package-lock.json is missing: this is not a whole checkout');
  return task(args);
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof SetupError ? error.message : error.stack);
  process.exitCode = 1;
}
