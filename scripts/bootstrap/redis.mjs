// Finds or provides a Redis server program. Never starts a system service.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { aptInstall, ask, findOnPath, isExecutable, run, say, SetupError } from './commands.mjs';

/** Debian's and Ubuntu's packages of the server; their libraries' names change with the release and are looked up. */
const UNPACKED = ['redis-server', 'redis-tools'];

/**
 * The path of a `redis-server` or `valkey-server`: one on the PATH, one provided earlier, else one provided now.
 *
 * @param {string} dataFolder where tools of our own go (`tools/`)
 * @param {{ mayInstall: boolean }} options under NODE_ENV=production nothing is installed
 * @returns {Promise<string>}
 */
export async function provideRedis(dataFolder, options) {
  const tools = resolve(dataFolder, 'tools');
  const own = join(tools, 'redis-server');
  const found =
    findOnPath('redis-server', 'valkey-server') ?? (isExecutable(own) && isServer(own) ? own : linkToTools(tools, own));
  if (found) return found;
  if (!options.mayInstall) {
    throw new SetupError(
      'there is no redis-server or valkey-server on the PATH, and under NODE_ENV=production nothing is installed. Install Redis 7 or newer, or set REDIS_URL.',
    );
  }
  say('no Redis server on this machine: providing one');
  const provided =
    (await installWithApt(tools, own)) ?? (await installWithBrew()) ?? (await unpackDebianPackages(tools, own));
  if (provided) return provided;
  throw new SetupError(
    'no Redis server could be provided. Install Redis 7 or newer (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or set REDIS_URL to one that runs.',
  );
}

/** @param {string} tools @param {string} own */
async function installWithApt(tools, own) {
  return (await aptInstall(['redis-tools'])) ? linkToTools(tools, own) : undefined;
}

/**
 * Debian's redis-tools holds the whole program under the name redis-check-rdb; the package redis-server adds only a link
 * to it and a system service, which we must not leave behind. So: redis-tools, and a link of our own.
 * @param {string} tools @param {string} own
 */
function linkToTools(tools, own) {
  const program = findOnPath('redis-check-rdb');
  if (!program) return undefined;
  mkdirSync(tools, { recursive: true, mode: 0o700 });
  rmSync(own, { force: true });
  symlinkSync(program, own);
  return isServer(own) ? own : undefined;
}

async function installWithBrew() {
  if (process.platform !== 'darwin' || !findOnPath('brew')) return undefined;
  await run('brew', ['install', 'redis']);
  return findOnPath('redis-server');
}

/** Without root: the packages' files go to a folder of ours. @param {string} tools @param {string} own */
async function unpackDebianPackages(tools, own) {
  if (!findOnPath('apt-get') || !findOnPath('dpkg-deb') || !findOnPath('apt-cache')) return undefined;
  mkdirSync(tools, { recursive: true, mode: 0o700 });
  const download = mkdtempSync(join(tools, 'download-'));
  const target = join(tools, 'redis');
  try {
    const packages = [...UNPACKED, ...libraries()];
    if (!(await run('apt-get', ['download', '-q', ...packages], { cwd: download }))) return undefined;
    rmSync(target, { recursive: true, force: true });
    for (const file of readdirSync(download)) {
      if (!(await run('dpkg-deb', ['-x', join(download, file), target]))) return undefined;
    }
    writeWrapper(target, own);
    return isServer(own) ? own : undefined;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

/** The libraries of the packages that the machine lacks, under this release's names. */
function libraries() {
  const listed = ask('apt-cache', ['depends', ...UNPACKED]) ?? '';
  const names = [...listed.matchAll(/^ [ |]Depends: ((?:lib|lua)[a-z0-9.+-]+)/gm)].map((match) => match[1]);
  const installed = (ask('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n']) ?? '').split('\n');
  const present = new Set(installed.filter((line) => line.startsWith('ii')).map((line) => line.split(' ').at(-1)));
  return [...new Set(names)].filter((name) => !present.has(name));
}

/** @param {string} target @param {string} own */
function writeWrapper(target, own) {
  const folders = ['usr/lib', 'lib'].flatMap((base) => {
    try {
      const subfolders = readdirSync(join(target, base), { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && entry.name.includes('-linux-'),
      );
      return [join(target, base), ...subfolders.map((entry) => join(target, base, entry.name))];
    } catch {
      // Not every release has both folders.
      return [];
    }
  });
  const path = folders.join(':').replaceAll("'", `'\\''`);
  const program = join(target, 'usr/bin/redis-server').replaceAll("'", `'\\''`);
  rmSync(own, { force: true });
  writeFileSync(own, `#!/bin/sh\nLD_LIBRARY_PATH='${path}' exec '${program}' "$@"\n`);
  chmodSync(own, 0o755);
}

/** @param {string} path */
function isServer(path) {
  return /(redis|valkey) server/i.test(ask(path, ['--version']) ?? '');
}
