// Installs the npm packages of the lockfile when they are missing or older than it.
import { readFileSync, writeFileSync } from 'node:fs';
import { hashOf } from './hash.mjs';
import { run, say, SetupError, SYSTEM_PATH } from './commands.mjs';

const LOCKFILE = 'package-lock.json';
/** Where npm notes what it has installed. */
const INSTALLED = 'node_modules/.package-lock.json';
const STAMP = 'node_modules/.signalbox-lockfile-hash';

/** @param {{ mayInstall: boolean }} options */
export async function installPackages({ mayInstall }) {
  const hash = hashOf([LOCKFILE]);
  if (readText(STAMP) === hash) return;
  if (isInstalled()) {
    if (mayInstall) writeFileSync(STAMP, hash);
    return;
  }
  if (!mayInstall) {
    // An image leaves out what only development needs.
    if (readText(INSTALLED) !== undefined) return;
    throw new SetupError(
      'node_modules is missing, and under NODE_ENV=production nothing is installed. Run `npm ci --omit=dev` first.',
    );
  }
  say('installing the packages of package-lock.json; the first time this takes about a minute');
  // The system's own npm: Node-RED brings another one, which would remove itself.
  const env = { ...process.env, PATH: SYSTEM_PATH, npm_config_update_notifier: 'false' };
  if (!(await run('npm', ['ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund'], { env }))) {
    throw new SetupError('the packages could not be installed; npm says why above');
  }
  writeFileSync(STAMP, hash);
}

/** True when npm's own record of what it installed has everything that the lockfile names; optional packages may be absent. */
function isInstalled() {
  const record = readText(INSTALLED);
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages);
  return wanted.every(([path, { version, optional }]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

/** @param {string} file @returns {string | undefined} undefined when there is no such file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Nothing was installed, or not by us.
    return undefined;
  }
}
