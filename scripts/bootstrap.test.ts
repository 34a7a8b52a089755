import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, lineOf } from '../test/processes.ts';
import { makeTempFolder } from '../test/temp-folder.ts';

const ROOT = join(import.meta.dirname, '..');
/** Stands for everything that the bootstrap hands over to: says what it was told, and stays until it is ended. */
const PROGRAM = `
  process.on('SIGTERM', () => process.exit(7));
  process.on('disconnect', () => process.exit(8));
  console.log('told ' + JSON.stringify({ args: process.argv.slice(2), env: process.env }));
  console.log('pid ' + process.pid);
  setInterval(() => {}, 60000);
`;
const SOON = { timeout: 5000, interval: 20 };

describe('handing over', () => {
  it('starts the launcher with its arguments, the Redis program and nothing of npm', async () => {
    const checkout = await makeCheckout();
    const child = checkout.run(['start', '--now'], { npm_config_something: 'x', KEPT: 'yes' });
    const { args, env } = JSON.parse((await lineOf(child, /^told /)).slice(5));
    expect(args).toEqual(['--now']);
    expect(env).toMatchObject({ KEPT: 'yes', SIGNALBOX_REDIS_SERVER: join(checkout.bin, 'redis-server') });
    expect(Object.keys(env).filter((name) => name.startsWith('npm_'))).toEqual([]);
  });

  it('provides no Redis when a running one is given', async () => {
    const checkout = await makeCheckout();
    await rm(join(checkout.bin, 'redis-server'));
    const child = checkout.run(['start'], { REDIS_URL: 'redis://10.0.0.1' });
    const { env } = JSON.parse((await lineOf(child, /^told /)).slice(5));
    expect(env.SIGNALBOX_REDIS_SERVER).toBeUndefined();
  });

  it('passes SIGTERM on, waits, and ends with the exit code of what it started', async () => {
    const checkout = await makeCheckout();
    const child = checkout.run(['start']);
    await lineOf(child, /^pid /);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const checkout = await makeCheckout();
    const child = checkout.run(['start']);
    const pid = Number((await lineOf(child, /^pid /)).slice(4));
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), SOON).toBe(false);
  });

  it.each(['', 'sh -c '])('leaves nothing behind when npm was killed, "%s" between', async (shell) => {
    const checkout = await makeCheckout();
    const command = `${process.execPath} scripts/bootstrap.mjs start; true`;
    // What npm is to us: a parent that only waits.
    const npm = checkout.runBy(`${shell}${shell ? quoted(command) : command} & wait`, { npm_lifecycle_event: 'start' });
    const pid = Number((await lineOf(npm, /^pid /)).slice(4));
    npm.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), SOON).toBe(false);
  });
});

describe('building', () => {
  it('builds a workspace once, and again when a source has changed', async () => {
    const checkout = await makeCheckout();
    await checkout.addWorkspace();
    const builds = async () => (await readFile(join(checkout.path, 'builds'), 'utf8')).length;
    await checkout.output(['prepare']);
    await checkout.output(['prepare']);
    expect(await builds()).toBe(1);
    await writeFile(join(checkout.path, 'nodes/lamp.ts'), 'changed');
    await checkout.output(['prepare']);
    expect(await builds()).toBe(2);
  });
});

describe('in production', () => {
  it('installs no packages, and names what is missing', async () => {
    const checkout = await makeCheckout();
    await rm(join(checkout.path, 'node_modules'), { recursive: true });
    expect(await checkout.output(['start'], { NODE_ENV: 'production' })).toMatchInlineSnapshot(
      `"signalbox: node_modules is missing, and under NODE_ENV=production nothing is installed. Run \`npm ci --omit=dev\` first."`,
    );
  });

  it('installs no Redis, and says what to do', async () => {
    const checkout = await makeCheckout();
    await rm(join(checkout.bin, 'redis-server'));
    expect(await checkout.output(['start'], { NODE_ENV: 'production' })).toMatchInlineSnapshot(
      `"signalbox: there is no redis-server or valkey-server on the PATH, and under NODE_ENV=production nothing is installed. Install Redis 7 or newer, or set REDIS_URL."`,
    );
  });

  it('builds nothing, and names what is missing', async () => {
    const checkout = await makeCheckout();
    await checkout.addWorkspace();
    expect(await checkout.output(['start'], { NODE_ENV: 'production' })).toMatchInlineSnapshot(
      `"signalbox: nodes/dist is missing, and under NODE_ENV=production nothing is built. Run \`npm run build --workspace nodes\` first."`,
    );
  });
});

