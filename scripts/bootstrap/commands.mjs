// Runs the system's commands: each is printed before it runs.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants as fileModes, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** A problem that the person at the keyboard can mend: printed without a stack. */
export class SetupError extends Error {}

/** Prints one line of progress. @param {string} text */
export function say(text) {
  process.stderr.write(`signalbox: ${text}\n`);
}

/**
 * Prints and runs a command, its output beside our progress, and waits for it. Ends us when a signal ended it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<boolean>} whether it ended with 0
 */
export async function run(command, args, options = {}) {
  say(`$ ${[command, ...args].join(' ')}`);
  // Standard output is for the result alone.
  const child = spawn(command, args, { ...options, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  const { code, signal } = await guide(child, { passInterrupt: false });
  if (signal !== null || code === 130) process.exit(130);
  return code === 0;
}

/** The command's output when it ends with 0, else undefined. Not printed: for questions that change nothing.
 * @param {string} command @param {readonly string[]} args @returns {string | undefined} */
export function ask(command, args) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 ? result.stdout : undefined;
}

/** The PATH as it was before npm put the projects' programs in front of it. */
export const SYSTEM_PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => folder !== '' && !/node_modules/.test(folder))
  .join(delimiter);

/** The path of the first of `names` that is on the PATH. @param {...string} names @returns {string | undefined} */
export function findOnPath(...names) {
  const folders = SYSTEM_PATH.split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, fileModes.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The words to put before a command to run it as root, or undefined when that takes a password.
 * @returns {readonly string[] | undefined} */
export function asRoot() {
  if (process.getuid?.() === 0) return [];
  if (findOnPath('sudo') && ask('sudo', ['-n', 'true']) !== undefined) return ['sudo', '-n'];
  return undefined;
}

/** Installs Debian packages without recommendations. @param {readonly string[]} packages @returns {Promise<boolean>} */
export async function aptInstall(packages) {
  const root = asRoot();
  if (!findOnPath('apt-get') || root === undefined) return false;
  const [command, ...words] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  // Old lists may still serve; a fresh machine has none.
  if (!(await run(command, [...words, 'update', '-q'])))
    say('the package lists could not be renewed: trying those at hand');
  return run(command, [...words, 'install', '-y', '-q', '--no-install-recommends', ...packages]);
}

/**
 * Hands over to a long-running command: its terminal is ours. With `lifeline` it is told by its IPC channel when we are
 * gone, and gets our SIGINT too (it takes the terminal's and ours for one).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, lifeline?: boolean }} options
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export async function handOver(command, args, { env, lifeline = false }) {
  const child = spawn(command, args, { env, stdio: lifeline ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit' });
  const { code, signal } = await guide(child, { passInterrupt: lifeline });
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/**
 * Waits for a child and passes on the signals that end us meanwhile, so that none is left behind. A terminal sends Ctrl-C
 * to the child itself.
 * @param {import('node:child_process').ChildProcess} child @param {{ passInterrupt: boolean }} options
 * @returns {Promise<{ code: number | null, signal: string | null }>}
 */
async function guide(child, { passInterrupt }) {
  const end = () => child.kill('SIGTERM');
  // Without a terminal, an interrupt was sent to us alone.
  const interrupt = () => (passInterrupt || !process.stdin.isTTY) && child.kill('SIGINT');
  process.on('SIGTERM', end).on('SIGHUP', end).on('SIGINT', interrupt);
  const watch = watchParent(end);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new SetupError(`${child.spawnfile} cannot be run: ${error.message}`)));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    clearInterval(watch);
    process.off('SIGTERM', end).off('SIGHUP', end).off('SIGINT', interrupt);
  }
}

/** Under npm, those above us end only when they were killed: nobody could stop us any more. @param {() => void} orphaned */
function watchParent(orphaned) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const before = lineage();
  return setInterval(() => {
    if (lineage() !== before) orphaned();
  }, 500).unref();
}

/** The process id of npm, and of the shell that it may have put between. */
function lineage() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const [, name, parent] = /\((.*)\) \S+ (\d+)/s.exec(stat) ?? [];
    return ['sh', 'dash', 'bash'].includes(name) ? `${process.ppid} ${parent}` : `${process.ppid}`;
  } catch {
    // Not Linux, or it has just ended: our own new parent shows that.
    return `${process.ppid}`;
  }
}
