// Runs the system's commands: each is printed before it runs.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A problem that the person at the keyboard can mend: printed without a stack. */
export class SetupError extends Error {}

/** Prints one line of progress. @param {string} text */
export function say(text) {
  process.stderr.write(`signalbox: ${text}\n`);
}

/**
 * Prints and runs a command with our own terminal, and waits for it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {boolean} whether it ended with 0
 */
export function run(command, args, options = {}) {
  say(`$ ${[command, ...args].join(' ')}`);
  // What system commands print belongs beside our progress: stdout is for the result alone.
  const result = spawnSync(command, args, { ...options, stdio: ['ignore', 2, 2] });
  if (result.signal === 'SIGINT' || result.signal === 'SIGTERM') process.exit(130);
  return result.status === 0;
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

/** The path of the first of `names` that is on the PATH. @param {...string} names @returns {string | undefined} */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
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

/** Installs Debian packages without recommendations. @param {readonly string[]} packages @returns {boolean} */
export function aptInstall(packages) {
  const root = asRoot();
  if (!findOnPath('apt-get') || root === undefined) return false;
  const apt = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const [command, ...words] = apt;
  const install = () => run(command, [...words, 'install', '-y', '-q', '--no-install-recommends', ...packages]);
  // A list that is a little old still installs; a fresh machine has none and an old list names files that are gone.
  if (!run(command, [...words, 'update', '-q']))
    say('the package lists could not be renewed: trying with those at hand');
  return install();
}

/**
 * Hands over to a long-running command: its terminal is ours, SIGTERM and SIGHUP are passed on, and Ctrl-C is left to it
 * (the terminal sends it to the whole foreground group). It is told by its IPC channel when we are gone.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, lifeline?: boolean }} options
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function handOver(command, args, options) {
  const stdio = options.lifeline ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(command, args, { env: options.env, stdio });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  const watch = watchParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGKILL' ? 137 : 143));
    });
  });
}

/** Under npm, our parent ends only when npm was killed: nobody could stop us any more. @param {() => void} orphaned */
function watchParent(orphaned) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) orphaned();
  }, 500).unref();
}