it('says what it can do when it is asked for something else', async () => {
  const checkout = await makeCheckout();
  expect(await checkout.output(['fly'])).toMatchInlineSnapshot(
    `"signalbox: say what to do: start, test, check, bench, chaos, verify:schedules, misbehave, prepare"`,
  );
});

it('says what to install when it can provide no Redis', async () => {
  const checkout = await makeCheckout();
  await rm(join(checkout.bin, 'redis-server'));
  expect(await checkout.output(['prepare'])).toMatchInlineSnapshot(`
    "signalbox: no Redis server on this machine: providing one
    signalbox: no Redis server could be provided. Install Redis 7 or newer (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or set REDIS_URL to one that runs."
  `);
});

it('closes a test run with the counts of passed and failed tests', async () => {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  await writeFile(
    join(folder.path, 'some.test.ts'),
    `import { expect, it } from 'vitest';
     it('passes', () => expect(1).toBe(1)); it('passes too', () => expect(1).toBe(1));
     it('fails', () => expect(1).toBe(2)); it.skip('waits', () => {});`,
  );
  await writeFile(join(folder.path, 'broken.test.ts'), `throw new Error('cannot be loaded');`);
  await writeFile(
    join(folder.path, 'vitest.config.ts'),
    `import { SummaryReporter } from ${JSON.stringify(join(ROOT, 'scripts/summary-reporter.ts'))};
     export default { test: { reporters: ['dot', new SummaryReporter()] } };`,
  );
  const vitest = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  expect((await outputOf(vitest)).trim().split('\n').at(-1)).toBe('2 passed, 2 failed');
});

/** The bootstrap in a checkout of its own, on a machine that has a Redis and nothing to install more with. */
async function makeCheckout() {
  const folder = await makeTempFolder();
  const { path } = folder;
  const bin = join(path, 'bin');
  onTestFinished(() => folder.remove());
  await Promise.all(
    ['bin', 'node_modules', 'server/launcher', 'scripts'].map((name) => mkdir(join(path, name), { recursive: true })),
  );
  await cp(join(ROOT, 'scripts/bootstrap'), join(path, 'scripts/bootstrap'), { recursive: true });
  await cp(join(ROOT, 'scripts/bootstrap.mjs'), join(path, 'scripts/bootstrap.mjs'));
  await writeFile(join(path, 'tsconfig.json'), '{}');
  await writeFile(join(path, 'package.json'), '{ "type": "module", "workspaces": ["nodes"] }');
  await writeFile(join(path, 'package-lock.json'), '{ "packages": {} }');
  await writeFile(join(path, 'node_modules/.package-lock.json'), '{ "packages": {} }');
  await writeFile(join(path, 'server/launcher/main.ts'), PROGRAM);
  await writeFile(join(bin, 'redis-server'), '#!/bin/sh\necho Redis server v=7.0.15\n');
  await chmod(join(bin, 'redis-server'), 0o755);
  await symlink('/bin/sh', join(bin, 'sh'));
  await symlink('/usr/bin/env', join(bin, 'env'));
  const runBy = (script: string, environment: Record<string, string> = {}) => {
    const child = spawn('/bin/sh', ['-c', script], {
      cwd: path,
      env: { PATH: bin, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const run = (args: string[], environment: Record<string, string> = {}) =>
    runBy(`exec ${quoted(process.execPath)} scripts/bootstrap.mjs ${args.map(quoted).join(' ')}`, environment);
  return {
    path,
    bin,
    run,
    runBy,
    output: async (args: string[], environment: Record<string, string> = {}) => outputOf(run(args, environment)),
    /** A workspace whose build leaves a mark, and the npm that runs it. */
    addWorkspace: async () => {
      await mkdir(join(path, 'nodes'));
      await writeFile(
        join(path, 'nodes/package.json'),
        '{ "name": "nodes", "version": "1.0.0", "scripts": { "build": "printf x >> ../builds" } }',
      );
      await writeFile(
        join(bin, 'npm'),
        '#!/bin/sh\n# npm run build --workspace nodes\n[ "$1 $2 $3 $4" = "run build --workspace nodes" ] && printf x >> builds\n',
      );
      await chmod(join(bin, 'npm'), 0o755);
    },
  };
}

function quoted(word: string): string {
  return `'${word}'`;
}

/** Everything that it prints until it ends. */
async function outputOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return Buffer.concat(chunks).toString().trim();
}
